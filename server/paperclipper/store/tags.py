"""Tags: labels compared by folded name and displayed as first typed.

A deleted or merged tag remains as a cleared row with its id, its stamp and, after a merge, the survivor's id.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from peewee import fn

from paperclipper.errors import NotFoundError
from paperclipper.model import Colour, Tag, Version
from paperclipper.store.database import clock, timestamps
from paperclipper.store.database.queries import Query, list_parameter, parameter
from paperclipper.store.database.sqlite import batched
from paperclipper.store.database.tables import LibraryRow, PaperRow, PaperTagRow, TagRow

_OF_PAPERS: Query[tuple[str, str, str, str | None]] = Query(
    PaperTagRow.select(PaperTagRow.paper, TagRow.id, TagRow.name, TagRow.colour)
    .join(TagRow)
    .where(PaperTagRow.paper.in_(list_parameter("papers")))
    .order_by(TagRow.folded)
)
_OF_LIBRARY: Query[tuple[str, str, str | None]] = Query(
    TagRow.select(TagRow.id, TagRow.name, TagRow.colour)
    .where((TagRow.library == parameter("library")) & TagRow.gone_at.is_null())
    .order_by(TagRow.folded)
)


def of_papers(ids: Sequence[str]) -> dict[str, list[Tag]]:
    """Return the tags of each paper, sorted by name."""
    found: dict[str, list[Tag]] = defaultdict(list)
    for paper_id, tag_id, name, colour in _OF_PAPERS.rows(papers=ids):
        found[paper_id].append(Tag(tag_id, name, colour=Colour(colour) if colour else None))
    return found


def in_use(library_id: str, prefix: str = "", limit: int = 1000) -> list[Tag]:
    """Return the tags with this folded-name prefix and their paper counts, most used first."""
    counted = _counted(library_id).where(TagRow.folded.startswith(prefix))
    return [
        _tag(row)
        for row in counted.order_by(fn.COUNT(PaperRow.id).desc(), TagRow.folded).limit(limit).tuples()
    ]


def list_all(library_id: str) -> list[Tag]:
    """Return all tags of the library without paper counts, sorted by name."""
    rows = _OF_LIBRARY.rows(library=library_id)
    return [Tag(tag_id, name, colour=Colour(colour) if colour else None) for tag_id, name, colour in rows]


def unused(library_id: str) -> list[Tag]:
    """Return the tags that are not used by any paper, including papers in the trash."""
    bare = ~fn.EXISTS(PaperTagRow.select(PaperTagRow.tag).where(PaperTagRow.tag == TagRow.id))
    return [_tag(row) for row in _counted(library_id).where(bare).order_by(TagRow.folded).tuples()]


def get(library_id: str, tag_id: str) -> Tag:
    """Return the tag with this id. Raise NotFoundError if it does not exist or was deleted."""
    row = _counted(library_id).where(TagRow.id == tag_id).tuples().first()
    if row is None:
        raise NotFoundError("tag", tag_id)
    return _tag(row)


def get_many(library_id: str, ids: Sequence[str]) -> dict[str, Tag]:
    """Return the tags with these ids, without paper counts. Deleted tags are omitted."""
    columns = (TagRow.id, TagRow.name, TagRow.colour, TagRow.changed, LibraryRow.epoch)
    here = (TagRow.library == library_id) & TagRow.gone_at.is_null() & TagRow.id.in_(list(ids))
    rows = TagRow.select(*columns).join(LibraryRow).where(here).tuples()
    return {row[0]: _tag((*row, 0)) for row in rows}


def _counted(library_id: str) -> Any:
    columns = (TagRow.id, TagRow.name, TagRow.colour, TagRow.changed, LibraryRow.epoch)
    live = (PaperRow.id == PaperTagRow.paper) & PaperRow.deleted_at.is_null()
    return (
        TagRow.select(*columns, fn.COUNT(PaperRow.id))
        .join(LibraryRow)
        .switch(TagRow)
        .left_outer_join(PaperTagRow)
        .left_outer_join(PaperRow, on=live)
        .where((TagRow.library == library_id) & TagRow.gone_at.is_null())
        .group_by(TagRow.id)
    )


def _tag(row: Sequence[Any]) -> Tag:
    tag_id, name, colour, changed, epoch, count = row
    return Tag(tag_id, name, count, Colour(colour) if colour else None, Version(epoch, changed))


def get_or_create(library_id: str, name: str, folded: str) -> str:
    """Return the id of the tag with this folded name, creating the tag if it does not exist."""
    tag_id = find(library_id, folded)
    return tag_id or _add(library_id, name, folded)


def _add(library_id: str, name: str, folded: str) -> str:
    version = clock.advance(library_id)
    tag_id = str(uuid4())
    TagRow.insert(id=tag_id, library=library_id, changed=version.changed, name=name, folded=folded).execute()
    return tag_id


def find(library_id: str, folded: str) -> str | None:
    """Return the id of the tag with this folded name, or None."""
    row = TagRow.get_or_none((TagRow.library == library_id) & (TagRow.folded == folded))
    return str(row.id) if row else None


def update(library_id: str, tag_id: str, **columns: Any) -> None:
    """Update columns of the tag's row and assign a new stamp."""
    changed = clock.advance(library_id).changed
    TagRow.update(changed=changed, **columns).where(TagRow.id == tag_id).execute()


