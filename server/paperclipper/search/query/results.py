"""What a search asks of the index, and what the index returns."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from paperclipper.search.query.syntax import Span


class Hit(NamedTuple):
    """A paper found, with a score to compare within one list. `missing` are the clauses it does not match."""

    paper_id: str
    score: float
    missing: tuple[Span, ...] = ()


FacetCounts = Mapping[str, Mapping[str, int]]
"""How many matches have each value of each facet (`document.FACETS`).

Facets with thousands of values, such as authors, have at least the fifty most frequent.
"""


@dataclass(frozen=True)
class ClauseDiagnostics:
    """How many papers match one clause of a query, and how many match all others without it.

    `similar` are words with a similar spelling; those that find something together with the other clauses
    come first. `split` are the word written as two. Each has the number of papers that contain it.
    """

    span: Span
    matches: int
    matches_without: int
    similar: tuple[tuple[str, int], ...] = ()
    split: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Wanted:
    """How much of an answer to compute. `hits` is the maximum number of hits, None for all.

    Up to `partial` papers that lack some words are returned if fewer than `few` papers match in full.
    `nested` maps a label to the labels it is nested in: a paper counts once for each of those, too.
    """

    hits: int | None = 20
    partial: int = 0
    few: int = 20
    facets: bool = False
    nested: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
