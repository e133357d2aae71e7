"""Changes to many papers at once, with few statements for any number of them."""

from collections.abc import Mapping, Sequence
from typing import Any

from paperclipper.store.database import clock, timestamps
from paperclipper.store.database.queries import unindexed, update_rows
from paperclipper.store.database.sqlite import batched
from paperclipper.store.database.tables import PaperRow
from paperclipper.store.papers import papers


def live(library_id: str, ids: Sequence[str]) -> list[str]:
    """Return those of these ids that are papers of the reader and not in the trash."""
    return _matching(papers.clipped() & _in_library(library_id), ids)


def present(library_id: str, ids: Sequence[str]) -> list[str]:
    """Return those of these ids that are papers, live or in the trash."""
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
    """Set columns of many papers to the same values. Return the earlier values of the papers that had others.

    The caller restamps the papers.
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
    """Undo a `set_many` where the value is still the one set. Return the ids of the papers that changed."""
    changed = set()
    for paper_id in present(library_id, list(before)):
        now = papers.json_columns(paper_id, list(after))
        back = {n: v for n, v in before[paper_id].items() if now[n] == after[n] and v != after[n]}
        if back:
            PaperRow.update(**back, modified_at=timestamps.now()).where(PaperRow.id == paper_id).execute()
            changed.add(paper_id)
    return changed


def restamp(library_id: str, ids: Sequence[str], *, document: bool) -> None:
    """Give these papers new stamps after a change outside their rows, for example of tags.

    `document`: the change affects the index document too.
    """
    versions = clock.advance_by(library_id, len(ids)) if ids else []
    names = ("changed", "index_stamp") if document else ("changed",)
    rows = [(*(v.changed for _ in names), paper_id) for v, paper_id in zip(versions, ids, strict=True)]
    update_rows(PaperRow, names, rows)
