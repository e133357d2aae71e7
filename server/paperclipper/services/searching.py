"""Finding papers by what was typed. Hits are ids; the store gives the papers, so what was deleted cannot appear."""

import logging
import time
from dataclasses import dataclass

from paperclipper.errors import IndexUnavailableError
from paperclipper.model import Paper
from paperclipper.search.document import Text, texts
from paperclipper.search.index import Found
from paperclipper.search.query import Query, parse
from paperclipper.search.snippets import Fragments, Wanted, marks, matches, snippet, wanted
from paperclipper.services import indexing
from paperclipper.store import papers

_ALL = 1_000_000
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Item:
    """A paper in a list: its title and the best piece of its texts, marked; `field` names where that piece is from."""

    paper: Paper
    title: Fragments
    snippet: Fragments
    field: str


@dataclass(frozen=True)
class SearchResults:
    """A page of papers. `behind` says how many papers the index has still to read; 0 where the answer is exact.

    `relaxed` says that no paper has all the words.
    """

    items: tuple[Item, ...]
    total: int
    relaxed: bool
    behind: int
    milliseconds: float


def search(library_id: str, q: str, *, limit: int = 20, offset: int = 0, as_you_type: bool = False) -> SearchResults:
    """The papers that a search finds, best first; all, newest first, where nothing is typed.

    Raises QueryError for a search that is too long; never for the index's sake.
    """
    began = time.perf_counter()
    query = parse(q, as_you_type=as_you_type)
    if not q.strip():
        listed, total, relaxed, behind = papers.newest(library_id, limit, offset), papers.count(library_id), False, 0
    else:
        found, behind = _found(library_id, query, limit, offset)
        by_id = papers.get_many(library_id, [hit.paper_id for hit in found.hits]) if found else {}
        listed = [paper for hit in (found.hits if found else ()) if (paper := _live(by_id.get(hit.paper_id)))]
        total, relaxed = (found.total, found.relaxed) if found else (0, False)
    sought = wanted(query)
    items = tuple(_item(paper, sought) for paper in listed)
    return SearchResults(items, total, relaxed, behind, (time.perf_counter() - began) * 1000)


def all_ids(library_id: str, q: str, *, as_you_type: bool = False) -> list[str]:
    """The ids of all papers that a search finds with every word; all of the reader's where nothing is typed.

    Raises QueryError, and IndexUnavailableError where the index cannot be exact now.
    """
    query = parse(q, as_you_type=as_you_type)
    if not q.strip():
        return [paper.id for paper in papers.newest(library_id, _ALL)]
    found, behind = _found(library_id, query, _ALL, 0)
    if behind:
        raise IndexUnavailableError("The search index is catching up. Try again in a moment.")
    return [hit.paper_id for hit in found.hits] if found and not found.relaxed else []


def _found(library_id: str, query: Query, limit: int, offset: int) -> tuple[Found | None, int]:
    """The index's answer and how far it is behind; no answer where there is nothing to ask or nobody to answer."""
    if query.is_empty:
        return None, 0
    for _ in range(2):
        behind = indexing.ensure_fresh(library_id)
        try:
            return indexing.index_of(library_id).search(query, limit, offset), behind
        except IndexUnavailableError as error:
            # Found out just now: the second time it has been made anew, or is behind.
            _log.warning("Searching: %s", error, exc_info=True)
    return None, max(1, papers.count(library_id))


def _live(paper: Paper | None) -> Paper | None:
    return paper if paper and paper.deleted_at is None and paper.is_mine else None


def _item(paper: Paper, sought: Wanted) -> Item:
    best = _best(paper, sought)
    return Item(paper, marks(paper.facts.title, sought), snippet(best.text, sought), best.field)


def _best(paper: Paper, sought: Wanted) -> Text:
    """The text to show beside the title: of those with most different words, the first; else the abstract."""
    beside = [text for text in texts(paper) if text.field != "title"]
    return max(beside, key=lambda text: len({match.name for match in matches(text.text, sought)}))
