"""The answer of an index to a search."""

from collections.abc import Sequence
from dataclasses import dataclass

from paperclipper.model import Paper, Position
from paperclipper.search.highlighting.papers import Marked, Unbreakable, highlight
from paperclipper.search.query.plan import Plan
from paperclipper.search.query.results import FacetCounts, Hit


@dataclass(frozen=True)
class Answer:
    """The `hits`, which are the first of `total` matching papers, and the counts of facets over all matches.

    `partial` are the best papers that lack some words or have them in another spelling, if few papers match.
    `plan` is what was looked for, `position` the state of the index.
    """

    hits: tuple[Hit, ...]
    total: int
    partial: tuple[Hit, ...]
    facets: FacetCounts
    plan: Plan
    position: Position

    @property
    def truncated_prefixes(self) -> tuple[str, ...]:
        """Prefixes of so many words that only the most frequent ones were looked for."""
        return self.plan.truncated_prefixes

    def highlight(self, papers: Sequence[Paper], unbreakable: Unbreakable) -> list[Marked]:
        """Return each paper's title and best piece with the matches marked."""
        return highlight(papers, self.plan, unbreakable)