def remove(library_id: str, tag_id: str, merged_into: str | None = None) -> None:
    """Remove the tag from all papers and clear its row."""
    PaperTagRow.delete().where(PaperTagRow.tag == tag_id).execute()
    bare = {
        "name": "",
        "folded": tag_id,
        "colour": None,
        "gone_at": timestamps.now(),
        "merged_into": merged_into,
    }
    update(library_id, tag_id, **bare)


def restore(library_id: str, tag_id: str, name: str, folded: str, colour: str | None) -> None:
    """Restore a deleted tag."""
    update(library_id, tag_id, name=name, folded=folded, colour=colour, gone_at=None, merged_into=None)


def survivor(library_id: str, tag_id: str) -> str:
    """Return the id of a merged tag's survivor. Any other id is returned unchanged."""
    row = TagRow.get_or_none(
        (TagRow.id == tag_id) & (TagRow.library == library_id) & TagRow.merged_into.is_null(False)
    )
    return survivor(library_id, row.merged_into) if row else tag_id


def paper_ids_of(tag_id: str) -> list[str]:
    """Return the ids of the papers with this tag, including papers in the trash."""
    return [r[0] for r in PaperTagRow.select(PaperTagRow.paper).where(PaperTagRow.tag == tag_id).tuples()]


def attach(paper_id: str, tag_id: str) -> bool:
    """Add a tag to a paper. Return False if the paper already had the tag."""
    return bool(PaperTagRow.insert(paper=paper_id, tag=tag_id).on_conflict_ignore().as_rowcount().execute())


def attach_many(paper_ids: Sequence[str], tag_id: str) -> list[str]:
    """Add a tag to papers. Return the ids of the papers that did not have it."""
    tagged = set(paper_ids_of(tag_id))
    untagged = [paper_id for paper_id in paper_ids if paper_id not in tagged]
    for part in batched(untagged):
        PaperTagRow.insert_many([{"paper": paper_id, "tag": tag_id} for paper_id in part]).execute()
    return untagged


def detach(paper_id: str, tag_id: str) -> bool:
    """Remove a tag from a paper. Return False if the paper did not have the tag."""
    return bool(detach_many([paper_id], tag_id))


def detach_many(paper_ids: Sequence[str], tag_id: str) -> list[str]:
    """Remove a tag from papers. Return the ids of the papers that had it."""
    tagged = set(paper_ids_of(tag_id)) & set(paper_ids)
    found = [paper_id for paper_id in paper_ids if paper_id in tagged]
    for part in batched(found):
        carried = (PaperTagRow.tag == tag_id) & PaperTagRow.paper.in_(part)
        PaperTagRow.delete().where(carried).execute()
    return found


def move(from_paper: str, to_paper: str) -> list[str]:
    """Move one paper's tags to another. Return the ids of the tags new to the other paper."""
    ids = [r[0] for r in PaperTagRow.select(PaperTagRow.tag).where(PaperTagRow.paper == from_paper).tuples()]
    moved = [tag_id for tag_id in ids if attach(to_paper, tag_id)]
    PaperTagRow.delete().where(PaperTagRow.paper == from_paper).execute()
    return moved


def undo_move(from_paper: str, to_paper: str, moved: Sequence[str], had: Sequence[str]) -> None:
    """Undo a `move`: remove the tags in `moved` from the other paper, and restore those in `had`.

    Deleted tags are skipped.
    """
    for tag_id in moved:
        detach(from_paper, tag_id)
    existing = TagRow.select(TagRow.id).where(TagRow.id.in_(list(had)) & TagRow.gone_at.is_null())
    for (tag_id,) in existing.tuples():
        attach(to_paper, tag_id)
