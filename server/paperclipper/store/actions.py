"""Undoable actions, each with the record that undoing it needs."""

from collections.abc import Mapping, Sequence
from typing import Any

from paperclipper.errors import NotFoundError
from paperclipper.model import Action, ActionKind
from paperclipper.store.database import timestamps
from paperclipper.store.database.tables import ActionRow


def add(library_id: str, action_id: str, kind: ActionKind, title: str, record: Mapping[str, Any]) -> None:
    """Record an action that was just done."""
    row = {"kind": kind.value, "title": title, "record": dict(record), "made_at": timestamps.now()}
    ActionRow.insert(id=action_id, library=library_id, **row).execute()


def find(library_id: str, action_id: str) -> Action | None:
    """Return the action, or None."""
    row = ActionRow.get_or_none((ActionRow.id == action_id) & (ActionRow.library == library_id))
    return _action(row) if row else None


def get(library_id: str, action_id: str) -> Action:
    """Return the action. Raise NotFoundError if there is none."""
    found = find(library_id, action_id)
    if found is None:
        raise NotFoundError("action", action_id)
    return found


def newest(library_id: str, limit: int) -> list[Action]:
    """Return actions, newest first."""
    query = (
        ActionRow.select()
        .where(ActionRow.library == library_id)
        .order_by(ActionRow.made_at.desc(), ActionRow.id)
    )
    return [_action(row) for row in query.limit(limit)]


def set_undone(action_id: str) -> None:
    """Record that the action was undone."""
    ActionRow.update(undone_at=timestamps.now()).where(ActionRow.id == action_id).execute()


def purge_merges(library_id: str, paper_ids: Sequence[str]) -> None:
    """Delete the merges in which these papers took part, because their records contain texts."""
    purged = set(paper_ids)
    merges = (ActionRow.library == library_id) & (ActionRow.kind == ActionKind.MERGE_PAPERS.value)
    for row in ActionRow.select().where(merges):
        if purged & {row.record["survivor"], row.record["absorbed"]}:
            row.delete_instance()


def _action(row: ActionRow) -> Action:
    return Action(row.id, ActionKind(row.kind), row.title, row.made_at, row.undone_at, row.record)
