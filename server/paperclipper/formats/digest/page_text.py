"""The digest's list page, saved or copied as plain text.

Such a page has no identifiers and no author names. A row is a title, an abstract, and below them what else
the card shows: `•  6 authors` or an organisation, `·`, `Dec 8, 2022 2` (the last number is the number of
comments). Any of the latter may be missing, and a date in the current year is printed without the year. Pure.
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
"""Whether it is metadata, and its lines or paragraphs."""


@dataclass(frozen=True)
class _PrintedDate:
    month: int
    day: int
    year: int | None
    comments: int | None

    def resolved(self, year: int | None) -> date | None:
        """Return the date, in the given year if none is printed, or None if there is no such date."""
        chosen = self.year or year
        try:
            return date(chosen, self.month, self.day) if chosen else None
        except ValueError:
            return None


@dataclass(frozen=True)
class _Card:
    """The parts of a card as printed."""

    title: str
    abstract: str = ""
    organisation: str = ""
    author_count: int | None = None
    date: _PrintedDate | None = None


def read(text: str, *, year: int | None = None) -> list[Row]:
    """Return the rows of the page in order, or an empty list if the text is not such a page.

    A date without a year gets `year`, or one more than the newest year printed in the text, and is marked as
    inferred; if no year is printed at all, it stays unknown. A row that cannot be read has the reason.
    Reading stops one row after MAX_LISTED, which shows that there are too many.
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
    """Return the lines with white space collapsed; an empty one ends a paragraph."""
    return [" ".join(line.split()) for line in text.removeprefix("\ufeff").splitlines()]


def _runs(lines: Iterable[str]) -> list[_Run]:
    """Return alternating runs of metadata lines (True) and of text (False) with one entry per paragraph."""
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
    """Return the digest's day and the runs after it.

    A page has one if its first date is alone, under no card.
    """
    first = next((i for i, (is_meta, _) in enumerate(runs) if is_meta), None)
    if first is None or len(runs[first][1]) != 1:
        return None, runs
    day = _printed_date(runs[first][1][0])
    return (day, runs[first + 1 :]) if day else (None, runs)


def _cards(runs: list[_Run]) -> Iterator[_Card]:
    """Yield the cards. Text is pairs of title and abstract; metadata belongs to the last pair before it."""
    for index, (is_meta, paragraphs) in enumerate(runs):
        if is_meta:
            continue
        lines = runs[index + 1][1] if index + 1 < len(runs) else []
        # The dot follows either the number of authors or the name of an organisation.
        is_chip = lines[:1] == [_DOT] and len(paragraphs) % 2 == 1 and len(paragraphs) > 1
        *bare, last = _pairs(paragraphs[:-1] if is_chip else paragraphs)
        yield from (_Card(*pair) for pair in bare)
        organisation = paragraphs[-1] if is_chip else ""
        yield _Card(*last, organisation, _author_count(lines), _first_date(lines))


def _pairs(paragraphs: list[str]) -> list[tuple[str, str]]:
    """Return pairs of title and abstract. A paragraph too long for a title continues the last abstract."""
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
