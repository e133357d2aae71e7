"""Papers as JSON Lines: one object per line. Only `title` is required.

The keys are `arxiv_id`, `title`, `abstract`, `authors` (names), `published_at`, `upvotes`, `num_comments` and
`submitted_on` (the digest day). Other keys are ignored. Pure.
"""

from collections.abc import Iterable, Iterator

from paperclipper import identifiers
from paperclipper.errors import InvalidInputError
from paperclipper.formats.digest import json_values as js
from paperclipper.formats.digest import rows
from paperclipper.formats.digest.json_values import JsonObject
from paperclipper.formats.digest.rows import ParsedRow, Row, RowError, UnreadableRow
from paperclipper.model import Identifier, PaperFacts, Source

MAX_LINE = 1_000_000


def read(lines: Iterable[str]) -> Iterator[Row]:
    """Yield a row for each non-empty line, lazily. Row numbers are line numbers. Never raises.

    A line longer than MAX_LINE characters is unreadable, so callers may truncate lines just above that limit.
    """
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _row(line, number)


def _row(line: str, number: int) -> Row:
    if len(line) > MAX_LINE:
        return UnreadableRow(number, "", f"the line is longer than {MAX_LINE} characters")
    title = ""
    try:
        paper = js.as_object(js.parse(line), "line")
        title = rows.one_line(js.text(paper, "title"))[: rows.MAX_TITLE]
        return _paper_row(paper, number)
    except RowError as error:
        return UnreadableRow(number, title, str(error))


def _paper_row(paper: JsonObject, number: int) -> ParsedRow:
    page = rows.import_page(
        js.day(paper, "submitted_on"),
        upvotes=js.count(paper, "upvotes"),
        comments=js.count(paper, "num_comments"),
    )
    authors = rows.checked_names(js.texts(paper, "authors"), "authors")
    facts = PaperFacts(
        title=rows.checked_title(js.text(paper, "title")),
        abstract=rows.checked_text(js.text(paper, "abstract"), "abstract"),
        authors=authors,
        author_count=len(authors) or None,
        published=js.day(paper, "published_at"),
        identifiers=_identifiers(paper),
    )
    return ParsedRow(number, Source.DATA, page, facts)


def _identifiers(paper: JsonObject) -> tuple[Identifier, ...]:
    try:
        return identifiers.identify(arxiv_id=js.text(paper, "arxiv_id"))
    except InvalidInputError as error:
        raise RowError("its arxiv_id is not an arXiv id") from error
