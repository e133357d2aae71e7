"""Why a search finds nothing, or little, and what would find more. Each advice is a search to follow."""

from collections.abc import Sequence
from dataclasses import dataclass

from paperclipper import tag_names
from paperclipper.model import Tag
from paperclipper.search.index.protocol import SearchIndex
from paperclipper.search.query.results import ClauseDiagnostics
from paperclipper.search.query.syntax import Query, Span, TagClause
from paperclipper.search.text import spelling

LITTLE = 3
"""A search that finds fewer papers is explained."""


@dataclass(frozen=True)
class Advice:
    """A search to try instead: what it changes to, and how many papers have that; of one that leaves out a part, how
    many it finds.
    """

    text: str
    q: str
    count: int | None = None


@dataclass(frozen=True)
class Told:
    """One part of a search: how many papers it finds by itself, and how many the others find `without` it."""

    text: str
    count: int
    near: tuple[Advice, ...]
    otherwise: tuple[Advice, ...]
    without: Advice | None


def diagnose(index: SearchIndex, query: Query, tags: Sequence[Tag]) -> tuple[Told, ...]:
    """What each part of a query finds. Raises IndexUnavailableError."""
    found = index.diagnose(query)
    return tuple(_told(query, finding, tags, alone=len(query.clauses) == 1) for finding in found)


def _told(query: Query, finding: ClauseDiagnostics, tags: Sequence[Tag], *, alone: bool) -> Told:
    span = finding.span
    text = query.text[span.start : span.end]
    near = [Advice(word, query.without(span, word), count) for word, count in finding.similar]
    apart = [Advice(words, query.without(span, words), count) for words, count in finding.split]
    without = None if alone else Advice(query.without(span), query.without(span), finding.matches_without)
    return Told(text, finding.matches, tuple(near + _near_tags(query, span, tags)), tuple(apart), without)


def _near_tags(query: Query, span: Span, tags: Sequence[Tag]) -> list[Advice]:
    clause = next((clause for clause in query.clauses if clause.span == span), None)
    if not isinstance(clause, TagClause) or clause.ids:
        return []
    by_name = {tag_names.fold_case(tag.name): tag.name for tag in tags}
    asked = tag_names.fold_case(clause.name)
    inside = [name for name in by_name if asked in name.split("/")]
    near = [name for _, name in sorted(spelling.similar_words(asked, by_name, 2))]
    return [
        Advice(by_name[name], query.without(span, f'tag:"{by_name[name]}"'))
        for name in dict.fromkeys([*inside, *near][:3])
    ]
