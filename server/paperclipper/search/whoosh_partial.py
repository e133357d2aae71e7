"""The best papers that lack some of the words, or have them in another spelling.

A vague sentence has many words that half a library holds, so the rarest words find the papers, and the others are only
looked up in the best of those: the work is bounded whatever is asked.
"""

import heapq
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log
from typing import Any

from paperclipper.search import whoosh_tree
from paperclipper.search.index import Hit
from paperclipper.search.plan import AllOf, Clause, Gate, Plan
from paperclipper.search.whoosh_leaves import scored
from paperclipper.search.whoosh_segment import Segment, View

MOST_POSTINGS = 60_000
_CANDIDATES = 200
_NEAR = 0.8


@dataclass
class _Sought:
    """A clause, its trees, and how much it tells: the rarer, the more."""

    clause: Clause
    tree: Any
    near: Any
    size: int
    telling: float


@dataclass
class _Candidate:
    """A paper of a segment, and which clauses (by bit) it holds, exactly or nearly."""

    score: float = 0.0
    holds: int = 0
    nearly: int = 0


def partial_hits(view: View, plan: Plan, limit: int) -> tuple[Hit, ...]:
    """The best papers for which some clauses that are no filters hold, but not all."""
    sought = [_sought(view, clause) for clause in plan.clauses if not clause.is_filter]
    if not sought:
        return ()
    limits = [clause.node for clause in plan.clauses if clause.is_filter]
    filters = whoosh_tree.of(AllOf((*limits, Gate(plan.scope))), view.numbers).normalize()
    bonus = whoosh_tree.bonus(plan)
    found = [
        (_worth(candidate, sought), segment, number, candidate)
        for searcher, segment in view.leaves()
        for number, candidate in _candidates(searcher, sought, filters, bonus)
        if candidate.holds != (1 << len(sought)) - 1
    ]
    ranked = heapq.nlargest(limit, found, key=lambda row: row[0])
    return tuple(_hit(worth, segment, number, candidate, sought) for worth, segment, number, candidate in ranked)


def _sought(view: View, clause: Clause) -> _Sought:
    reader = view.searcher.reader()
    tree = whoosh_tree.of(clause.node, view.numbers).normalize()
    near = whoosh_tree.of(clause.near, view.numbers) if clause.near else None
    size = int(tree.estimate_size(reader))
    return _Sought(clause, tree, near, size, log(1 + reader.doc_count_all() / (1 + size)))


def _candidates(searcher: Any, sought: Sequence[_Sought], filters: Any, bonus: Any) -> Iterator[tuple[int, _Candidate]]:
    found: dict[int, _Candidate] = defaultdict(_Candidate)
    drivers = _drivers(sought)
    for i in drivers:
        _add(found, i, sought[i], searcher)
    allowed = {number for number, _ in scored(filters, searcher)}
    best = heapq.nlargest(_CANDIDATES, ((n, c) for n, c in found.items() if n in allowed), key=lambda row: row[1].score)
    numbers = sorted(number for number, _ in best)
    for i, each in enumerate(sought):
        if i not in drivers:
            for number, score in _looked_up(each.tree, searcher, numbers):
                found[number].score += score
                found[number].holds |= 1 << i
    for number, score in _looked_up(bonus, searcher, numbers):
        found[number].score += score
    return iter(best)


def _drivers(sought: Sequence[_Sought]) -> set[int]:
    order = sorted(range(len(sought)), key=lambda i: sought[i].size)
    left, chosen = MOST_POSTINGS, set(order[:1])
    for i in order:
        left -= sought[i].size
        if left >= 0:
            chosen.add(i)
    return chosen


def _add(found: dict[int, _Candidate], i: int, sought: _Sought, searcher: Any) -> None:
    for number, score in scored(sought.tree, searcher):
        found[number].score += score
        found[number].holds |= 1 << i
    for number, score in scored(sought.near, searcher) if sought.near else ():
        if not found[number].holds & 1 << i:
            found[number].score += score
            found[number].nearly |= 1 << i


def _looked_up(tree: Any, searcher: Any, numbers: Sequence[int]) -> Iterator[tuple[int, float]]:
    matcher = tree.matcher(searcher, searcher.context(needs_current=True))
    for number in numbers:
        if matcher.is_active():
            matcher.skip_to(number)
        if matcher.is_active() and matcher.id() == number:
            yield number, matcher.score()


def _worth(candidate: _Candidate, sought: Sequence[_Sought]) -> float:
    held = sum(each.telling for i, each in enumerate(sought) if candidate.holds & 1 << i)
    held += sum(_NEAR * each.telling for i, each in enumerate(sought) if candidate.nearly & 1 << i)
    return candidate.score * held / sum(each.telling for each in sought)


def _hit(worth: float, segment: Segment, number: int, candidate: _Candidate, sought: Sequence[_Sought]) -> Hit:
    there = candidate.holds | candidate.nearly
    missing = tuple(each.clause.span for i, each in enumerate(sought) if not there & 1 << i)
    return Hit(segment.paper_id(number), worth, missing)
