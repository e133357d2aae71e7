"""Undoing an act on many rows. What each kind of act did, its own module takes back."""

from collections.abc import Callable, Sequence

from paperclipper.model import Act, ActKind
from paperclipper.services.actions import bulk_editing
from paperclipper.services.papers import paper_merge
from paperclipper.services.tags import tag_editing
from paperclipper.services.transactions import change
from paperclipper.store import actions

_UNDO: dict[ActKind, Callable[[str, Act], None]] = {
    ActKind.MERGE_PAPERS: paper_merge.undo,
    ActKind.BULK: bulk_editing.undo,
    ActKind.RENAME_TAG: tag_editing.undo_rename,
    ActKind.MERGE_TAGS: tag_editing.undo_merge,
    ActKind.DELETE_TAGS: tag_editing.undo_delete,
}


def done(library_id: str, limit: int) -> Sequence[Act]:
    """The library's acts, last done first."""
    return actions.newest(library_id, limit)


def get(library_id: str, act_id: str) -> Act:
    """One act. Raises NotFoundError."""
    return actions.get(library_id, act_id)


def undo(library_id: str, act_id: str) -> Act:
    """Take an act back; undone already is no error. Raises NotFoundError, ConflictError where later acts forbid it."""
    with change():
        act = actions.get(library_id, act_id)
        if act.undone_at is None:
            _UNDO[act.kind](library_id, act)
            actions.set_undone(act_id)
        return actions.get(library_id, act_id)
