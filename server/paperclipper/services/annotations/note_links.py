"""Links from notes to papers, and back. A link names a paper that may come later, so both ends are looked up anew."""

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
"""Of the reading of notes: whoever changes what a link means makes it another."""


def save(annotation_id: str, body: str) -> None:
    """Remember what the annotation links to, within the caller's transaction."""
    links.replace(annotation_id, _targets(body))


def rebuild() -> None:
    """Have the links of all notes made by this program's reading of them; done once, when a program is new here."""
    libraries.instance_id()
    if links.version() != _PARSER_VERSION:
        with database.transaction():
            links.rebuild(_PARSER_VERSION, _targets)


def _targets(body: str) -> list[LinkTarget]:
    return [wikilinks.target(link.name) for link in wikilinks.links(body)]


def backlinks(library_id: str, ref: str) -> list[Backlink]:
    """The notes of other papers that link to this one, oldest first. Raises NotFoundError."""
    paper = lookup.paper(library_id, ref)
    found = links.backlinks(library_id, wikilinks.targets_of(paper.facts.title, paper.facts.identifiers))
    return [link for link in found if link.paper_id != paper.id]


def resolver(library_id: str, bodies: Iterable[str]) -> Resolve:
    """What gives, for the name in any link of these notes, the id of the live paper that it means, or None."""
    names = {link.name for body in bodies for link in wikilinks.links(body)}
    targets = {name: wikilinks.target(name) for name in names}
    found = papers.find_live(library_id, set(targets.values()))
    return lambda name: found.get(targets[name]) if name in targets else None
