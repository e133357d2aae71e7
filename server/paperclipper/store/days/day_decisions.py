"""Day decisions: whether the reader skipped or finished a paper on a given digest day."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from paperclipper.model import DayDecision, Decision
from paperclipper.store.database import clock
from paperclipper.store.database.tables import DecisionRow

_STORED = {Decision.SKIPPED: "dismissed", Decision.DONE: "done"}
"""Databases still contain the name used for `skipped` in release 0.1."""
_READ = {stored: decision for decision, stored in _STORED.items()}


def stored(decision: Decision) -> str:
    """Return the stored form of a decision."""
    return _STORED[decision]


def read(stored: str) -> Decision:
    """Return the decision for its stored form in the table or in a merge record."""
    return _READ[stored]


def put(library_id: str, paper_id: str, day: date, decision: Decision | None, at: datetime) -> None:
    """Store or replace a decision. None withdraws it."""
    row = {
        "library": library_id,
        "changed": clock.advance(library_id).changed,
        "decision": _STORED[decision] if decision else None,
        "decided_at": at,
    }
    target = [DecisionRow.paper, DecisionRow.day]
    DecisionRow.insert(paper=paper_id, day=day, **row).on_conflict(
        conflict_target=target, update=row
    ).execute()


def get(paper_id: str, day: date) -> Decision | None:
    """Return the decision on this paper for the given day, or None."""
    row = DecisionRow.get_or_none((DecisionRow.paper == paper_id) & (DecisionRow.day == day))
    return read(row.decision) if row and row.decision else None


def of_day(library_id: str, day: date) -> list[DayDecision]:
    """Return all decisions of one day."""
    decided = DecisionRow.decision.is_null(False)
    query = DecisionRow.select().where(
        (DecisionRow.library == library_id) & (DecisionRow.day == day) & decided
    )
    return [DayDecision(row.paper_id, row.day, read(row.decision), row.decided_at) for row in query]


def skipped(paper_ids: Sequence[str]) -> dict[str, list[date]]:
    """Return the days on which each paper was skipped."""
    found: dict[str, list[date]] = defaultdict(list)
    chosen = DecisionRow.paper.in_(list(paper_ids)) & (DecisionRow.decision == _STORED[Decision.SKIPPED])
    for row in DecisionRow.select().where(chosen).order_by(DecisionRow.day):
        found[row.paper_id].append(row.day)
    return found


def of_paper(paper_id: str) -> dict[str, str]:
    """Return the decisions on this paper in stored form, by ISO day."""
    decided = (DecisionRow.paper == paper_id) & DecisionRow.decision.is_null(False)
    return {row.day.isoformat(): row.decision for row in DecisionRow.select().where(decided)}


def move(library_id: str, from_paper: str, to_paper: str) -> list[str]:
    """Move one paper's decisions to another, except where the other has one. Return the days moved."""
    moved = []
    decided = (DecisionRow.paper == from_paper) & DecisionRow.decision.is_null(False)
    for row in list(DecisionRow.select().where(decided)):
        if get(to_paper, row.day) is None:
            put(library_id, to_paper, row.day, read(row.decision), row.decided_at)
            moved.append(row.day.isoformat())
        put(library_id, from_paper, row.day, None, row.decided_at)
    return moved
