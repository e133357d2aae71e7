"""Tags: labels compared by their folded name, shown as first typed."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import uuid4

from peewee import fn

from paperclipper.model import Tag
from paperclipper.store import stamps
from paperclipper.store.statements import Query
from paperclipper.store.tables import PaperRow, PaperTagRow, TagRow

_OF_PAPERS = Query(
    lambda _, places: (
        PaperTagRow.select(PaperTagRow.paper, TagRow.id, TagRow.name)
        .join(TagRow)
        .where(PaperTagRow.paper.in_(places))
        .order_by(TagRow.folded)
    )
)


def of_papers(ids: Sequence[str]) -> dict[str, list[Tag]]:
    """The tags of each paper, by name."""
    found: dict[str, list[Tag]] = defaultdict(list)
    for paper_id, tag_id, name in _OF_PAPERS.rows(many=ids):
        found[paper_id].append(Tag(tag_id, name))
    return found


def in_use(library_id: str, prefix: str = "", limit: int = 1000) -> list[Tag]:
    """The library's tags whose folded name starts so, with their number of papers, most used first."""
    papers = fn.COUNT(PaperRow.id)
    query = (
        TagRow.select(TagRow.id, TagRow.name, papers)
        .left_outer_join(PaperTagRow)
        .left_outer_join(PaperRow, on=(PaperRow.id == PaperTagRow.paper) & PaperRow.deleted_at.is_null())
        .where((TagRow.library == library_id) & TagRow.folded.startswith(prefix))
        .group_by(TagRow.id)
        .order_by(papers.desc(), TagRow.folded)
        .limit(limit)
    )
    return [Tag(tag_id, name, count) for tag_id, name, count in query.tuples()]


def ensure(library_id: str, name: str, folded: str) -> str:
    """The id of the tag with this folded name, made if it is new."""
    row = TagRow.get_or_none((TagRow.library == library_id) & (TagRow.folded == folded))
    if row:
        return str(row.id)
    version = stamps.take(library_id)
    tag_id = str(uuid4())
    TagRow.insert(id=tag_id, library=library_id, changed=version.changed, name=name, folded=folded).execute()
    return tag_id


def find(library_id: str, folded: str) -> str | None:
    """The id of the tag with this folded name."""
    row = TagRow.get_or_none((TagRow.library == library_id) & (TagRow.folded == folded))
    return str(row.id) if row else None


def attach(paper_id: str, tag_id: str) -> bool:
    """Put a tag on a paper; False if it was there."""
    return bool(PaperTagRow.insert(paper=paper_id, tag=tag_id).on_conflict_ignore().as_rowcount().execute())


def detach(paper_id: str, tag_id: str) -> bool:
    """Take a tag off a paper; False if it was not there."""
    return bool(PaperTagRow.delete().where((PaperTagRow.paper == paper_id) & (PaperTagRow.tag == tag_id)).execute())


def move(from_paper: str, to_paper: str) -> list[str]:
    """Put one paper's tags on another; the ids of those that the other did not have."""
    ids = [r[0] for r in PaperTagRow.select(PaperTagRow.tag).where(PaperTagRow.paper == from_paper).tuples()]
    moved = [tag_id for tag_id in ids if attach(to_paper, tag_id)]
    PaperTagRow.delete().where(PaperTagRow.paper == from_paper).execute()
    return moved
