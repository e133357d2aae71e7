"""Listing and undoing actions. Each kind of action is undone by the module that performs it."""

from collections.abc import Callable, Sequence

from paperclipper.model import Action, ActionKind
from paperclipper.services.actions import bulk_editing
from paperclipper.services.papers import paper_merge
from paperclipper.services.tags import tag_editing
from paperclipper.services.transactions import change
from paperclipper.store import actions

_UNDO: dict[ActionKind, Callable[[str, Action], None]] = {
    ActionKind.MERGE_PAPERS: paper_merge.undo,
    ActionKind.BULK: bulk_editing.undo,
    ActionKind.RENAME_TAG: tag_editing.undo_rename,
    ActionKind.MERGE_TAGS: tag_editing.undo_merge,
    ActionKind.DELETE_TAGS: tag_editing.undo_delete,
}


def newest(library_id: str, limit: int) -> Sequence[Action]:
    """Return the library's actions, newest first."""
    return actions.newest(library_id, limit)


def get(library_id: str, action_id: str) -> Action:
    """Return the action with this id. Raise NotFoundError if it does not exist."""
    return actions.get(library_id, action_id)


def undo(library_id: str, action_id: str) -> Action:
    """Undo an action. Do nothing if it was already undone.

    Raise NotFoundError if the action does not exist, and ConflictError if later changes prevent undoing it.
    """
    with change():
        action = actions.get(library_id, action_id)
        if action.undone_at is None:
            _UNDO[action.kind](library_id, action)
            actions.set_undone(action_id)
        return actions.get(library_id, action_id)
