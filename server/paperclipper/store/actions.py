"""Undoable actions, each stored with the data needed to undo it."""

from collections.abc import Mapping, Sequence
from typing import Any

from paperclipper.errors import NotFoundError
from paperclipper.model import Action, ActionKind
from paperclipper.store.database import timestamps
from paperclipper.store.database.tables import ActionRow


def add(library_id: str, action_id: str, kind: ActionKind, title: str, record: Mapping[str, Any]) -> None:
    """Record a completed action."""
    row = {"kind": kind.value, "title": title, "record": dict(record), "made_at": timestamps.now()}
    ActionRow.insert(id=action_id, library=library_id, **row).execute()


def find(library_id: str, action_id: str) -> Action | None:
    """Return the action with this id, or None."""
    row = ActionRow.get_or_none((ActionRow.id == action_id) & (ActionRow.library == library_id))
    return _action(row) if row else None


def get(library_id: str, action_id: str) -> Action:
    """Return the action with this id. Raise NotFoundError if it does not exist."""
    found = find(library_id, action_id)
    if found is None:
        raise NotFoundError("action", action_id)
    return found


def newest(library_id: str, limit: int) -> list[Action]:
    """Return up to `limit` actions, newest first."""
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
    """Delete the merge actions involving these papers, because their records contain the papers' texts."""
    purged = set(paper_ids)
    merges = (ActionRow.library == library_id) & (ActionRow.kind == ActionKind.MERGE_PAPERS.value)
    for row in ActionRow.select().where(merges):
        if purged & {row.record["survivor"], row.record["absorbed"]}:
            row.delete_instance()


def _action(row: ActionRow) -> Action:
    return Action(row.id, ActionKind(row.kind), row.title, row.made_at, row.undone_at, row.record)
