"""The options and results of an index search."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from paperclipper.search.query.syntax import Span


class Hit(NamedTuple):
    """A search hit. Scores are comparable within one result only. `missing` are the clauses not matched."""

    paper_id: str
    score: float
    missing: tuple[Span, ...] = ()


FacetCounts = Mapping[str, Mapping[str, int]]
"""The number of matches for each value of each facet (`document.FACETS`).

Facets with thousands of values, such as authors, include at least the fifty most frequent.
"""


@dataclass(frozen=True)
class ClauseDiagnostics:
    """The number of papers that match one clause of a query, and that match all other clauses.

    `similar` are words with a similar spelling, starting with those that occur in papers matching the other
    clauses. `split` is the word split in two. Each suggestion has the number of papers that contain it.
    """

    span: Span
    matches: int
    matches_without: int
    similar: tuple[tuple[str, int], ...] = ()
    split: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Wanted:
    """The parts of an answer to compute. `hits` is the maximum number of hits, or None for no limit.

    If fewer than `few` papers match completely, up to `partial` papers that lack some words are returned.
    `nested` maps a label to the labels of its ancestors, whose counts include the papers of descendants.
    """

    hits: int | None = 20
    partial: int = 0
    few: int = 20
    facets: bool = False
    nested: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
