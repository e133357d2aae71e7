"""Finding papers by what was typed. Hits are ids; the store gives the papers, so what was deleted cannot appear."""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from paperclipper import tag_names
from paperclipper.errors import IndexUnavailableError, InvalidInputError
from paperclipper.model import Paper, Sort, Tag
from paperclipper.search import Answer, Hit, Query, Wanted, parse, plain_words, resolve_tags
from paperclipper.services.search import cursors, indexing, suggestions
from paperclipper.services.search import facets as narrowing
from paperclipper.services.search.result_items import Item, items
from paperclipper.store import tags
from paperclipper.store.papers import papers

_ALL = 1_000_000
_MOST_PARTIAL = 10
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class SearchRequest:
    """What is asked for. As you type, the last word may be a beginning; an unfinished one may lack closing brackets."""

    q: str = ""
    limit: int = 20
    cursor: str = ""
    sort: Sort | None = None
    as_you_type: bool = False
    unfinished: bool = False


@dataclass(frozen=True)
class SearchResults:
    """A page of papers, of `total` that match; `next` and `previous` are cursors.

    `partial` are the best of those that lack words; `explanation` says what each part finds where little was found. `behind`
    says how many papers the index has still to read; 0 where the answer is exact. `truncated_prefixes` are beginnings of so many
    words that only the most frequent ones were looked for.
    """

    items: tuple[Item, ...]
    total: int
    order: Sort
    has_words: bool = False
    behind: int = 0
    partial: tuple[Item, ...] = ()
    facets: tuple[narrowing.Facet, ...] = ()
    filters: tuple[narrowing.Filter, ...] = ()
    explanation: tuple[suggestions.ClauseMatches, ...] = ()
    truncated_prefixes: tuple[str, ...] = ()
    next: str | None = None
    previous: str | None = None
    milliseconds: float = 0.0


def search(library_id: str, request: SearchRequest) -> SearchResults:
    """The papers that a search finds, best first; all, newest first, where nothing is typed.

    Raises QueryError for a search that cannot be read, InvalidInputError and GoneError for a cursor; never for the
    index's sake.
    """
    began = time.perf_counter()
    request = replace(request, cursor="" if request.cursor == "0" else request.cursor)
    known = tags.list_all(library_id)
    query = _asked(request, known)
    if query.is_empty and request.q.strip() and not request.sort:
        results = SearchResults((), 0, query.order)
    else:
        results = _results(library_id, request, query, known)
    return replace(results, milliseconds=(time.perf_counter() - began) * 1000)


def without_syntax(q: str) -> str:
    """The bare words of a search that cannot be read, as many as one may have."""
    return plain_words(q)


def all_ids(library_id: str, q: str, *, as_you_type: bool = False) -> list[str]:
    """The ids of all papers that a search finds with every word; all of the reader's where nothing is typed.

    Raises QueryError, and IndexUnavailableError where the index cannot be exact now.
    """
    if not q.strip():
        return [paper.id for paper in papers.newest(library_id, _ALL)]
    query = _asked(SearchRequest(q, as_you_type=as_you_type), tags.list_all(library_id))
    if query.is_empty:
        return []
    answer, behind = _found(library_id, query, Wanted(_ALL))
    if behind or not answer:
        raise IndexUnavailableError("The search index is catching up. Try again in a moment.")
    return [hit.paper_id for hit in answer.hits]


def _today() -> date:
    return datetime.now().astimezone().date()


def _asked(request: SearchRequest, known: Sequence[Tag]) -> Query:
    query = parse(request.q, _today(), as_you_type=request.as_you_type, unfinished=request.unfinished)
    query = replace(query, sort=request.sort or query.sort)
    return resolve_tags(query, lambda name: _tag_ids(name, known))


