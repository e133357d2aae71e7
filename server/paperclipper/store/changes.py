"""Everything that changed in a library since a stamp, in stamp order, resumable at any row."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from peewee import Value

from paperclipper.model import Change, DayDecision, Decision, Tag
from paperclipper.store import annotations, libraries, papers
from paperclipper.store.database import snapshot
from paperclipper.store.tables import AnnotationRow, DecisionRow, PaperRow, TagRow


def since(library_id: str, stamp: int, limit: int) -> tuple[str, list[Change]]:
    """The epoch, and up to `limit` changes stamped later than `stamp`, all of one state of the store."""
    with snapshot():
        epoch = libraries.get(library_id).epoch
        rows = list(_rows(library_id, stamp).limit(limit).tuples())
        papers_ = papers.get_many(library_id, [r[2] for r in rows if r[1] == "paper"])
        return epoch, [_change(library_id, row, papers_) for row in rows]


def _rows(library_id: str, stamp: int) -> Any:
    """(stamp, kind, id, merged into, day, decision) of each changed row."""

    def select(table: Any, kind: str, key: Any, merged: Any, day: Any, decision: Any) -> Any:
        query = table.select(table.changed.alias("stamp"), Value(kind), key, merged, day, decision)
        return query.where((table.library == library_id) & (table.changed > stamp))

    none = Value(None)
    union = (
        select(PaperRow, "paper", PaperRow.id, PaperRow.merged_into, none, none)
        | select(AnnotationRow, "annotation", AnnotationRow.id, none, none, none)
        | select(TagRow, "tag", TagRow.id, none, none, none)
        | select(DecisionRow, "decision", DecisionRow.paper, none, DecisionRow.day, DecisionRow.decision)
    )
    return union.order_by(union.c.stamp)


def _change(library_id: str, row: Sequence[Any], papers_: dict[str, Any]) -> Change:
    stamp, kind, row_id, merged_into, day, _ = row
    if kind == "paper":
        return Change(stamp, kind, row_id, bool(merged_into), merged_into, paper=papers_.get(row_id))
    if kind == "annotation":
        return Change(stamp, kind, row_id, annotation=annotations.find(library_id, row_id))
    if kind == "tag":
        name = TagRow.get_by_id(row_id).name
        return Change(stamp, kind, row_id, tag=Tag(row_id, name))
    return _decision_change(stamp, row_id, date.fromisoformat(day))


def _decision_change(stamp: int, paper_id: str, day: date) -> Change:
    row = DecisionRow.get((DecisionRow.paper == paper_id) & (DecisionRow.day == day))
    made = DayDecision(paper_id, day, Decision(row.decision), row.decided_at) if row.decision else None
    return Change(stamp, "decision", f"{paper_id}/{day.isoformat()}", gone=made is None, decision=made)
