"""Cursor-based pagination of papers.

Every paper that exists when the first page is read, and is not edited afterwards, appears on exactly one
page. The pages of a search are slices of a ranking saved with its first page; pages of the library start
before or after a given paper.
"""

import hashlib
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from paperclipper.errors import GoneError, InvalidInputError, StoreError
from paperclipper.model import Paper
from paperclipper.store.papers import papers
from paperclipper.store.search import rankings

MAX_RANKED = rankings.MAX_IDS
_RANKING_CURSOR = re.compile(r"(?P<ranking_id>[0-9a-f]{24})\.(?P<offset>\d{1,4})")
_LIBRARY_CURSOR = re.compile(r"(?P<direction>[<>])(?P<milliseconds>\d{1,15})\.(?P<paper_id>[0-9a-f-]{36})")
_OLDER, _NEWER = "<", ">"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Page:
    """The ids of the papers on a page, the total number of papers, and the cursors of the adjacent pages."""

    ids: tuple[str, ...]
    total: int
    next: str | None = None
    previous: str | None = None


def first_ranked_page(library_id: str, key: Sequence[str], ranking: rankings.Ranking, limit: int) -> Page:
    """Return the first page of a ranking, and save the ranking if there are more pages.

    `key` is everything the ranking depends on.
    """
    if len(ranking.ids) <= limit:
        return Page(ranking.ids, ranking.total)
    ranking_id = hashlib.sha256("\0".join([library_id, *key]).encode(errors="replace")).hexdigest()[:24]
    try:
        rankings.save(ranking_id, library_id, ranking.ids, ranking.total)
    except StoreError as error:  # the first page is useful even without the others
        _log.warning("The ranking of a search was not saved: %s", error)
        return Page(ranking.ids[:limit], ranking.total)
    return _slice(ranking_id, ranking, 0, limit)


def ranked_page(library_id: str, cursor: str, limit: int) -> Page:
    """Return a later page of a search.

    Raise InvalidInputError if the cursor is invalid, and GoneError if the ranking has expired.
    """
    match = _RANKING_CURSOR.fullmatch(cursor)
    if not match:
        raise _invalid_cursor()
    ranking = rankings.get(match["ranking_id"], library_id)
    if ranking is None:
        raise GoneError("The pages of this search have expired. Search again.")
    return _slice(match["ranking_id"], ranking, int(match["offset"]), limit)


def _slice(ranking_id: str, ranking: rankings.Ranking, offset: int, limit: int) -> Page:
    end = offset + limit
    following = f"{ranking_id}.{end}" if end < len(ranking.ids) else None
    before = f"{ranking_id}.{max(0, offset - limit)}" if offset else None
    return Page(ranking.ids[offset:end], ranking.total, following, before)


def library_page(library_id: str, cursor: str, limit: int) -> Page:
    """Return a page of the library, newest clip first. Raise InvalidInputError if the cursor is invalid."""
    match = _LIBRARY_CURSOR.fullmatch(cursor)
    if match:
        edge = (_EPOCH + int(match["milliseconds"]) * _MILLISECOND, match["paper_id"])
        return _adjacent_page(library_id, edge, limit, towards=match["direction"])
    if cursor:
        raise _invalid_cursor()
    found = papers.keyset_page(library_id, None, limit + 1, older=True)
    return _library_page(library_id, found[:limit], has_newer=False, has_older=len(found) > limit)


def _adjacent_page(library_id: str, edge: tuple[datetime, str], limit: int, towards: str) -> Page:
    """Return the page next to `edge`, the first or last paper of the page shown before."""
    is_older = towards == _OLDER
    found = papers.keyset_page(library_id, edge, limit + 1, older=is_older)
    has_more = len(found) > limit
    if is_older:
        return _library_page(library_id, found[:limit], has_newer=True, has_older=has_more)
    return _library_page(library_id, found[-limit:], has_newer=has_more, has_older=True)


def _library_page(library_id: str, shown: Sequence[Paper], *, has_newer: bool, has_older: bool) -> Page:
    return Page(
        tuple(paper.id for paper in shown),
        papers.count(library_id),
        next=_library_cursor(_OLDER, shown[-1]) if shown and has_older else None,
        previous=_library_cursor(_NEWER, shown[0]) if shown and has_newer else None,
    )


def _library_cursor(direction: str, paper: Paper) -> str:
    assert paper.clipped_at  # set for every paper in the library
    return f"{direction}{(paper.clipped_at - _EPOCH) // _MILLISECOND}.{paper.id}"


def _invalid_cursor() -> InvalidInputError:
    message = "This is not a cursor of this list. Use the one from the previous page."
    return InvalidInputError(message, "/cursor")
