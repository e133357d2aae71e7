"""Bulk updates of papers, using few statements regardless of the number of papers."""

from collections.abc import Mapping, Sequence
from typing import Any

from paperclipper.store.database import clock, timestamps
from paperclipper.store.database.queries import unindexed, update_rows
from paperclipper.store.database.sqlite import batched
from paperclipper.store.database.tables import PaperRow
from paperclipper.store.papers import papers


def live(library_id: str, ids: Sequence[str]) -> list[str]:
    """Return the ids of clipped papers that are not in the trash."""
    return _matching(papers.clipped() & _in_library(library_id), ids)


def present(library_id: str, ids: Sequence[str]) -> list[str]:
    """Return the ids of existing papers, live or in the trash."""
    return _matching(papers.present() & _in_library(library_id), ids)


def _in_library(library_id: str) -> Any:
    return unindexed(PaperRow.library) == library_id


def _matching(condition: Any, ids: Sequence[str]) -> list[str]:
    parts = (
        PaperRow.select(PaperRow.id).where(condition & PaperRow.id.in_(part)).tuples()
        for part in batched(ids)
    )
    return [row[0] for rows in parts for row in rows]


def set_many(library_id: str, ids: Sequence[str], columns: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Set columns of many papers to the same values. Return the earlier values of the papers that changed.

    The caller must restamp the papers.
    """
    before: dict[str, dict[str, Any]] = {}
    fields = [papers.FIELDS[name] for name in columns]
    for part in batched(ids):
        chosen = _in_library(library_id) & PaperRow.id.in_(part)
        for paper_id, *found in PaperRow.select(PaperRow.id, *fields).where(chosen).tuples():
            values = map(papers.json_value, fields, found)
            had = dict(zip(columns, values, strict=True))
            if had != columns:
                before[paper_id] = had
    for part in batched(list(before)):
        PaperRow.update(**columns, modified_at=timestamps.now()).where(PaperRow.id.in_(part)).execute()
    return before


def reset_many(
    library_id: str, before: Mapping[str, Mapping[str, Any]], after: Mapping[str, Any]
) -> set[str]:
    """Undo a `set_many`, except for values changed since. Return the ids of the papers that changed."""
    changed = set()
    for paper_id in present(library_id, list(before)):
        now = papers.json_columns(paper_id, list(after))
        back = {n: v for n, v in before[paper_id].items() if now[n] == after[n] and v != after[n]}
        if back:
            PaperRow.update(**back, modified_at=timestamps.now()).where(PaperRow.id == paper_id).execute()
            changed.add(paper_id)
    return changed


def restamp(library_id: str, ids: Sequence[str], *, document: bool) -> None:
    """Assign new stamps to these papers after a change outside their rows, such as to their tags.

    Set `document` if the change also affects the index document.
    """
    versions = clock.advance_by(library_id, len(ids)) if ids else []
    names = ("changed", "index_stamp") if document else ("changed",)
    rows = [(*(v.changed for _ in names), paper_id) for v, paper_id in zip(versions, ids, strict=True)]
    update_rows(PaperRow, names, rows)
