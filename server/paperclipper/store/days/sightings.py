"""Sightings: upvotes and comments shown on list pages for saved papers. They do not advance the clock."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from paperclipper.model import PageKind, Sighting
from paperclipper.store.database.tables import SightingRow


def put(sightings: Sequence[Sighting]) -> None:
    """Store the latest sighting of each paper per page and day. Older sightings are ignored."""
    for seen in sightings:
        row = {"seen_at": seen.seen_at, "upvotes": seen.upvotes, "comments": seen.comments}
        key = {"paper": seen.paper_id, "page_kind": seen.page_kind.value, "day": seen.day}
        SightingRow.insert(**key, **row).on_conflict(
            conflict_target=[SightingRow.paper, SightingRow.page_kind, SightingRow.day],
            update=row,
            where=SightingRow.seen_at < seen.seen_at,
        ).execute()


def of_paper(paper_id: str) -> list[Sighting]:
    """Return the paper's sightings, oldest day first."""
    query = (
        SightingRow.select()
        .where(SightingRow.paper == paper_id)
        .order_by(SightingRow.day, SightingRow.seen_at)
    )
    return [
        Sighting(row.paper_id, PageKind(row.page_kind), row.day, row.seen_at, row.upvotes, row.comments)
        for row in query
    ]


def move(from_paper: str, to_paper: str) -> dict[str, Any]:
    """Move one paper's sightings to another, keeping the later sighting for each page and day.

    Return the earlier sightings of both papers.
    """
    absorbed, survivor = of_paper(from_paper), of_paper(to_paper)
    put([replace(seen, paper_id=to_paper) for seen in absorbed])
    SightingRow.delete().where(SightingRow.paper == from_paper).execute()
    return {
        "absorbed": [_json_list(seen) for seen in absorbed],
        "survivor": [_json_list(seen) for seen in survivor],
    }


def undo_move(survivor_id: str, absorbed_id: str, before: Mapping[str, Any]) -> None:
    """Undo a `move`. Sightings stored after the move stay with the survivor."""
    absorbed = [_sighting(absorbed_id, row) for row in before.get("absorbed", ())]
    for seen in absorbed:
        same = (SightingRow.page_kind == seen.page_kind.value) & (SightingRow.day == seen.day)
        same &= (SightingRow.paper == survivor_id) & (SightingRow.seen_at == seen.seen_at)
        SightingRow.delete().where(same).execute()
    put([*absorbed, *(_sighting(survivor_id, row) for row in before.get("survivor", ()))])


def _json_list(seen: Sighting) -> list[Any]:
    return [seen.page_kind.value, seen.day.isoformat(), seen.seen_at.isoformat(), seen.upvotes, seen.comments]


def _sighting(paper_id: str, row: Sequence[Any]) -> Sighting:
    page_kind, day, seen_at, upvotes, comments = row
    kind, when = PageKind(page_kind), datetime.fromisoformat(seen_at)
    return Sighting(paper_id, kind, date.fromisoformat(day), when, upvotes, comments)
