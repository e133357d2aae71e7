"""Adding papers by link or id as stubs: papers of which only the identifier is known.

The server makes no network requests. The extension completes a stub the next time it encounters the paper.
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

MAX_LINES = 500


class PasteOutcome(StrEnum):
    """The result of processing one pasted line."""

    ADDED = "added"
    KNOWN = "known"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class PastedLine:
    """A pasted line, its outcome and its paper. `reason` explains why an unreadable line has no paper."""

    line: str
    outcome: PasteOutcome
    paper_id: str | None = None
    reason: str = ""


def paste(library_id: str, text: str) -> list[PastedLine]:
    """Add a stub for each line with a link or id, unless the paper already exists.

    A paper in the trash is restored. Raise InvalidInputError for more than MAX_LINES lines.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MAX_LINES:
        raise InvalidInputError(f"At most {MAX_LINES} lines at a time.", "/lines")
    with change():
        return [_paste(library_id, line) for line in lines]


def _paste(library_id: str, line: str) -> PastedLine:
    try:
        identifier = identifiers.parse(line)
    except InvalidInputError:
        return PastedLine(
            line, PasteOutcome.UNREADABLE, reason="This is not an arXiv id, DOI or web address."
        )
    existing_id = papers.find_live(library_id, [identifier]).get(identifier)
    if existing_id:
        return PastedLine(line, PasteOutcome.KNOWN, existing_id)
    (saved,) = clipping.save_many(library_id, [_clip_request(library_id, identifier)])
    return PastedLine(line, PasteOutcome.ADDED, saved.paper_id)


def _clip_request(library_id: str, identifier: Identifier) -> ClipRequest:
    at = timestamps.now()
    facts = PaperFacts(title=_placeholder_title(identifier), identifiers=(identifier,))
    clip_id = str(uuid5(UUID(library_id), f"{identifier} {at.isoformat()}"))
    return ClipRequest(clip_id, at, Source.STUB, SourcePage(PageKind.PASTE, _page_url(identifier)), facts)


def _placeholder_title(identifier: Identifier) -> str:
    """Return the title to show until the real one is known."""
    match identifier.scheme:
        case Scheme.ARXIV:
            return f"arXiv {identifier.value}"
        case Scheme.DOI:
            return f"DOI {identifier.value}"
        case Scheme.URL:
            return identifier.value


def _page_url(identifier: Identifier) -> str:
    return identifier.value if identifier.scheme is Scheme.URL else ""
