"""Renaming, merging, colouring and deleting tags. All changes except colouring can be undone.

A paper's JSON contains its tag names, so renaming a tag changes the versions of its papers. The index
contains tag ids, so its documents change only when a tag is added to or removed from a paper.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from paperclipper import tag_names
from paperclipper.errors import ConflictError
from paperclipper.model import Action, ActionKind, Colour, Tag
from paperclipper.services.transactions import change
from paperclipper.services.versions import check_base
from paperclipper.store import actions, tags
from paperclipper.store.papers import bulk_updates


def get(library_id: str, tag_id: str) -> Tag:
    """Return the tag with this id. Raise NotFoundError if it does not exist."""
    return tags.get(library_id, tag_id)


def edit(
    library_id: str, tag_id: str, changes: Mapping[str, Any], base: str | None
) -> tuple[Tag, Action | None]:
    """Change the `name` or `colour` of a tag. Return the tag, and the action if it was renamed.

    Raise ConflictError if another tag has this name, and the errors of `check_base`.
    """
    with change():
        tag = tags.get(library_id, tag_id)
        name = tag_names.parse(changes["name"]) if "name" in changes else tag.name
        colour: Colour | None = changes.get("colour", tag.colour)
        if (name, colour) == (tag.name, tag.colour):
            return tag, None
        assert tag.version  # tags read individually always have a version
        check_base(base, tag.version, tag)
        tags.update(library_id, tag_id, colour=colour.value if colour else None)
        action = _rename(library_id, tag, name) if name != tag.name else None
        return tags.get(library_id, tag_id), action


def _rename(library_id: str, tag: Tag, name: str) -> Action:
    _set_name(library_id, tag.id, name)
    record = {"tag": tag.id, "before": tag.name, "after": name}
    title = f"Renamed the tag “{tag.name}” to “{name}”"
    return _add_action(library_id, ActionKind.RENAME_TAG, title, record)


def _set_name(library_id: str, tag_id: str, name: str) -> None:
    folded = tag_names.fold_case(name)
    if tags.find(library_id, folded) not in (None, tag_id):
        raise ConflictError(f"There is already a tag “{name}”. Merge the two tags instead.")
    tags.update(library_id, tag_id, name=name, folded=folded)
    bulk_updates.restamp(library_id, tags.paper_ids_of(tag_id), document=False)


def merge(library_id: str, tag_id: str, into: str) -> tuple[Tag, Action | None]:
    """Replace a tag with another on all papers, and delete it. Do nothing if it was already merged."""
    with change():
        if tags.survivor(library_id, tag_id) == into:
            return tags.get(library_id, into), None
        tag, survivor = tags.get(library_id, tag_id), tags.get(library_id, into)
        paper_ids = tags.paper_ids_of(tag_id)
        gained = tags.attach_many(paper_ids, into)
        tags.remove(library_id, tag_id, merged_into=into)
        bulk_updates.restamp(library_id, paper_ids, document=True)
        record = {"tag": _snapshot(tag, paper_ids), "into": into, "gained": gained}
        title = f"Merged the tag “{tag.name}” into “{survivor.name}”"
        return tags.get(library_id, into), _add_action(library_id, ActionKind.MERGE_TAGS, title, record)


def delete(library_id: str, tag_ids: Sequence[str]) -> Action | None:
    """Delete these tags and remove them from all papers. Tags that do not exist are ignored."""
    with change():
        present = tags.get_many(library_id, tag_ids)
        found = [present[tag_id] for tag_id in dict.fromkeys(tag_ids) if tag_id in present]
        return _delete(library_id, found) if found else None


def delete_unused(library_id: str) -> Action | None:
    """Delete the tags that are not used by any paper."""
    with change():
        found = tags.unused(library_id)
        return _delete(library_id, found) if found else None


def _delete(library_id: str, found: Sequence[Tag]) -> Action:
    snapshots = [_snapshot(tag, tags.paper_ids_of(tag.id)) for tag in found]
    for tag in found:
        tags.remove(library_id, tag.id)
    paper_ids = {paper_id for snapshot in snapshots for paper_id in snapshot["papers"]}
    bulk_updates.restamp(library_id, sorted(paper_ids), document=True)
    title = f"Deleted the tag “{found[0].name}”" if len(found) == 1 else f"Deleted {len(found)} tags"
    return _add_action(library_id, ActionKind.DELETE_TAGS, title, {"tags": snapshots})


def _snapshot(tag: Tag, paper_ids: Sequence[str]) -> dict[str, Any]:
    """Return the data needed to restore the tag."""
    colour = tag.colour.value if tag.colour else None
    return {"id": tag.id, "name": tag.name, "colour": colour, "papers": list(paper_ids)}


def _add_action(library_id: str, kind: ActionKind, title: str, record: Mapping[str, Any]) -> Action:
    action_id = str(uuid4())
    actions.add(library_id, action_id, kind, title, record)
    return actions.get(library_id, action_id)


# Undo functions. Must be called inside a transaction.


def undo_rename(library_id: str, action: Action) -> None:
    """Restore the tag's earlier name. Raise ConflictError if it was renamed again or the name is taken."""
    if tags.get(library_id, action.record["tag"]).name != action.record["after"]:
        raise ConflictError("This tag has since been renamed again. Undo the later rename first.")
    _set_name(library_id, action.record["tag"], action.record["before"])


def undo_merge(library_id: str, action: Action) -> None:
    """Restore the merged tag on the papers that had it."""
    tags.get(library_id, action.record["into"])
    lost = tags.detach_many(action.record["gained"], action.record["into"])
    regained = _restore(library_id, action.record["tag"])
    bulk_updates.restamp(library_id, sorted({*lost, *regained}), document=True)


def undo_delete(library_id: str, action: Action) -> None:
    """Restore the deleted tags on the papers that had them."""
    regained = {paper_id for snapshot in action.record["tags"] for paper_id in _restore(library_id, snapshot)}
    bulk_updates.restamp(library_id, sorted(regained), document=True)


def _restore(library_id: str, snapshot: Mapping[str, Any]) -> list[str]:
    """Restore a tag and return the ids of its restored papers. Raise ConflictError if its name is taken."""
    tag_id, name = snapshot["id"], snapshot["name"]
    folded = tag_names.fold_case(name)
    if tags.find(library_id, folded):
        raise ConflictError(f"There is now another tag “{name}”. Rename it first.")
    tags.restore(library_id, tag_id, name, folded, snapshot["colour"])
    return tags.attach_many(bulk_updates.present(library_id, snapshot["papers"]), tag_id)
