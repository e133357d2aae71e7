"""Responses of the digest's API: a day's list (`/api/daily_papers?date=…`) or a paper (`/api/papers/ID`).

Pure. The parsing is based on the responses for 558 days. Titles and abstracts contain hard line breaks.
The digest day is in `submittedOnDailyAt` since March 2025, and in the item's `publishedAt` before that
(`publishedAt` has had a different meaning since).
"""

from collections.abc import Iterator
from datetime import date

from paperclipper import identifiers
from paperclipper.errors import InvalidInputError
from paperclipper.formats.digest import json_values as js
from paperclipper.formats.digest import rows
from paperclipper.formats.digest.json_values import JsonObject
from paperclipper.formats.digest.rows import ParsedRow, Row, RowError, UnreadableRow
from paperclipper.model import Identifier, PaperFacts, Source


def read(answer: object) -> Iterator[Row]:
    """Yield the rows of a response, which is a list of items in rank order, or a single item or paper.

    Never raises. An UnreadableRow contains the reason why a row could not be read.
    """
    if isinstance(answer, list):
        for number, item in enumerate(answer, 1):
            yield _row(item, number, rank=number)
    else:
        yield _row(answer, 1, rank=None)


def is_answer(value: object) -> bool:
    """Return whether a value is a response of this API: a paper with an `id`, or an item with a `paper`."""
    return isinstance(value, dict) and ("paper" in value or "id" in value)


def _row(item: object, number: int, rank: int | None) -> Row:
    try:
        return _paper_row(js.as_object(item), number, rank)
    except RowError as error:
        return UnreadableRow(number, _title_seen(item), str(error))


def _title_seen(item: object) -> str:
    title = item.get("title") if isinstance(item, dict) else None
    return rows.one_line(title)[: rows.MAX_TITLE] if isinstance(title, str) else ""


def _paper_row(item: JsonObject, number: int, rank: int | None) -> ParsedRow:
    paper = js.as_object(item["paper"], "paper") if "paper" in item else item
    comments = js.count(item, "numComments")
    page = rows.import_page(
        _digest_day(item, paper), rank=rank, upvotes=js.count(paper, "upvotes"), comments=comments
    )
    return ParsedRow(number, Source.DATA, page, _facts(item, paper))


def _digest_day(item: JsonObject, paper: JsonObject) -> date | None:
    day = js.day(paper, "submittedOnDailyAt")
    return day or (js.day(item, "publishedAt") if item is not paper else None)


def _facts(item: JsonObject, paper: JsonObject) -> PaperFacts:
    authors = js.objects(paper, "authors")
    return PaperFacts(
        title=rows.checked_title(js.text(paper, "title") or js.text(item, "title")),
        abstract=rows.checked_text(js.text(paper, "summary"), "summary"),
        authors=rows.checked_names((js.text(a, "name") for a in authors if not a.get("hidden")), "authors"),
        author_count=len(authors) or None,
        published=js.day(paper, "publishedAt"),
        organisation=_organisation(paper),
        keywords=rows.checked_names(js.texts(paper, "ai_keywords"), "keywords"),
        ai_summary=rows.checked_text(js.text(paper, "ai_summary"), "ai_summary"),
        thumbnail_url=_web_address(item, "thumbnail"),
        code_url=_web_address(paper, "githubRepo"),
        project_url=_web_address(paper, "projectPage"),
        identifiers=_identifiers(paper),
    )


def _organisation(paper: JsonObject) -> str:
    if paper.get("organization") is None:
        return ""
    organisation = js.as_object(paper["organization"], "organization")
    return rows.one_line(js.text(organisation, "fullname") or js.text(organisation, "name"))


def _identifiers(paper: JsonObject) -> tuple[Identifier, ...]:
    try:
        return identifiers.identify(arxiv_id=js.text(paper, "id"))
    except InvalidInputError as error:
        raise RowError("its id is not an arXiv id") from error


def _web_address(row: JsonObject, key: str) -> str:
    """Return the URL under the key, or an empty string if it is invalid: these URLs are user input."""
    try:
        return identifiers.check_url(js.text(row, key).strip())
    except InvalidInputError:
        return ""
