"""Searching one generation of a Whoosh index: full matches, the best partial ones, and what each part finds."""

import heapq
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from paperclipper.model import Sort
from paperclipper.search import whoosh_tree
from paperclipper.search.document import CLIPPED, FACETS, PUBLISHED, UPVOTES
from paperclipper.search.index import Counts, Hit
from paperclipper.search.plan import Plan
from paperclipper.search.whoosh_leaves import scored
from paperclipper.search.whoosh_segment import Segment, View

_COLUMNS = {Sort.CLIPPED: CLIPPED, Sort.PUBLISHED: PUBLISHED, Sort.UPVOTES: UPVOTES}


class Match(NamedTuple):
    """A paper in its segment, and what it is sorted by."""

    keys: tuple[float, ...]
    segment: Segment
    number: int

    def hit(self) -> Hit:
        """As the protocol gives it."""
        return Hit(self.segment.paper_id(self.number), self.keys[0])


def full_matches(view: View, plan: Plan) -> list[Match]:
    """All papers for which every clause holds, in no order."""
    tree = whoosh_tree.full(plan, view.numbers).normalize()
    column = _COLUMNS.get(plan.order)
    found = []
    for searcher, segment in view.leaves():
        clipped = segment.numbers(CLIPPED)
        sorted_by = segment.numbers(column) if column else None
        for number, score in scored(tree, searcher):
            keys = (score, clipped[number]) if sorted_by is None else (sorted_by[number], score, clipped[number])
            found.append(Match(keys, segment, number))
    return found


def best(matches: list[Match], limit: int) -> tuple[Hit, ...]:
    """The first so many in their order."""
    return tuple(match.hit() for match in heapq.nlargest(limit, matches, key=lambda match: match.keys))


def counts(matches: Sequence[Match], nested: Mapping[str, tuple[str, ...]]) -> Counts:
    """How many of the matches have each label that is counted."""
    counted: Counter[str] = Counter()
    for match in matches:
        labels = match.segment.faceted(match.number)
        above = {outer for label in labels if label in nested for outer in nested[label]} if nested else ()
        counted.update(above.union(labels) if above else labels)
    found: dict[str, dict[str, int]] = {facet: {} for facet in FACETS}
    for label, count in counted.items():
        facet, _, value = label.partition(":")
        found[facet][value] = count
    return found
