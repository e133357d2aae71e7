"""Searches a library.

Parses the request, queries the index, loads the papers from the store and marks the matches. The index only
returns ids. Because the papers are loaded from the store, deleted papers never appear.
"""

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
from paperclipper.services.search.facets import Facet, Filter, active_filters, list_facets, outer_labels
from paperclipper.services.search.result_items import Item, result_items
from paperclipper.store import tags
from paperclipper.store.papers import papers
from paperclipper.store.search.rankings import Ranking

_MAX_PARTIAL = 10
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class SearchRequest:
    """A search request for one page of results.

    `as_you_type`: the last word may be a prefix. `unfinished`: closing brackets may be missing.
    """

    q: str = ""
    limit: int = 20
    cursor: str = ""
    sort: Sort | None = None
    as_you_type: bool = False
    unfinished: bool = False


@dataclass(frozen=True)
class SearchResults:
    """One page of the `total` matching papers. `next` and `previous` are cursors.

    `partial` are the best papers that lack some words. `explanation` has the matches of each clause if few
    papers match. `behind` is the number of papers not indexed yet; 0 if the results are exact.
    `truncated_prefixes` are prefixes with too many matching words, of which only the most frequent were used.
    """

    items: tuple[Item, ...]
    total: int
    order: Sort
    has_words: bool = False
    behind: int = 0
    partial: tuple[Item, ...] = ()
    facets: tuple[Facet, ...] = ()
    filters: tuple[Filter, ...] = ()
    explanation: tuple[suggestions.ClauseMatches, ...] = ()
    truncated_prefixes: tuple[str, ...] = ()
    next: str | None = None
    previous: str | None = None
    milliseconds: float = 0.0


def search(library_id: str, request: SearchRequest) -> SearchResults:
    """Return the papers that match a search, best first; for an empty search, all papers, newest clip first.

    Raise QueryError if the search is invalid, and InvalidInputError or GoneError if the cursor is invalid or
    has expired. Index errors are never raised.
    """
    started = time.perf_counter()
    request = replace(request, cursor="" if request.cursor == "0" else request.cursor)
    known_tags = tags.list_all(library_id)
    query = _parse(request, known_tags)
    if query.is_empty and request.q.strip() and not request.sort:
        results = SearchResults((), 0, query.order)
    else:
        results = _search(library_id, request, query, known_tags)
    return replace(results, milliseconds=(time.perf_counter() - started) * 1000)


def _parse(request: SearchRequest, known_tags: Sequence[Tag]) -> Query:
    query = parse(request.q, _today(), as_you_type=request.as_you_type, unfinished=request.unfinished)
    query = replace(query, sort=request.sort or query.sort)
    return resolve_tags(query, lambda name: _tag_ids(name, known_tags))


def _today() -> date:
    return datetime.now().astimezone().date()


def _tag_ids(name: str, known_tags: Sequence[Tag]) -> tuple[str, ...]:
    """Return the ids of the tag with this name and of its descendants."""
    try:
        folded = tag_names.fold_case(tag_names.parse(name))
    except InvalidInputError:
        return ()
    by_id = {tag.id: tag_names.fold_case(tag.name) for tag in known_tags}
    return tuple(
        tag_id for tag_id, other in by_id.items() if other == folded or other.startswith(f"{folded}/")
    )


def _search(
    library_id: str, request: SearchRequest, query: Query, known_tags: Sequence[Tag]
) -> SearchResults:
    answer, behind = _ask_index(library_id, query, _wanted(request, query, known_tags))
    page = _page(library_id, request, query, answer)
    results = SearchResults(
        items=_items(library_id, query, answer, [Hit(paper_id, 0.0) for paper_id in page.ids]),
        total=page.total,
        order=query.order,
        has_words=query.has_words,
        behind=behind,
        filters=active_filters(query),
        next=page.next,
        previous=page.previous,
    )
    if answer is None:
        return results
    partial = answer.partial[: max(0, request.limit - page.total)]
    return replace(
        results,
        partial=_items(library_id, query, answer, partial),
        facets=list_facets(query, answer.facets, known_tags, _today()),
        explanation=_explain(library_id, request, query, answer, known_tags),
        truncated_prefixes=answer.truncated_prefixes,
    )


