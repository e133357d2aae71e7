"""All changes in a library since a given stamp, in stamp order. Reading can resume after any row."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from peewee import Value

from paperclipper.model import Annotation, Change, DayDecision, Paper, Tag
from paperclipper.store import tags
from paperclipper.store.access import libraries
from paperclipper.store.annotations import annotations
from paperclipper.store.database.database import snapshot
from paperclipper.store.database.tables import AnnotationRow, DecisionRow, PaperRow, TagRow
from paperclipper.store.days import day_decisions
from paperclipper.store.papers import papers


class _Step(NamedTuple):
    """A changed row: its kind, its latest stamp, and its state without texts."""

    stamp: int
    kind: str
    id: str
    merged_into: str | None
    day: str | None
    decision: str | None
    decided_at: str | None


class _Current(NamedTuple):
    """The current objects for one page of changes, by id. Rows without an entry were deleted."""

    papers: dict[str, Paper]
    annotations: dict[str, Annotation]
    tags: dict[str, Tag]


def since(library_id: str, stamp: int, limit: int) -> tuple[str, list[Change]]:
    """Return the epoch and up to `limit` changes after `stamp`, all from a consistent snapshot."""
    with snapshot():
        epoch = libraries.get(library_id).epoch
        steps = [_Step(*row) for row in _rows(library_id, stamp).limit(limit).tuples()]
        current = _current(library_id, epoch, steps)
        return epoch, [_change(step, current) for step in steps]


def _rows(library_id: str, stamp: int) -> Any:
    def select(table: Any, kind: str, key: Any, merged: Any, *decision: Any) -> Any:
        rest = decision or (none, none, none)
        query = table.select(table.changed.alias("stamp"), Value(kind), key, merged, *rest)
        return query.where((table.library == library_id) & (table.changed > stamp))

    none = Value(None)
    decided = (DecisionRow.day, DecisionRow.decision, DecisionRow.decided_at)
    union = (
        select(PaperRow, "paper", PaperRow.id, PaperRow.merged_into)
        | select(AnnotationRow, "annotation", AnnotationRow.id, none)
        | select(TagRow, "tag", TagRow.id, TagRow.merged_into)
        | select(DecisionRow, "decision", DecisionRow.paper, none, *decided)
    )
    return union.order_by(union.c.stamp)


def _current(library_id: str, epoch: str, steps: Sequence[_Step]) -> _Current:
    def ids(kind: str) -> list[str]:
        return [step.id for step in steps if step.kind == kind]

    return _Current(
        papers.get_many(library_id, ids("paper")),
        annotations.find_many(library_id, epoch, ids("annotation")),
        tags.get_many(library_id, ids("tag")),
    )


def _change(step: _Step, current: _Current) -> Change:
    stamp, kind, row_id, merged_into, *_ = step
    if kind == "decision":
        return _decision_change(step)
    is_gone = row_id not in getattr(current, kind + "s")
    if kind == "paper":
        return Change(stamp, kind, row_id, is_gone, merged_into, paper=current.papers.get(row_id))
    if kind == "annotation":
        return Change(stamp, kind, row_id, is_gone, annotation=current.annotations.get(row_id))
    return Change(stamp, kind, row_id, is_gone, merged_into, tag=current.tags.get(row_id))


def _decision_change(step: _Step) -> Change:
    name = f"{step.id}/{step.day}"
    if step.decision is None or step.day is None or step.decided_at is None:
        return Change(step.stamp, "decision", name, gone=True)
    day, at = date.fromisoformat(step.day), datetime.fromisoformat(step.decided_at)
    return Change(
        step.stamp,
        "decision",
        name,
        decision=DayDecision(step.id, day, day_decisions.read(step.decision), at),
    )
