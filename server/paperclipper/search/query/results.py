"""What a search asks of an index, and the parts of what the index answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from paperclipper.search.query.syntax import Span


class Hit(NamedTuple):
    """A paper that was found. Scores compare within one list only; `missing` are the parts of the query it lacks."""

    paper_id: str
    score: float
    missing: tuple[Span, ...] = ()


FacetCounts = Mapping[str, Mapping[str, int]]
"""How many of the matches have each value of each facet (`document.FACETS`); of authors and organisations, which may be
many thousands, at least the fifty most frequent."""


@dataclass(frozen=True)
class ClauseDiagnostics:
    """What one part of a query finds: by itself, and what the others find without it.

    `similar` are words spelt nearly the same, those that find something together with the others first; `split` are
    ways to write it apart. Both come with the number of papers that have them.
    """

    span: Span
    matches: int
    matches_without: int
    similar: tuple[tuple[str, int], ...] = ()
    split: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Wanted:
    """How much of an answer is asked for. Papers that lack words are given where fewer than `few` match.

    A paper with a label also counts for those that the label is `nested` in, once for each.
    """

    hits: int | None = 20
    partial: int = 0
    few: int = 20
    facets: bool = False
    nested: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
