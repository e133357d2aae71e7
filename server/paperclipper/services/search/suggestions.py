"""Explains why a search has few or no matches, and suggests searches with more."""

from collections.abc import Sequence
from dataclasses import dataclass

from paperclipper import tag_names
from paperclipper.model import Tag
from paperclipper.search import ClauseDiagnostics, Query, SearchIndex, Span, similar_words

FEW_MATCHES = 3
"""Searches with fewer matches than this are explained."""


@dataclass(frozen=True)
class Suggestion:
    """An alternative search. `text` is the replacement for a clause, and `count` its number of matches.

    `count` is None if unknown. If the search drops a clause, `count` is the number of matches of the search.
    """

    text: str
    q: str
    count: int | None = None


@dataclass(frozen=True)
class ClauseMatches:
    """A clause of a search, the number of papers that match it alone, and alternative searches."""

    text: str
    count: int
    similar: tuple[Suggestion, ...]
    split: tuple[Suggestion, ...]
    without: Suggestion | None


def explain(index: SearchIndex, query: Query, tags: Sequence[Tag]) -> tuple[ClauseMatches, ...]:
    """Return the matches of each clause of a query. Raise IndexUnavailableError on failure."""
    found = index.diagnose(query)
    return tuple(_clause_matches(query, finding, tags, alone=len(query.clauses) == 1) for finding in found)


def _clause_matches(
    query: Query, finding: ClauseDiagnostics, tags: Sequence[Tag], *, alone: bool
) -> ClauseMatches:
    span = finding.span
    text = query.text_of(span)
    similar = [Suggestion(word, query.without(span, word), count) for word, count in finding.similar]
    split = [Suggestion(words, query.without(span, words), count) for words, count in finding.split]
    without = None if alone else Suggestion(query.without(span), query.without(span), finding.matches_without)
    return ClauseMatches(
        text, finding.matches, tuple(similar + _similar_tags(query, span, tags)), tuple(split), without
    )


def _similar_tags(query: Query, span: Span, tags: Sequence[Tag]) -> list[Suggestion]:
    name = query.unknown_tag(span)
    if name is None:
        return []
    by_name = {tag_names.fold_case(tag.name): tag.name for tag in tags}
    folded = tag_names.fold_case(name)
    inside = [other for other in by_name if folded in other.split("/")]
    similar = [other for _, other in sorted(similar_words(folded, by_name, 2))]
    return [
        Suggestion(by_name[other], query.without(span, f'tag:"{by_name[other]}"'))
        for other in dict.fromkeys([*inside, *similar][:3])
    ]
