"""Tags: labels compared by their folded name, shown as first typed.

A tag that is gone (deleted, or merged into another) stays as a bare row: its id, a stamp, and the survivor of a merge.
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
    """The tags of each paper, by name."""
    found: dict[str, list[Tag]] = defaultdict(list)
    for paper_id, tag_id, name, colour in _OF_PAPERS.rows(papers=ids):
        found[paper_id].append(Tag(tag_id, name, colour=Colour(colour) if colour else None))
    return found


def in_use(library_id: str, prefix: str = "", limit: int = 1000) -> list[Tag]:
    """The library's tags whose folded name starts so, with their number of papers, most used first."""
    counted = _counted(library_id).where(TagRow.folded.startswith(prefix))
    return [
        _tag(row)
        for row in counted.order_by(fn.COUNT(PaperRow.id).desc(), TagRow.folded).limit(limit).tuples()
    ]


def list_all(library_id: str) -> list[Tag]:
    """All tags of the library, without their number of papers, by name."""
    rows = _OF_LIBRARY.rows(library=library_id)
    return [Tag(tag_id, name, colour=Colour(colour) if colour else None) for tag_id, name, colour in rows]


def unused(library_id: str) -> list[Tag]:
    """The library's tags that no paper carries, not even one in the trash."""
    bare = ~fn.EXISTS(PaperTagRow.select(PaperTagRow.tag).where(PaperTagRow.tag == TagRow.id))
    return [_tag(row) for row in _counted(library_id).where(bare).order_by(TagRow.folded).tuples()]


def get(library_id: str, tag_id: str) -> Tag:
    """The tag. Raises NotFoundError, also for one that is gone."""
    row = _counted(library_id).where(TagRow.id == tag_id).tuples().first()
    if row is None:
        raise NotFoundError("tag", tag_id)
    return _tag(row)


def get_many(library_id: str, ids: Sequence[str]) -> dict[str, Tag]:
    """The tags of these ids that are not gone, without their number of papers."""
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
    """The id of the tag with this folded name, made if it is new."""
    tag_id = find(library_id, folded)
    return tag_id or _add(library_id, name, folded)


def _add(library_id: str, name: str, folded: str) -> str:
    version = clock.advance(library_id)
    tag_id = str(uuid4())
    TagRow.insert(id=tag_id, library=library_id, changed=version.changed, name=name, folded=folded).execute()
    return tag_id


def find(library_id: str, folded: str) -> str | None:
    """The id of the tag with this folded name."""
    row = TagRow.get_or_none((TagRow.library == library_id) & (TagRow.folded == folded))
    return str(row.id) if row else None


def update(library_id: str, tag_id: str, **columns: Any) -> None:
    """Change columns of the tag's row, which takes a new stamp."""
    changed = clock.advance(library_id).changed
    TagRow.update(changed=changed, **columns).where(TagRow.id == tag_id).execute()


def remove(library_id: str, tag_id: str, merged_into: str | None = None) -> None:
    """Leave nothing of the tag but a bare row; no paper carries it any more."""
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
    """Make a tag that is gone what it was."""
    update(library_id, tag_id, name=name, folded=folded, colour=colour, gone_at=None, merged_into=None)


def survivor(library_id: str, tag_id: str) -> str:
    """The id that a merged-away tag goes under now; any other id is itself."""
    row = TagRow.get_or_none(
        (TagRow.id == tag_id) & (TagRow.library == library_id) & TagRow.merged_into.is_null(False)
    )
    return survivor(library_id, row.merged_into) if row else tag_id


def paper_ids_of(tag_id: str) -> list[str]:
    """The ids of the papers that carry the tag, those in the trash too."""
    return [r[0] for r in PaperTagRow.select(PaperTagRow.paper).where(PaperTagRow.tag == tag_id).tuples()]


def attach(paper_id: str, tag_id: str) -> bool:
    """Put a tag on a paper; False if it was there."""
    return bool(PaperTagRow.insert(paper=paper_id, tag=tag_id).on_conflict_ignore().as_rowcount().execute())


def attach_many(paper_ids: Sequence[str], tag_id: str) -> list[str]:
    """Put a tag on papers; the ids of those that did not have it."""
    having = set(paper_ids_of(tag_id))
    lacking = [paper_id for paper_id in paper_ids if paper_id not in having]
    for part in batched(lacking):
        PaperTagRow.insert_many([{"paper": paper_id, "tag": tag_id} for paper_id in part]).execute()
    return lacking


def detach(paper_id: str, tag_id: str) -> bool:
    """Take a tag off a paper; False if it was not there."""
    return bool(detach_many([paper_id], tag_id))


def detach_many(paper_ids: Sequence[str], tag_id: str) -> list[str]:
    """Take a tag off papers; the ids of those that had it."""
    having = set(paper_ids_of(tag_id)) & set(paper_ids)
    found = [paper_id for paper_id in paper_ids if paper_id in having]
    for part in batched(found):
        carried = (PaperTagRow.tag == tag_id) & PaperTagRow.paper.in_(part)
        PaperTagRow.delete().where(carried).execute()
    return found


def move(from_paper: str, to_paper: str) -> list[str]:
    """Put one paper's tags on another; the ids of those that the other did not have."""
    ids = [r[0] for r in PaperTagRow.select(PaperTagRow.tag).where(PaperTagRow.paper == from_paper).tuples()]
    moved = [tag_id for tag_id in ids if attach(to_paper, tag_id)]
    PaperTagRow.delete().where(PaperTagRow.paper == from_paper).execute()
    return moved


def undo_move(from_paper: str, to_paper: str, moved: Sequence[str], had: Sequence[str]) -> None:
    """Undo a `move`: the one loses what it got, the other has again what it had, as far as those tags are there."""
    for tag_id in moved:
        detach(from_paper, tag_id)
    there = TagRow.select(TagRow.id).where(TagRow.id.in_(list(had)) & TagRow.gone_at.is_null())
    for (tag_id,) in there.tuples():
        attach(to_paper, tag_id)
