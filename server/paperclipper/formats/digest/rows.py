"""The rows of an imported file in any format, and the limits on their contents.

Pure. The parsers in this package create the rows. This module must not depend on the code that uses them.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from paperclipper.model import DigestKind, PageKind, PaperFacts, Source, SourcePage

# The maximum number of rows in a list page or response. The digest's longest list has about a hundred.
MAX_LISTED = 10_000
MAX_TITLE = 1_000
MAX_TEXT = 50_000
MAX_NAME = 1_000
MAX_NAMES = 5_000
MAX_COUNT = 2**31 - 1

_UNSTORABLE = re.compile(r"[\x00-\x08\x0e-\x1b\x7f\ud800-\udfff]")
_PARAGRAPH_BREAK = re.compile(r"\n\s*\n")


@dataclass(frozen=True)
class ParsedRow:
    """A successfully parsed row. `number` is its position in the file, from 1."""

    number: int
    source: Source
    page: SourcePage
    facts: PaperFacts


@dataclass(frozen=True)
class UnreadableRow:
    """A row that could not be read, with its title if known, and the reason."""

    number: int
    title: str
    reason: str


Row = ParsedRow | UnreadableRow


class RowError(ValueError):
    """A row cannot be read. The message is the reason to show to the user."""


def one_line(text: str) -> str:
    """Return the text on one line, without characters that cannot be stored in a database."""
    return " ".join(_UNSTORABLE.sub("", text).split())


def unwrap(text: str) -> str:
    """Return the text without hard line breaks. Paragraphs remain separated by an empty line."""
    paragraphs = (
        one_line(part) for part in _PARAGRAPH_BREAK.split(text.replace("\r\n", "\n").replace("\r", "\n"))
    )
    return "\n\n".join(part for part in paragraphs if part)


def checked_title(text: str) -> str:
    """Return the title on one line. Raise RowError if it is empty or too long."""
    title = one_line(text)
    if not title:
        raise RowError("it has no title")
    if len(title) > MAX_TITLE:
        raise RowError(f"its title is longer than {MAX_TITLE} characters")
    return title


def checked_text(text: str, name: str) -> str:
    """Return the text without hard line breaks. Raise RowError if it is too long."""
    text = unwrap(text)
    if len(text) > MAX_TEXT:
        raise RowError(f"its {name} is longer than {MAX_TEXT} characters")
    return text


def checked_names(names: Iterable[str], name: str) -> tuple[str, ...]:
    """Return the non-empty names, each on one line. Raise RowError if the limits are exceeded."""
    found = tuple(filter(None, map(one_line, names)))
    if len(found) > MAX_NAMES or any(len(each) > MAX_NAME for each in found):
        raise RowError(f"it has too many {name}, or they are too long")
    return found


def import_page(
    day: date | None, *, rank: int | None = None, upvotes: int | None = None, comments: int | None = None
) -> SourcePage:
    """Return the source page of an imported row: the digest page of `day`, if the day is known."""
    url = f"https://huggingface.co/papers/date/{day.isoformat()}" if day else ""
    kind = DigestKind.DAY if day else None
    return SourcePage(PageKind.IMPORT, url, kind, day, rank, upvotes, comments)
