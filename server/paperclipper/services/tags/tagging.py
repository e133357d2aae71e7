"""Tagging: labels on a paper, one at a time, in any order, as often as one likes."""

import unicodedata

from paperclipper.errors import InvalidInputError
from paperclipper.model import Paper, Tag
from paperclipper.services.papers import lookup
from paperclipper.services.transactions import change
from paperclipper.store import tags
from paperclipper.store.papers import papers

MAX_TAG = 100


def tidy(name: str) -> str:
    """A tag's name as it is shown: one `#` less, single spaces, no empty part. Raises InvalidInputError."""
    parts = [" ".join(part.split()) for part in name.strip().removeprefix("#").split("/")]
    tidied = "/".join(part for part in parts if part)
    if (
        not tidied
        or len(tidied) > MAX_TAG
        or "," in tidied
        or any(unicodedata.category(c) == "Cc" for c in tidied)
    ):
        raise InvalidInputError(f"A tag is 1 to {MAX_TAG} characters, without commas.", "/tag")
    return tidied


def fold(name: str) -> str:
    """The form under which two tags are one (Unicode NFKC, case folded)."""
    return unicodedata.normalize("NFKC", name).casefold()


def add(library_id: str, ref: str, name: str) -> Paper:
    """Put the tag on the paper; on it already is no error."""
    shown = tidy(name)
    with change():
        paper_id = lookup.paper_id(library_id, ref)
        if tags.attach(paper_id, tags.ensure(library_id, shown, fold(shown))):
            papers.update(library_id, paper_id)
        return papers.get(library_id, paper_id)


def remove(library_id: str, ref: str, name: str) -> Paper:
    """Take the tag off the paper; not on it is no error."""
    with change():
        paper_id = lookup.paper_id(library_id, ref)
        tag_id = tags.find(library_id, fold(tidy(name)))
        if tag_id and tags.detach(paper_id, tag_id):
            papers.update(library_id, paper_id)
        return papers.get(library_id, paper_id)


def suggest(library_id: str, prefix: str = "", limit: int = 1000) -> list[Tag]:
    """The library's tags that start so, most used first."""
    return tags.in_use(library_id, fold(prefix.strip().removeprefix("#")), limit)


def named(library_id: str, name: str) -> Tag | None:
    """The library's tag of this name, however it is spelt. Raises InvalidInputError for what is no name."""
    tag_id = tags.find(library_id, fold(tidy(name)))
    return tags.get(library_id, tag_id) if tag_id else None


def unused(library_id: str) -> list[Tag]:
    """The tags that no paper carries, not even one in the trash."""
    return tags.unused(library_id)
