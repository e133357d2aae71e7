"""Sightings: numbers that list pages showed of papers already here. They move no clock."""

from collections.abc import Sequence
from dataclasses import replace

from paperclipper.model import PageKind, Sighting
from paperclipper.store.tables import SightingRow


def put(sightings: Sequence[Sighting]) -> None:
    """Keep the latest per paper, page and day; a later call with an older sighting changes nothing."""
    for seen in sightings:
        row = {"seen_at": seen.seen_at, "upvotes": seen.upvotes, "comments": seen.comments}
        key = {"paper": seen.paper_id, "page_kind": seen.page_kind.value, "day": seen.day}
        SightingRow.insert(**key, **row).on_conflict(
            conflict_target=[SightingRow.paper, SightingRow.page_kind, SightingRow.day],
            update=row,
            where=SightingRow.seen_at < seen.seen_at,
        ).execute()


def of_paper(paper_id: str) -> list[Sighting]:
    """The paper's sightings, oldest day first."""
    query = SightingRow.select().where(SightingRow.paper == paper_id).order_by(SightingRow.day, SightingRow.seen_at)
    return [
        Sighting(row.paper_id, PageKind(row.page_kind), row.day, row.seen_at, row.upvotes, row.comments)
        for row in query
    ]


def move(from_paper: str, to_paper: str) -> None:
    """Give one paper's sightings to another; the later one of a page and day is kept."""
    put([replace(seen, paper_id=to_paper) for seen in of_paper(from_paper)])
    SightingRow.delete().where(SightingRow.paper == from_paper).execute()
