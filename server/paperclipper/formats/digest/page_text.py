"""Parsing the digest's list page, saved or copied as plain text.

The page contains no identifiers or author names. A row consists of a title, an abstract and the card's
metadata: `•  6 authors` or an organisation, `·`, `Dec 8, 2022 2` (the last number is the number of comments).
Any metadata may be missing, and dates in the current year are printed without the year. Pure.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby, islice

from paperclipper.formats.digest.rows import (
    MAX_LISTED,
    MAX_TITLE,
    ParsedRow,
    Row,
    RowError,
    UnreadableRow,
    checked_text,
    checked_title,
    import_page,
)
from paperclipper.model import PaperFacts, Source

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_AUTHORS = re.compile(r"(?:[•*-] )?(\d{1,5}) authors?")
_DATE = re.compile(rf"({'|'.join(_MONTHS)}) (\d{{1,2}})(?:, (\d{{4}}))?(?: (\d{{1,6}}))?")
_DOT = "·"

_Run = tuple[bool, list[str]]
"""Whether the run is metadata, and its lines or paragraphs."""


@dataclass(frozen=True)
class _PrintedDate:
    month: int
    day: int
    year: int | None
    comments: int | None

    def resolved(self, year: int | None) -> date | None:
        """Return the date, using `year` if none is printed, or None if it is invalid or has no year."""
        chosen = self.year or year
        try:
            return date(chosen, self.month, self.day) if chosen else None
        except ValueError:
            return None


@dataclass(frozen=True)
class _Card:
    """The parts of a card, as printed on the page."""

    title: str
    abstract: str = ""
    organisation: str = ""
    author_count: int | None = None
    date: _PrintedDate | None = None


def read(text: str, *, year: int | None = None) -> list[Row]:
    """Return the rows of the page in order, or an empty list if the text is not such a page.

    For a date without a year, the year is `year` or, by default, the year after the latest one printed in the
    text; the date is then marked as inferred. If no year is printed, the date is unknown. An UnreadableRow
    contains the reason why a row could not be read. Reading stops one row after MAX_LISTED, so that callers
    can detect that the limit was exceeded.
    """
    runs = _runs(_lines(text))
    year = year or _year_after_newest(runs)
    day, runs = _without_header(runs)
    if not any(is_meta for is_meta, _ in runs):
        return []
    digest_day = day.resolved(year) if day else None
    cards = islice(_cards(runs), MAX_LISTED + 1)
    return [_row(card, number, year, digest_day) for number, card in enumerate(cards, 1)]


def _year_after_newest(runs: list[_Run]) -> int | None:
    dates = (_first_date(lines) for is_meta, lines in runs if is_meta)
    return max((date.year + 1 for date in dates if date and date.year), default=None)


def _lines(text: str) -> list[str]:
    """Return the lines with white space collapsed. An empty line ends a paragraph."""
    return [" ".join(line.split()) for line in text.removeprefix("\ufeff").splitlines()]


def _runs(lines: Iterable[str]) -> list[_Run]:
    """Return alternating runs of metadata (True), with an entry per line, and text (False), per paragraph."""
    paragraphs = _paragraphs(lines)
    return [(is_meta, list(group)) for is_meta, group in groupby(paragraphs, key=_is_meta)]


def _is_meta(line: str) -> bool:
    return bool(line == _DOT or _AUTHORS.fullmatch(line) or _DATE.fullmatch(line))


def _paragraphs(lines: Iterable[str]) -> Iterator[str]:
    gathered: list[str] = []
    for line in [*lines, ""]:
        if gathered and (not line or _is_meta(line)):
            yield " ".join(gathered)
            gathered = []
        if _is_meta(line):
            yield line
        elif line:
            gathered.append(line)


def _author_count(lines: list[str]) -> int | None:
    matches = (_AUTHORS.fullmatch(line) for line in lines)
    return next((int(match[1]) for match in matches if match), None)


def _first_date(lines: list[str]) -> _PrintedDate | None:
    return next(filter(None, map(_printed_date, lines)), None)


def _printed_date(line: str) -> _PrintedDate | None:
    match = _DATE.fullmatch(line)
    if not match:
        return None
    month, day, year, comments = match.groups()
    return _PrintedDate(
        month=_MONTHS.index(month) + 1,
        day=int(day),
        year=int(year) if year else None,
        comments=int(comments) if comments else None,
    )


def _without_header(runs: list[_Run]) -> tuple[_PrintedDate | None, list[_Run]]:
    """Return the digest day from the page header, if any, and the runs after the header.

    A page has a header if its first date does not belong to a card.
    """
    first = next((i for i, (is_meta, _) in enumerate(runs) if is_meta), None)
    if first is None or len(runs[first][1]) != 1:
        return None, runs
    day = _printed_date(runs[first][1][0])
    return (day, runs[first + 1 :]) if day else (None, runs)


def _cards(runs: list[_Run]) -> Iterator[_Card]:
    """Yield the cards. Text runs are title and abstract pairs. Metadata belongs to the preceding pair."""
    for index, (is_meta, paragraphs) in enumerate(runs):
        if is_meta:
            continue
        lines = runs[index + 1][1] if index + 1 < len(runs) else []
        # The dot follows either the number of authors or an organisation name.
        is_chip = lines[:1] == [_DOT] and len(paragraphs) % 2 == 1 and len(paragraphs) > 1
        *bare, last = _pairs(paragraphs[:-1] if is_chip else paragraphs)
        yield from (_Card(*pair) for pair in bare)
        organisation = paragraphs[-1] if is_chip else ""
        yield _Card(*last, organisation, _author_count(lines), _first_date(lines))


def _pairs(paragraphs: list[str]) -> list[tuple[str, str]]:
    """Return title and abstract pairs. A paragraph too long for a title continues the previous abstract."""
    pairs: list[tuple[str, list[str]]] = []
    for paragraph in paragraphs:
        if pairs and (not pairs[-1][1] or len(paragraph) > MAX_TITLE):
            pairs[-1][1].append(paragraph)
        else:
            pairs.append((paragraph, []))
    return [(title, "\n\n".join(abstract)) for title, abstract in pairs]


def _row(card: _Card, number: int, year: int | None, digest_day: date | None) -> Row:
    try:
        facts = _facts(card, year)
    except RowError as error:
        return UnreadableRow(number, card.title[:MAX_TITLE], str(error))
    comments = card.date.comments if card.date else None
    return ParsedRow(number, Source.TEXT, import_page(digest_day, rank=number, comments=comments), facts)


def _facts(card: _Card, year: int | None) -> PaperFacts:
    if not (card.abstract or card.author_count or card.date):
        raise RowError("it has no abstract, authors or date")
    published = card.date.resolved(year) if card.date else None
    return PaperFacts(
        title=checked_title(card.title),
        abstract=checked_text(card.abstract, "abstract"),
        author_count=card.author_count,
        organisation=card.organisation,
        published=published,
        published_inferred=bool(published and card.date and card.date.year is None),
    )
