"""Pages of papers by cursor. A paper that was there at the first page and is not edited since stands on one of them.

A search's pages come from the ids that its first page ranked; the library's, newest first, from one paper to the next.
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

MOST_RANKED = rankings.MAX_IDS
_RANKED = re.compile(r"([0-9a-f]{24})\.(\d{1,4})")
_BESIDE = re.compile(r"([<>])(\d{1,15})\.([0-9a-f-]{36})")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Page:
    """The ids of a page's papers in order, how many papers there are in all, and the cursors of the pages beside it."""

    ids: tuple[str, ...]
    total: int
    next: str | None = None
    previous: str | None = None


def first_of(library_id: str, asked: Sequence[str], ids: Sequence[str], total: int, limit: int) -> Page:
    """The first page of what a search ranked; where there are more, all are kept. `asked` is all that led to them."""
    if len(ids) <= limit:
        return Page(tuple(ids), total)
    ranking_id = hashlib.sha256("\0".join([library_id, *asked]).encode(errors="replace")).hexdigest()[:24]
    try:
        rankings.save(ranking_id, library_id, ids, total)
    except StoreError as error:  # the first page stands without the others
        _log.warning("A search's pages were not kept: %s", error)
        return Page(tuple(ids[:limit]), total)
    return _cut(ranking_id, rankings.Ranking(tuple(ids[:MOST_RANKED]), total), 0, limit)


def ranked(library_id: str, cursor: str, limit: int) -> Page:
    """A later page of a search. Raises InvalidInputError, and GoneError where the hour is over."""
    found = _RANKED.fullmatch(cursor)
    if not found:
        raise _no_cursor()
    ranking = rankings.get(found[1], library_id)
    if ranking is None:
        raise GoneError("The pages of this search were kept for an hour, and are gone. Search again.")
    return _cut(found[1], ranking, int(found[2]), limit)


def _cut(ranking_id: str, ranking: rankings.Ranking, offset: int, limit: int) -> Page:
    end = offset + limit
    following = f"{ranking_id}.{end}" if end < len(ranking.ids) else None
    before = f"{ranking_id}.{max(0, offset - limit)}" if offset else None
    return Page(ranking.ids[offset:end], ranking.total, following, before)


def newest(library_id: str, cursor: str, limit: int) -> Page:
    """A page of the library, last clipped first. Raises InvalidInputError."""
    found = _BESIDE.fullmatch(cursor) if cursor else None
    if cursor and not found:
        raise _no_cursor()
    older = not found or found[1] == "<"
    beside = (_EPOCH + int(found[2]) * _MILLISECOND, found[3]) if found else None
    listed = papers.keyset_page(library_id, beside, limit + 1, older=older)
    more = len(listed) > limit
    shown = listed[:limit] if older else listed[-limit:]
    return Page(
        tuple(paper.id for paper in shown),
        papers.count(library_id),
        _edge("<", shown[-1]) if shown and (more or not older) else None,
        _edge(">", shown[0]) if shown and (more if not older else beside is not None) else None,
    )


def _edge(sign: str, paper: Paper) -> str:
    assert paper.clipped_at  # the reader's own
    return f"{sign}{(paper.clipped_at - _EPOCH) // _MILLISECOND}.{paper.id}"


def _no_cursor() -> InvalidInputError:
    return InvalidInputError("This is not a cursor of this list. Take it from the page before.", "/cursor")
