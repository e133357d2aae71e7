"""Searching one generation of an index: full matches in their order, and the best partial ones.

Every clause of a plan is evaluated once in each group of segments, over all its papers; all else is made of that.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log
from typing import NamedTuple

import numpy as np

from paperclipper.model import Sort
from paperclipper.search.document import CLIPPED, PUBLISHED, UPVOTES
from paperclipper.search.postings.arrays import Floats, Integers, Mask
from paperclipper.search.query.plan import Plan, PlanClause
from paperclipper.search.query.results import Hit
from paperclipper.search.scoring.evaluation import NO_PAPERS, NodeEvaluator, PaperSet, all_of, with_boosts
from paperclipper.search.whoosh.segment import IndexView, SegmentGroup

_COLUMNS = {Sort.CLIPPED: CLIPPED, Sort.PUBLISHED: PUBLISHED, Sort.UPVOTES: UPVOTES}
_SIMILAR_FACTOR = 0.8


@dataclass(frozen=True)
class GroupMatches:
    """A plan in one group of segments: what each clause holds for; which papers are in scope, and not deleted."""

    group: SegmentGroup
    in_scope: Mask
    clauses: Sequence[PaperSet]
    boosts: Sequence[PaperSet]

    @cached_property
    def complete(self) -> PaperSet:
        """The papers for which all clauses hold."""
        return with_boosts(self.in_scope_of(self.clauses), self.boosts, self.group.count)

    def in_scope_of(self, clauses: Sequence[PaperSet]) -> PaperSet:
        """The papers in scope for which these clauses hold."""
        found = all_of(clauses, self.group.count)
        return found if self.in_scope.all() else found.where(self.in_scope)


def evaluate_plan(view: IndexView, plan: Plan) -> list[GroupMatches]:
    """A plan in each group."""
    return [_evaluate_in_group(view, group, plan) for group in view.groups]


def _evaluate_in_group(view: IndexView, group: SegmentGroup, plan: Plan) -> GroupMatches:
    nodes = NodeEvaluator(view, group)
    boosts = [(nodes.evaluate(node), node, factor) for node, factor in plan.boosts]
    return GroupMatches(
        group,
        view.live(group) & nodes.mask(plan.scope),
        [nodes.evaluate(clause.node) for clause in plan.clauses],
        [_boosted(papers, factor) for papers, _, factor in boosts],
    )


def _boosted(papers: PaperSet, factor: float) -> PaperSet:
    """In 64 bits: beside the factors of titles, little would remain of a score in 32."""
    return PaperSet(
        papers.numbers,
        np.full(len(papers.numbers), factor) * (1.0 if papers.scores is None else papers.scores),
    )


def total(found: Sequence[GroupMatches]) -> int:
    """How many papers match."""
    return sum(len(each.complete.numbers) for each in found)


def top_hits(found: Sequence[GroupMatches], order: Sort, limit: int) -> tuple[Hit, ...]:
    """The first so many matches in their order."""
    if not limit:
        return ()
    ranked = _top([_SortKeys.of(each, _COLUMNS.get(order)) for each in found], limit)
    papers = [each.group.papers for each in found]
    return tuple([Hit(papers[place][number], score) for place, number, score in ranked])


class _SortKeys(NamedTuple):
    """What papers of a group are sorted by: first, where that is equal second, and last when each paper came."""

    first: Floats | Integers
    second: Floats
    numbers: Integers
    clipped: Integers

    @classmethod
    def of(cls, found: GroupMatches, column: str | None) -> "_SortKeys":
        numbers, scores = found.complete
        score = np.zeros(len(numbers), np.float32) if scores is None else scores
        columns = found.group.numbers
        return cls(columns[column][numbers] if column else score, score, numbers, columns[CLIPPED])

    def at_least(self, least: float) -> tuple[Floats | Integers, Floats, Integers, Integers]:
        """The keys and numbers of those whose first key is so much."""
        chosen = np.flatnonzero(self.first >= least)
        numbers = self.numbers[chosen]
        return self.first[chosen], self.second[chosen], self.clipped[numbers], numbers


def _top(keys: Sequence[_SortKeys], limit: int) -> list[tuple[int, int, float]]:
    """(place of the group, number, first key) of the first so many."""
    if not keys:
        return []
    firsts = np.concatenate([key.first for key in keys])
    least = np.partition(firsts, len(firsts) - limit)[len(firsts) - limit] if len(firsts) > limit else -np.inf
    kept = [key.at_least(least) for key in keys]
    place = np.repeat(np.arange(len(keys)), [len(each[0]) for each in kept])
    first, second, clipped, numbers = (np.concatenate(column) for column in zip(*kept, strict=True))
    order = np.lexsort((-clipped, -second, -first))[:limit]
    return list(zip(place[order].tolist(), numbers[order].tolist(), first[order].tolist(), strict=True))


# Papers that lack some of the words


class _Partial(NamedTuple):
    """A group's papers that hold for some clauses, by number: how good they are; what each clause holds for, and
    nearly holds for."""

    group: SegmentGroup
    numbers: Integers
    worth: Floats
    there: Sequence[tuple[PaperSet, PaperSet]]


def partial_hits(view: IndexView, plan: Plan, found: Sequence[GroupMatches], limit: int) -> tuple[Hit, ...]:
    """The best papers for which some clauses that are no filters hold, or nearly hold, but not all.

    A clause tells the more, the fewer papers it holds for; a paper is worth its score times what its clauses tell.
    """
    telling = [i for i, clause in enumerate(plan.clauses) if not clause.is_filter]
    if not telling:
        return ()
    tells = [_telling(view, [each.clauses[i] for each in found]) for i in telling]
    clauses = [plan.clauses[i] for i in telling]
    parts = [_partial(NodeEvaluator(view, each.group), each, plan, telling, tells) for each in found]
    keys = [_SortKeys(part.worth, part.worth, part.numbers, part.group.numbers[CLIPPED]) for part in parts]
    return tuple(_hit(parts[place], number, worth, clauses) for place, number, worth in _top(keys, limit))


def _telling(view: IndexView, papers: Sequence[PaperSet]) -> float:
    return log(1 + view.count / (1 + sum(len(each.numbers) for each in papers)))


def _partial(
    nodes: NodeEvaluator, found: GroupMatches, plan: Plan, telling: Sequence[int], tells: Sequence[float]
) -> _Partial:
    count = found.group.count
    score, significance, matched = np.zeros(count), np.zeros(count), np.zeros(count, np.int32)
    there = []
    for i, tell in zip(telling, tells, strict=True):
        exact = found.clauses[i]
        similar = _similar(nodes, plan.clauses[i], exact, count)
        matched[exact.numbers] += 1
        for part, share in ((exact, 1.0), (similar, _SIMILAR_FACTOR)):
            significance[part.numbers] += share * tell
            if part.scores is not None:
                score[part.numbers] += part.scores
        there.append((exact, similar))
    filters = [each for i, each in enumerate(found.clauses) if i not in telling]
    numbers = found.in_scope_of(filters).numbers
    numbers = numbers[(significance[numbers] > 0) & (matched[numbers] < len(telling))]
    lifted = with_boosts(PaperSet(numbers, score[numbers]), found.boosts, count).scores
    worth = significance[numbers] * (0.0 if lifted is None else lifted) / sum(tells)
    return _Partial(found.group, numbers, worth, there)


def _similar(nodes: NodeEvaluator, clause: PlanClause, exact: PaperSet, count: int) -> PaperSet:
    """What only nearly holds."""
    similar = nodes.evaluate(clause.similar) if clause.similar else NO_PAPERS
    holds, _ = exact.among(similar.numbers, count)
    return PaperSet(similar.numbers[~holds], None if similar.scores is None else similar.scores[~holds])


def _hit(part: _Partial, number: int, worth: float, clauses: Sequence[PlanClause]) -> Hit:
    there = [any(_has(papers, number) for papers in pair) for pair in part.there]
    missing = tuple(clause.span for clause, is_there in zip(clauses, there, strict=True) if not is_there)
    return Hit(part.group.papers[number], worth, missing)


def _has(papers: PaperSet, number: int) -> bool:
    place = int(np.searchsorted(papers.numbers, number))
    return place < len(papers.numbers) and int(papers.numbers[place]) == number
