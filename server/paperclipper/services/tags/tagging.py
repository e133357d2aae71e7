"""Adding tags to papers and removing them. All operations are idempotent."""

from paperclipper import tag_names
from paperclipper.model import Paper, Tag
from paperclipper.services.papers import lookup
from paperclipper.services.transactions import change
from paperclipper.store import tags
from paperclipper.store.papers import papers


def add(library_id: str, ref: str, name: str) -> Paper:
    """Add the tag to the paper. Do nothing if the paper already has it."""
    name = tag_names.parse(name)
    with change():
        paper_id = lookup.paper_id(library_id, ref)
        if tags.attach(paper_id, ensure(library_id, name)):
            papers.update(library_id, paper_id)
        return papers.get(library_id, paper_id)


def remove(library_id: str, ref: str, name: str) -> Paper:
    """Remove the tag from the paper. Do nothing if the paper does not have it."""
    with change():
        paper_id = lookup.paper_id(library_id, ref)
        tag_id = find_id(library_id, name)
        if tag_id and tags.detach(paper_id, tag_id):
            papers.update(library_id, paper_id)
        return papers.get(library_id, paper_id)


def suggest(library_id: str, prefix: str = "", limit: int = 1000) -> list[Tag]:
    """Return the library's tags with this prefix, most used first."""
    return tags.in_use(library_id, tag_names.fold_case(prefix.strip().removeprefix("#")), limit)


def find(library_id: str, name: str) -> Tag | None:
    """Return the tag with this name, ignoring case, or None. Raise InvalidInputError for an invalid name."""
    tag_id = find_id(library_id, name)
    return tags.get(library_id, tag_id) if tag_id else None


def find_id(library_id: str, name: str) -> str | None:
    """Return the id of the tag with this name, ignoring case, or None."""
    return tags.find(library_id, tag_names.fold_case(tag_names.parse(name)))


def ensure(library_id: str, name: str) -> str:
    """Return the id of the tag, creating the tag if necessary. Must be called inside a transaction."""
    name = tag_names.parse(name)
    return tags.get_or_create(library_id, name, tag_names.fold_case(name))


def unused(library_id: str) -> list[Tag]:
    """Return the tags that are not used by any paper, including papers in the trash."""
    return tags.unused(library_id)
