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
from paperclipper.search.query.plan import Clause, Plan
from paperclipper.search.query.results import Hit
from paperclipper.search.scoring.evaluation import NOBODY, Held, Nodes, all_of, with_more
from paperclipper.search.whoosh.segment import Group, View

_COLUMNS = {Sort.CLIPPED: CLIPPED, Sort.PUBLISHED: PUBLISHED, Sort.UPVOTES: UPVOTES}
_NEAR = 0.8


@dataclass(frozen=True)
class Searched:
    """A plan in one group of segments: what each clause holds for; which papers are in scope, and not deleted."""

    group: Group
    stands: Mask
    clauses: Sequence[Held]
    bonus: Sequence[Held]

    @cached_property
    def full(self) -> Held:
        """The papers for which all clauses hold."""
        return with_more(self.limited(self.clauses), self.bonus, self.group.count)

    def limited(self, clauses: Sequence[Held]) -> Held:
        """The papers in scope for which these clauses hold."""
        found = all_of(clauses, self.group.count)
        return found if self.stands.all() else found.where(self.stands)


def searched(view: View, plan: Plan) -> list[Searched]:
    """A plan in each group."""
    return [_searched(view, group, plan) for group in view.groups]


def _searched(view: View, group: Group, plan: Plan) -> Searched:
    nodes = Nodes(view, group)
    bonus = [(nodes.held(node), node, factor) for node, factor in plan.bonus]
    return Searched(
        group,
        view.alive(group) & nodes.mask(plan.scope),
        [nodes.held(clause.node) for clause in plan.clauses],
        [_times(held, factor) for held, _, factor in bonus],
    )


def _times(held: Held, factor: float) -> Held:
    """In 64 bits: beside the factors of titles, little would remain of a score in 32."""
    return Held(
        held.numbers, np.full(len(held.numbers), factor) * (1.0 if held.scores is None else held.scores)
    )


def total(found: Sequence[Searched]) -> int:
    """How many papers match."""
    return sum(len(each.full.numbers) for each in found)


def best(found: Sequence[Searched], order: Sort, limit: int) -> tuple[Hit, ...]:
    """The first so many matches in their order."""
    if not limit:
        return ()
    ranked = _ranked([_Keys.of(each, _COLUMNS.get(order)) for each in found], limit)
    papers = [each.group.papers for each in found]
    return tuple([Hit(papers[place][number], score) for place, number, score in ranked])


class _Keys(NamedTuple):
    """What papers of a group are sorted by: first, where that is equal second, and last when each paper came."""

    first: Floats | Integers
    second: Floats
    numbers: Integers
    came: Integers

    @classmethod
    def of(cls, found: Searched, column: str | None) -> "_Keys":
        numbers, scores = found.full
        score = np.zeros(len(numbers), np.float32) if scores is None else scores
        columns = found.group.numbers
        return cls(columns[column][numbers] if column else score, score, numbers, columns[CLIPPED])

    def at_least(self, least: float) -> tuple[Floats | Integers, Floats, Integers, Integers]:
        """The keys and numbers of those whose first key is so much."""
        chosen = np.flatnonzero(self.first >= least)
        numbers = self.numbers[chosen]
        return self.first[chosen], self.second[chosen], self.came[numbers], numbers


def _ranked(keys: Sequence[_Keys], limit: int) -> list[tuple[int, int, float]]:
    """(place of the group, number, first key) of the first so many."""
    if not keys:
        return []
    firsts = np.concatenate([key.first for key in keys])
    least = np.partition(firsts, len(firsts) - limit)[len(firsts) - limit] if len(firsts) > limit else -np.inf
    kept = [key.at_least(least) for key in keys]
    place = np.repeat(np.arange(len(keys)), [len(each[0]) for each in kept])
    first, second, came, numbers = (np.concatenate(column) for column in zip(*kept, strict=True))
    order = np.lexsort((-came, -second, -first))[:limit]
    return list(zip(place[order].tolist(), numbers[order].tolist(), first[order].tolist(), strict=True))


# Papers that lack some of the words


class _Partial(NamedTuple):
    """A group's papers that hold for some clauses, by number: how good they are; what each clause holds for, and
    nearly holds for."""

    group: Group
    numbers: Integers
    worth: Floats
    there: Sequence[tuple[Held, Held]]


def partial_hits(view: View, plan: Plan, found: Sequence[Searched], limit: int) -> tuple[Hit, ...]:
    """The best papers for which some clauses that are no filters hold, or nearly hold, but not all.

    A clause tells the more, the fewer papers it holds for; a paper is worth its score times what its clauses tell.
    """
    telling = [i for i, clause in enumerate(plan.clauses) if not clause.is_filter]
    if not telling:
        return ()
    tells = [_telling(view, [each.clauses[i] for each in found]) for i in telling]
    clauses = [plan.clauses[i] for i in telling]
    parts = [_partial(Nodes(view, each.group), each, plan, telling, tells) for each in found]
    keys = [_Keys(part.worth, part.worth, part.numbers, part.group.numbers[CLIPPED]) for part in parts]
    return tuple(_hit(parts[place], number, worth, clauses) for place, number, worth in _ranked(keys, limit))


def _telling(view: View, held: Sequence[Held]) -> float:
    return log(1 + view.count / (1 + sum(len(each.numbers) for each in held)))


def _partial(
    nodes: Nodes, found: Searched, plan: Plan, telling: Sequence[int], tells: Sequence[float]
) -> _Partial:
    count = found.group.count
    score, told, held = np.zeros(count), np.zeros(count), np.zeros(count, np.int32)
    there = []
    for i, tell in zip(telling, tells, strict=True):
        exact = found.clauses[i]
        near = _near(nodes, plan.clauses[i], exact, count)
        held[exact.numbers] += 1
        for part, share in ((exact, 1.0), (near, _NEAR)):
            told[part.numbers] += share * tell
            if part.scores is not None:
                score[part.numbers] += part.scores
        there.append((exact, near))
    filters = [each for i, each in enumerate(found.clauses) if i not in telling]
    numbers = found.limited(filters).numbers
    numbers = numbers[(told[numbers] > 0) & (held[numbers] < len(telling))]
    lifted = with_more(Held(numbers, score[numbers]), found.bonus, count).scores
    worth = told[numbers] * (0.0 if lifted is None else lifted) / sum(tells)
    return _Partial(found.group, numbers, worth, there)


def _near(nodes: Nodes, clause: Clause, exact: Held, count: int) -> Held:
    """What only nearly holds."""
    near = nodes.held(clause.near) if clause.near else NOBODY
    holds, _ = exact.among(near.numbers, count)
    return Held(near.numbers[~holds], None if near.scores is None else near.scores[~holds])


def _hit(part: _Partial, number: int, worth: float, clauses: Sequence[Clause]) -> Hit:
    there = [any(_has(held, number) for held in pair) for pair in part.there]
    missing = tuple(clause.span for clause, is_there in zip(clauses, there, strict=True) if not is_there)
    return Hit(part.group.papers[number], worth, missing)


def _has(held: Held, number: int) -> bool:
    place = int(np.searchsorted(held.numbers, number))
    return place < len(held.numbers) and int(held.numbers[place]) == number
