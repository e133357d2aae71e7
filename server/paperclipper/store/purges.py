"""Purging: turning rows into tombstones without text, and recording each purge."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from paperclipper.errors import NotFoundError
from paperclipper.model import Purge
from paperclipper.store import actions
from paperclipper.store.database import clock, timestamps
from paperclipper.store.database.queries import update_row
from paperclipper.store.database.sqlite import batched
from paperclipper.store.database.tables import (
    AnnotationRow,
    ClipRow,
    DecisionRow,
    IdentifierRow,
    LinkRow,
    PaperRow,
    PaperTagRow,
    PurgeRow,
    SightingRow,
)
from paperclipper.store.days import day_decisions
from paperclipper.store.history import revisions
from paperclipper.store.papers import papers

_EMPTY_PAPER: dict[str, Any] = {
    name: "" for name in papers.FACTS if PaperRow._meta.fields[name].null is False
} | {
    "authors": (),
    "keywords": (),
    "published_inferred": False,
    "author_count": None,
    "published": None,
    "arxiv_version": None,
    "newest_arxiv_version": None,
    "folded_title": "",
    "sources": {},
    "status": "unread",
    "starred": False,
    "rating": None,
    "code_seen_at": None,
    "first_clipped_at": None,
}
_EMPTY_CLIP = {
    "page_url": "",
    "digest_kind": None,
    "digest_day": None,
    "rank": None,
    "upvotes": None,
    "comments": None,
}
_EMPTY_ANNOTATION: dict[str, Any] = {
    "body": "",
    "exact": None,
    "prefix": "",
    "suffix": "",
    "start": None,
    "end": None,
    "colour": None,
    "source_url": "",
    "arxiv_version": None,
    "made_in": "",
}


def papers_to_purge(library_id: str, before: datetime | None = None) -> list[str]:
    """Return the ids of the papers in the trash, optionally only those trashed before the given time."""
    return _trashed(PaperRow, library_id, before)


def annotations_to_purge(library_id: str, before: datetime | None = None) -> list[str]:
    """Return the ids of the annotations in the trash, optionally only those trashed before the given time."""
    return _trashed(AnnotationRow, library_id, before)


def _trashed(table: Any, library_id: str, before: datetime | None) -> list[str]:
    chosen = (table.library == library_id) & table.deleted_at.is_null(False) & table.purged_at.is_null()
    if before:
        chosen &= table.deleted_at < before
    if table is PaperRow:
        chosen &= PaperRow.merged_into.is_null()
    return [row[0] for row in table.select(table.id).where(chosen).order_by(table.id).tuples()]


def purge_papers(library_id: str, ids: Sequence[str]) -> list[str]:
    """Clear the rows of these papers and of all papers merged into them. Return all their ids."""
    every = _with_absorbed(ids)
    actions.purge_merges(library_id, every)
    for part in batched(every):
        annotation_ids = [
            r[0] for r in AnnotationRow.select(AnnotationRow.id).where(AnnotationRow.paper.in_(part)).tuples()
        ]
        purge_annotations(library_id, annotation_ids)
        for table in (IdentifierRow, PaperTagRow, SightingRow):
            table.delete().where(table.paper.in_(part)).execute()
        _withdraw_decisions(library_id, part)
        ClipRow.update(**_EMPTY_CLIP).where(ClipRow.paper.in_(part)).execute()
    revisions.purge(every)
    at = timestamps.now()
    for paper_id in every:
        papers.update(library_id, paper_id, **_EMPTY_PAPER, deleted_at=at, purged_at=at)
    return every


def _withdraw_decisions(library_id: str, paper_ids: Sequence[str]) -> None:
    decided = DecisionRow.paper.in_(list(paper_ids)) & DecisionRow.decision.is_null(False)
    for row in list(DecisionRow.select().where(decided)):
        day_decisions.put(library_id, row.paper_id, row.day, None, timestamps.now())


def _with_absorbed(ids: Sequence[str]) -> list[str]:
    every, absorbed = list(ids), list(ids)
    while absorbed:
        query = PaperRow.select(PaperRow.id).where(PaperRow.merged_into.in_(absorbed))
        absorbed = [row[0] for row in query.tuples()]
        every += absorbed
    return list(dict.fromkeys(every))


def purge_annotations(library_id: str, ids: Sequence[str]) -> None:
    """Clear the rows of these annotations. Already purged annotations do not change."""
    at = timestamps.now()
    for part in batched(ids):
        remaining = AnnotationRow.select(AnnotationRow.id, AnnotationRow.paper).where(
            AnnotationRow.id.in_(part) & AnnotationRow.purged_at.is_null()
        )
        LinkRow.delete().where(LinkRow.annotation.in_(part)).execute()
        for annotation_id, _ in list(remaining.tuples()):
            changed = clock.advance(library_id).changed
            update_row(
                AnnotationRow,
                annotation_id,
                **_EMPTY_ANNOTATION,
                changed=changed,
                deleted_at=at,
                purged_at=at,
            )
    revisions.purge(ids)


def add(library_id: str, purge: Purge) -> None:
    """Record a pending purge, whose texts may still be present in files."""
    record = {"papers": list(purge.paper_ids), "annotations": list(purge.annotation_ids)}
    PurgeRow.insert(id=purge.id, library=library_id, record=record, made_at=purge.made_at).execute()


def get(library_id: str, purge_id: str) -> Purge:
    """Return the purge with this id. Raise NotFoundError if it does not exist."""
    found = find(library_id, purge_id)
    if found is None:
        raise NotFoundError("purge", purge_id)
    return found


def find(library_id: str, purge_id: str) -> Purge | None:
    """Return the purge with this id, or None."""
    row = PurgeRow.get_or_none((PurgeRow.id == purge_id) & (PurgeRow.library == library_id))
    return _purge(row) if row else None


def pending(library_id: str) -> list[Purge]:
    """Return the pending purges, whose texts may still be present in files, oldest first."""
    waiting = (PurgeRow.library == library_id) & PurgeRow.clean_at.is_null()
    return [_purge(row) for row in PurgeRow.select().where(waiting).order_by(PurgeRow.made_at)]


def any_pending() -> bool:
    """Return whether any library has a pending purge."""
    return bool(PurgeRow.select().where(PurgeRow.clean_at.is_null()).exists())


def mark_clean(ids: Sequence[str]) -> None:
    """Record that the texts of these purges have been removed from all of the library's files."""
    PurgeRow.update(clean_at=timestamps.now()).where(PurgeRow.id.in_(list(ids))).execute()


def _purge(row: PurgeRow) -> Purge:
    record = row.record
    return Purge(row.id, row.made_at, tuple(record["papers"]), tuple(record["annotations"]), row.clean_at)
