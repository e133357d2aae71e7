"""What a file of papers says, row by row, whatever its form; and the limits that each row keeps.

Pure. The readers beside it (digest_text, digest_api, paper_lines) make these; must not know what becomes of them.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from paperclipper.model import DigestKind, PageKind, PaperFacts, Source, SourcePage

# What one list page or one answer may hold; the digest's longest has some hundred.
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
    """A row that names a paper. `number` counts from 1 in the file's order."""

    number: int
    source: Source
    page: SourcePage
    facts: PaperFacts


@dataclass(frozen=True)
class UnreadableRow:
    """A row that could not be read, as much of its title as there is, and why."""

    number: int
    title: str
    reason: str


Row = ParsedRow | UnreadableRow


class RowError(ValueError):
    """One row cannot be read; the message says why, for a person."""


def one_line(text: str) -> str:
    """The text on one line: every run of white space is one space, and what no database can hold is gone."""
    return " ".join(_UNSTORABLE.sub("", text).split())


def unwrap(text: str) -> str:
    """The text without hard line breaks; paragraphs stay apart by one empty line."""
    paragraphs = (
        one_line(part) for part in _PARAGRAPH_BREAK.split(text.replace("\r\n", "\n").replace("\r", "\n"))
    )
    return "\n\n".join(part for part in paragraphs if part)


def checked_title(text: str) -> str:
    """The title on one line. Raises RowError where there is none, or one too long to be a title."""
    title = one_line(text)
    if not title:
        raise RowError("it has no title")
    if len(title) > MAX_TITLE:
        raise RowError(f"its title is longer than {MAX_TITLE} characters")
    return title


def checked_text(text: str, name: str) -> str:
    """The text without hard line breaks. Raises RowError where it is longer than a field may be."""
    text = unwrap(text)
    if len(text) > MAX_TEXT:
        raise RowError(f"its {name} is longer than {MAX_TEXT} characters")
    return text


def checked_names(names: Iterable[str], name: str) -> tuple[str, ...]:
    """The names on one line each, empty ones left out. Raises RowError where one is, or they are, too many."""
    found = tuple(filter(None, map(one_line, names)))
    if len(found) > MAX_NAMES or any(len(each) > MAX_NAME for each in found):
        raise RowError(f"its {name} are too many or too long")
    return found


def import_page(
    day: date | None, *, rank: int | None = None, upvotes: int | None = None, comments: int | None = None
) -> SourcePage:
    """The place of a row that a file lists, on the digest of `day` where the file says so."""
    url = f"https://huggingface.co/papers/date/{day.isoformat()}" if day else ""
    kind = DigestKind.DAY if day else None
    return SourcePage(PageKind.IMPORT, url, kind, day, rank, upvotes, comments)
