"""Undoable bulk edits of selected papers or of all results of a search.

The client chooses the id of the action, which makes the request idempotent.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from paperclipper.errors import ConflictError, InvalidInputError
from paperclipper.model import Action, ActionKind, Status
from paperclipper.services.papers import lookup
from paperclipper.services.search import searching
from paperclipper.services.tags import tagging
from paperclipper.services.transactions import change
from paperclipper.store import actions, tags
from paperclipper.store.database import timestamps
from paperclipper.store.papers import bulk_updates


@dataclass(frozen=True)
class BulkEdit:
    """The changes to apply to each paper. None or an empty value means no change."""

    add_tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()
    status: Status | None = None
    starred: bool | None = None
    trash: bool = False

    def changes_anything(self) -> bool:
        """Return whether the edit contains any changes."""
        return bool(self.columns() or self.add_tags or self.remove_tags)

    def columns(self) -> dict[str, Any]:
        """Return the columns to set in each paper's row, with JSON-serialisable values."""
        wanted = {
            "status": self.status.value if self.status else None,
            "starred": self.starred,
            "deleted_at": timestamps.to_text(timestamps.now()) if self.trash else None,
        }
        return {name: value for name, value in wanted.items() if value is not None}


@dataclass(frozen=True)
class Selection:
    """The papers to edit: those with these ids or identifiers, and all results of the search `q`.

    `as_listed` means the results as the library page lists them: the last word of `q` matches as a prefix,
    and an empty `q` matches every paper.
    """

    refs: tuple[str, ...] = ()
    q: str = ""
    as_listed: bool = False


@dataclass
class _Effects:
    """The changes made to each paper, for the record of the action."""

    before: dict[str, dict[str, Any]] = field(default_factory=dict)
    tagged: dict[str, list[str]] = field(default_factory=dict)
    untagged: dict[str, list[str]] = field(default_factory=dict)

    def papers(self) -> set[str]:
        """Return the ids of all papers that were changed."""
        return set(self.before).union(*self.tagged.values(), *self.untagged.values())


def edit(library_id: str, action_id: str, selection: Selection, wanted: BulkEdit) -> Action:
    """Edit all selected papers in one action. The operation is idempotent.

    Raise NotFoundError for an unknown paper, IndexUnavailableError if the search cannot currently return all
    results, and ConflictError if the id is already used by another action.
    """
    request = [vars(selection), vars(wanted)]
    earlier = actions.find(library_id, action_id)
    if earlier:
        return _repeated(earlier, request)
    if not wanted.changes_anything():
        raise InvalidInputError("There is nothing to change. Choose a tag, a status, the star or the trash.")
    found = _search(library_id, selection)
    with change():
        ids = _live_ids(library_id, [*found, *(lookup.paper_id(library_id, ref) for ref in selection.refs)])
        columns = wanted.columns()
        effects = _apply(library_id, ids, wanted, columns)
        record = {"request": request, "after": columns, **vars(effects)}
        actions.add(library_id, action_id, ActionKind.BULK, _title(wanted, len(effects.papers())), record)
        return actions.get(library_id, action_id)


def _repeated(earlier: Action, request: Sequence[Any]) -> Action:
    as_recorded = json.loads(json.dumps(request))
    if earlier.record.get("request") != as_recorded:
        raise ConflictError(f"The id {earlier.id} is already used by another action. Use a new id.")
    return earlier


def _search(library_id: str, selection: Selection) -> list[str]:
    if not (selection.q or selection.as_listed):
        return []
    return searching.all_ids(library_id, selection.q, as_you_type=selection.as_listed)


def _apply(library_id: str, ids: Sequence[str], wanted: BulkEdit, columns: Mapping[str, Any]) -> _Effects:
    effects = _change_tags(library_id, ids, wanted)
    if columns:
        effects.before = bulk_updates.set_many(library_id, ids, columns)
    bulk_updates.restamp(library_id, sorted(effects.papers()), document=True)
    return effects


def _live_ids(library_id: str, ids: Iterable[str]) -> list[str]:
    wanted = list(dict.fromkeys(ids))
    live = set(bulk_updates.live(library_id, wanted))
    return [paper_id for paper_id in wanted if paper_id in live]


def _change_tags(library_id: str, ids: Sequence[str], wanted: BulkEdit) -> _Effects:
    effects = _Effects()
    for name in wanted.add_tags:
        tag_id = tagging.ensure(library_id, name)
        effects.tagged[tag_id] = tags.attach_many(ids, tag_id)
    for name in wanted.remove_tags:
        removed_id = tagging.find_id(library_id, name)
        if removed_id:
            effects.untagged[removed_id] = tags.detach_many(ids, removed_id)
    return effects


def _title(wanted: BulkEdit, count: int) -> str:
    parts = [f"tagged “{name}”" for name in wanted.add_tags]
    parts += [f"removed “{name}”" for name in wanted.remove_tags]
    if wanted.status:
        parts.append(f"marked {wanted.status.value}")
    if wanted.starred is not None:
        parts.append("starred" if wanted.starred else "unstarred")
    if wanted.trash:
        parts.append("moved to the trash")
    return f"{count:,} {'paper' if count == 1 else 'papers'}: {', '.join(parts)}"


def undo(library_id: str, action: Action) -> None:
    """Undo the action, except for values changed since. Must be called inside a transaction."""
    record: Mapping[str, Any] = action.record
    touched = bulk_updates.reset_many(library_id, record["before"], record["after"])
    present = tags.get_many(library_id, [*record["tagged"], *record["untagged"]])
    for tag_id, ids in record["tagged"].items():
        touched |= set(tags.detach_many(ids, tag_id))
    for tag_id, ids in record["untagged"].items():
        if tag_id in present:
            touched |= set(tags.attach_many(bulk_updates.present(library_id, ids), tag_id))
    bulk_updates.restamp(library_id, sorted(touched), document=True)
