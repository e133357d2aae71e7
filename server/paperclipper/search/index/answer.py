"""The result of a search in an index."""

from collections.abc import Sequence
from dataclasses import dataclass

from paperclipper.model import Paper, Position
from paperclipper.search.highlighting.papers import Marked, Unbreakable, highlight
from paperclipper.search.query.plan import Plan
from paperclipper.search.query.results import FacetCounts, Hit


@dataclass(frozen=True)
class Answer:
    """The result of a search: the first `hits` of `total` matching papers, and facet counts over all matches.

    If few papers match, `partial` has the best papers that lack some words or spell them differently. `plan`
    is the plan that was evaluated, `position` the position of the index at that time.
    """

    hits: tuple[Hit, ...]
    total: int
    partial: tuple[Hit, ...]
    facets: FacetCounts
    plan: Plan
    position: Position

    @property
    def truncated_prefixes(self) -> tuple[str, ...]:
        """Prefixes with too many matching words, of which only the most frequent were searched for."""
        return self.plan.truncated_prefixes

    def highlight(self, papers: Sequence[Paper], unbreakable: Unbreakable) -> list[Marked]:
        """Return the title and the best snippet of each paper, with the matches marked."""
        return highlight(papers, self.plan, unbreakable)
