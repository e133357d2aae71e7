"""Links from notes to papers, and backlinks.

A link may refer to a paper that is saved later, so links are resolved when they are read.
"""

from collections.abc import Callable, Iterable

from paperclipper.formats.text import wikilinks
from paperclipper.model import Backlink, LinkTarget
from paperclipper.services.papers import lookup
from paperclipper.store.access import libraries
from paperclipper.store.annotations import links
from paperclipper.store.database import database
from paperclipper.store.papers import papers

Resolve = Callable[[str], str | None]

_PARSER_VERSION = 1
"""The version of the link parser. Increment it when the syntax changes, to rebuild the stored links."""


def save(annotation_id: str, body: str) -> None:
    """Store the links of an annotation. Must be called inside a transaction."""
    links.replace(annotation_id, _targets(body))


def rebuild() -> None:
    """Rebuild the links of all notes if they were extracted by a different parser version."""
    libraries.instance_id()
    if links.version() != _PARSER_VERSION:
        with database.transaction():
            links.rebuild(_PARSER_VERSION, _targets)


def _targets(body: str) -> list[LinkTarget]:
    return [wikilinks.target(link.name) for link in wikilinks.links(body)]


def backlinks(library_id: str, ref: str) -> list[Backlink]:
    """Return the notes on other papers that link to this paper, oldest first.

    Raise NotFoundError if the paper does not exist.
    """
    paper = lookup.paper(library_id, ref)
    found = links.backlinks(library_id, wikilinks.targets_of(paper.facts.title, paper.facts.identifiers))
    return [link for link in found if link.paper_id != paper.id]


def resolver(library_id: str, bodies: Iterable[str]) -> Resolve:
    """Return a function that maps a link's name in these notes to the id of a live paper, or to None."""
    names = {link.name for body in bodies for link in wikilinks.links(body)}
    targets = {name: wikilinks.target(name) for name in names}
    found = papers.find_live(library_id, set(targets.values()))
    return lambda name: found.get(targets[name]) if name in targets else None
