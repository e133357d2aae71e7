"""What an index answers to a search."""

from collections.abc import Sequence
from dataclasses import dataclass

from paperclipper.model import Paper, Position
from paperclipper.search.highlighting.papers import Marked, Unbreakable, highlight
from paperclipper.search.query.plan import Plan
from paperclipper.search.query.results import FacetCounts, Hit


@dataclass(frozen=True)
class Answer:
    """An answer. `total` papers match in all, of which `hits` are the first and `facets` count all.

    `partial` are the best of those that lack words, or have them in another spelling, where few match. `plan` is what
    was looked for. `position` is that of the index which answered.
    """

    hits: tuple[Hit, ...]
    total: int
    partial: tuple[Hit, ...]
    facets: FacetCounts
    plan: Plan
    position: Position

    @property
    def truncated_prefixes(self) -> tuple[str, ...]:
        """The prefixes of so many words that only the most frequent ones were looked for."""
        return self.plan.truncated_prefixes

    def highlight(self, papers: Sequence[Paper], unbreakable: Unbreakable) -> list[Marked]:
        """Mark what the search found in each paper."""
        return highlight(papers, self.plan, unbreakable)
