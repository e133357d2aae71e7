"""Pasting links and ids: each becomes a stub, a paper of which only the identifier is known.

The server fetches nothing: the extension fills a stub when it next sees the paper.
"""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID, uuid5

from paperclipper import identifiers
from paperclipper.errors import InvalidInputError
from paperclipper.model import ClipRequest, Identifier, PageKind, PaperFacts, Scheme, Source, SourcePage
from paperclipper.services.papers import clipping
from paperclipper.services.transactions import change
from paperclipper.store.database import timestamps
from paperclipper.store.papers import papers

MOST_LINES = 500


class Outcome(StrEnum):
    """What became of a line."""

    ADDED = "added"
    KNOWN = "known"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Pasted:
    """A line, what became of it, and its paper; `reason` where it names none."""

    line: str
    outcome: Outcome
    paper_id: str | None = None
    reason: str = ""


def paste(library_id: str, text: str) -> list[Pasted]:
    """Make a stub of each link or id, one a line; a paper that is here already stays as it is.

    A paper in the trash comes out of it. Raises InvalidInputError for more than MOST_LINES lines.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_LINES:
        raise InvalidInputError(f"At most {MOST_LINES} lines at a time.", "/lines")
    with change():
        return [_paste(library_id, line) for line in lines]


def _paste(library_id: str, line: str) -> Pasted:
    try:
        name = identifiers.parse(line)
    except InvalidInputError:
        return Pasted(line, Outcome.UNREADABLE, reason="This is no arXiv id, DOI or web address.")
    known = papers.find_targets(library_id, [str(name)]).get(str(name))
    if known:
        return Pasted(line, Outcome.KNOWN, known)
    (saved,) = clipping.save_many(library_id, [_request(library_id, name)])
    return Pasted(line, Outcome.ADDED, saved.paper_id)


def _request(library_id: str, name: Identifier) -> ClipRequest:
    at = timestamps.now()
    facts = PaperFacts(title=_title(name), identifiers=(name,))
    clip_id = str(uuid5(UUID(library_id), f"{name} {at.isoformat()}"))
    return ClipRequest(clip_id, at, Source.STUB, SourcePage(PageKind.PASTE, _page(name)), facts)


def _title(name: Identifier) -> str:
    """What stands in a title's place until the title is known."""
    return {Scheme.ARXIV: f"arXiv {name.value}", Scheme.DOI: f"DOI {name.value}"}.get(name.scheme, name.value)


def _page(name: Identifier) -> str:
    return name.value if name.scheme is Scheme.URL else ""