# Search


def _wanted(request: SearchRequest, query: Query, known_tags: Sequence[Tag]) -> Wanted:
    """Return how many results to request from the index.

    Later pages are read from the ranking saved with the first page, and pages of the library from the store.
    """
    is_first_page = not request.cursor
    return Wanted(
        hits=cursors.MAX_RANKED if is_first_page and not _is_library(query) else 0,
        partial=_MAX_PARTIAL if is_first_page else 0,
        few=request.limit,
        facets=True,
        nested=outer_labels(known_tags),
    )


def _is_library(query: Query) -> bool:
    """Return whether the query lists the whole library in default order, which needs no index."""
    return query.is_empty and query.order is Sort.CLIPPED


def _ask_index(library_id: str, query: Query, wanted: Wanted) -> tuple[Answer | None, int]:
    """Query the index. Return the answer, or None if the index is unavailable, and how far it is behind."""
    for _ in range(2):
        behind = indexing.ensure_fresh(library_id)
        try:
            return indexing.index_of(library_id).search(query, wanted), behind
        except IndexUnavailableError as error:
            # The damage was only just detected: on the second attempt, the index is rebuilt or behind.
            _log.warning("The search failed: %s", error, exc_info=True)
    return None, max(1, papers.count(library_id))


def _page(library_id: str, request: SearchRequest, query: Query, answer: Answer | None) -> cursors.Page:
    if _is_library(query):
        return cursors.library_page(library_id, request.cursor, request.limit)
    if request.cursor:
        return cursors.ranked_page(library_id, request.cursor, request.limit)
    if answer is None:
        return cursors.Page((), 0)
    typed = [query.text, query.order, str(request.as_you_type), _today().isoformat()]
    key = [*typed, answer.position.epoch, str(answer.position.stamp), str(request.limit)]
    ranking = Ranking(tuple(hit.paper_id for hit in answer.hits), answer.total)
    return cursors.first_ranked_page(library_id, key, ranking, request.limit)


# Highlight


def _items(library_id: str, query: Query, answer: Answer | None, hits: Sequence[Hit]) -> tuple[Item, ...]:
    """Load the papers of hits, skip those deleted in the meantime, and mark the matches."""
    by_id = papers.get_many(library_id, [hit.paper_id for hit in hits])
    found = [(hit, by_id[hit.paper_id]) for hit in hits if hit.paper_id in by_id]
    return result_items([(hit, paper) for hit, paper in found if _is_shown(paper, query)], query, answer)


def _is_shown(paper: Paper, query: Query) -> bool:
    return paper.deleted_at is None and (paper.is_mine or query.includes_skipped)


# Explain


def _explain(
    library_id: str, request: SearchRequest, query: Query, answer: Answer, known_tags: Sequence[Tag]
) -> tuple[suggestions.ClauseMatches, ...]:
    if request.cursor or query.is_empty or answer.total >= suggestions.FEW_MATCHES:
        return ()
    try:
        return suggestions.explain(indexing.index_of(library_id), query, known_tags)
    except IndexUnavailableError as error:
        _log.warning("The search cannot be explained: %s", error)
        return ()


# Without results


def without_syntax(q: str) -> str:
    """Return the bare words of an invalid search, up to the maximum number of words."""
    return plain_words(q)


def all_ids(library_id: str, q: str, *, as_you_type: bool = False) -> list[str]:
    """Return the ids of all papers that match a search completely; for an empty search, of all papers.

    Raise QueryError if the search is invalid, and IndexUnavailableError if the index is not up to date.
    """
    if not q.strip():
        return [paper.id for paper in papers.newest(library_id, papers.count(library_id))]
    query = _parse(SearchRequest(q, as_you_type=as_you_type), tags.list_all(library_id))
    if query.is_empty:
        return []
    answer, behind = _ask_index(library_id, query, Wanted(hits=None))
    if behind or not answer:
        raise IndexUnavailableError("The search index is being updated. Try again in a moment.")
    return [hit.paper_id for hit in answer.hits]
