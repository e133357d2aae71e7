"""The public interface of the search package. Services import from here only.

The index is derived data and can be rebuilt from the store at any time. The package must not depend on the
store, and its own modules never import from here.
"""

from paperclipper.search.highlighting.papers import Marked, unmarked
from paperclipper.search.highlighting.snippets import Fragments
from paperclipper.search.index.answer import Answer
from paperclipper.search.index.protocol import Difference, IndexSource, IndexStatus, Progress, SearchIndex
from paperclipper.search.index.search_index import WhooshIndex
from paperclipper.search.query.parser import parse, plain_words
from paperclipper.search.query.results import ClauseDiagnostics, FacetCounts, Hit, Wanted
from paperclipper.search.query.syntax import Query, Span, resolve_tags
from paperclipper.search.text.spelling import similar_words

__all__ = [
    "Answer",
    "ClauseDiagnostics",
    "Difference",
    "FacetCounts",
    "Fragments",
    "Hit",
    "IndexSource",
    "IndexStatus",
    "Marked",
    "Progress",
    "Query",
    "SearchIndex",
    "Span",
    "Wanted",
    "WhooshIndex",
    "parse",
    "plain_words",
    "resolve_tags",
    "similar_words",
    "unmarked",
]