def _tag_ids(name: str, known: Sequence[Tag]) -> tuple[str, ...]:
    """The tag of this name, and all that are nested in it."""
    try:
        asked = tag_names.fold_case(tag_names.parse(name))
    except InvalidInputError:
        return ()
    folded = ((tag.id, tag_names.fold_case(tag.name)) for tag in known)
    return tuple(tag_id for tag_id, other in folded if other == asked or other.startswith(f"{asked}/"))


def _results(library_id: str, request: SearchRequest, query: Query, known: Sequence[Tag]) -> SearchResults:
    first, listed = not request.cursor, _is_list(query)
    answer, behind = _found(
        library_id,
        query,
        Wanted(
            hits=cursors.MOST_RANKED if first and not listed else 0,
            partial=_MOST_PARTIAL if first else 0,
            few=request.limit,
            facets=True,
            nested=narrowing.nested(known),
        ),
    )
    page = _page(library_id, request, query, answer)
    shown = _Shown(library_id, query, answer)
    few = answer is not None and first and bool(query.clauses) and answer.total < suggestions.FEW_MATCHES
    return SearchResults(
        shown.items([Hit(paper_id, 0.0) for paper_id in page.ids]),
        page.total,
        query.order,
        query.has_words,
        behind,
        shown.items(answer.partial[: max(0, request.limit - page.total)]) if answer else (),
        narrowing.facets(query, answer.facets, known, _today()) if answer else (),
        narrowing.filters(query),
        _told(library_id, query, known) if few else (),
        answer.truncated_prefixes if answer else (),
        page.next,
        page.previous,
    )


def _is_list(query: Query) -> bool:
    """True for the library as it is, which the store gives in order by itself."""
    return query.is_empty and query.order is Sort.CLIPPED


def _page(library_id: str, request: SearchRequest, query: Query, answer: Answer | None) -> cursors.Page:
    if _is_list(query):
        return cursors.newest(library_id, request.cursor, request.limit)
    if request.cursor:
        return cursors.ranked(library_id, request.cursor, request.limit)
    if answer is None:
        return cursors.Page((), 0)
    position, ids = answer.position, [hit.paper_id for hit in answer.hits]
    typed = [query.text, query.order, str(request.as_you_type), _today().isoformat()]
    asked = [*typed, position.epoch, str(position.stamp), str(request.limit)]
    return cursors.first_of(library_id, asked, ids, answer.total, request.limit)


def _found(library_id: str, query: Query, request: Wanted) -> tuple[Answer | None, int]:
    """The index's answer and how far it is behind; no answer where there is nobody to answer."""
    for _ in range(2):
        behind = indexing.ensure_fresh(library_id)
        try:
            return indexing.index_of(library_id).search(query, request), behind
        except IndexUnavailableError as error:
            # Found out just now: the second time it has been made anew, or is behind.
            _log.warning("Searching: %s", error, exc_info=True)
    return None, max(1, papers.count(library_id))


def _told(library_id: str, query: Query, known: Sequence[Tag]) -> tuple[suggestions.ClauseMatches, ...]:
    try:
        return suggestions.explain(indexing.index_of(library_id), query, known)
    except IndexUnavailableError as error:
        _log.warning("Explaining a search: %s", error)
        return ()


class _Shown:
    """Hits as a reader sees them."""

    def __init__(self, library_id: str, query: Query, answer: Answer | None) -> None:
        self._library_id = library_id
        self._query = query
        self._answer = answer

    def items(self, hits: Sequence[Hit]) -> tuple[Item, ...]:
        """Those that are still there."""
        by_id = papers.get_many(self._library_id, [hit.paper_id for hit in hits])
        answer = [(hit, by_id[hit.paper_id]) for hit in hits if hit.paper_id in by_id]
        return items(
            [(hit, paper) for hit, paper in answer if self._is_live(paper)], self._query, self._answer
        )

    def _is_live(self, paper: Paper) -> bool:
        return paper.deleted_at is None and (paper.is_mine or self._query.includes_skipped)
