"""Tagging: labels on a paper, one at a time, in any order, as often as one likes."""

from paperclipper import tag_names
from paperclipper.model import Paper, Tag
from paperclipper.services.papers import lookup
from paperclipper.services.transactions import change
from paperclipper.store import tags
from paperclipper.store.papers import papers


def add(library_id: str, ref: str, name: str) -> Paper:
    """Put the tag on the paper; on it already is no error."""
    name = tag_names.parse(name)
    with change():
        paper_id = lookup.paper_id(library_id, ref)
        if tags.attach(paper_id, ensure(library_id, name)):
            papers.update(library_id, paper_id)
        return papers.get(library_id, paper_id)


def remove(library_id: str, ref: str, name: str) -> Paper:
    """Take the tag off the paper; not on it is no error."""
    with change():
        paper_id = lookup.paper_id(library_id, ref)
        tag_id = find_id(library_id, name)
        if tag_id and tags.detach(paper_id, tag_id):
            papers.update(library_id, paper_id)
        return papers.get(library_id, paper_id)


def suggest(library_id: str, prefix: str = "", limit: int = 1000) -> list[Tag]:
    """The library's tags that start so, most used first."""
    return tags.in_use(library_id, tag_names.fold_case(prefix.strip().removeprefix("#")), limit)


def find(library_id: str, name: str) -> Tag | None:
    """The library's tag of this name, however it is spelt. Raises InvalidInputError for what is no name."""
    tag_id = find_id(library_id, name)
    return tags.get(library_id, tag_id) if tag_id else None


def find_id(library_id: str, name: str) -> str | None:
    """As `find`, but the id alone."""
    return tags.find(library_id, tag_names.fold_case(tag_names.parse(name)))


def ensure(library_id: str, name: str) -> str:
    """The id of the tag of this name, made if it is new. Within the caller's transaction."""
    name = tag_names.parse(name)
    return tags.get_or_create(library_id, name, tag_names.fold_case(name))


def unused(library_id: str) -> list[Tag]:
    """The tags that no paper carries, not even one in the trash."""
    return tags.unused(library_id)
