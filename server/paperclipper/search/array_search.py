"""Searching one generation of an index: full matches in their order, the best partial ones, facets.

Every clause of a plan is evaluated once in each group of segments, over all its papers; all else is made of that.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log
from typing import NamedTuple

import numpy as np

from paperclipper.model import Sort
from paperclipper.search.array_nodes import NOBODY, Held, Nodes, all_of, with_more
from paperclipper.search.document import CLIPPED, FACETS, LABELS, PUBLISHED, UPVOTES
from paperclipper.search.index import Counts, Hit
from paperclipper.search.language.plan import Clause, Plan
from paperclipper.search.postings import Floats, Integers, Mask, Vocabulary
from paperclipper.search.whoosh_segment import Group, View

_COLUMNS = {Sort.CLIPPED: CLIPPED, Sort.PUBLISHED: PUBLISHED, Sort.UPVOTES: UPVOTES}
_NEAR = 0.8
_LONG, _MOST_VALUES = ("author", "org"), 50


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
    return Held(held.numbers, np.full(len(held.numbers), factor, np.float32) if held.scores is None else held.scores * factor)


def total(found: Sequence[Searched]) -> int:
    """How many papers match."""
    return sum(len(each.full.numbers) for each in found)


def best(found: Sequence[Searched], order: Sort, limit: int) -> tuple[Hit, ...]:
    """The first so many matches in their order."""
    if not limit:
        return ()
    ranked = _ranked([_Keys.of(each, _COLUMNS.get(order)) for each in found], limit)
    return tuple(Hit(found[place].group.paper_id(number), score) for place, number, score in ranked)


class _Keys(NamedTuple):
    """What the matches of a group are sorted by: first, where that is equal second, and last when they came."""

    first: Floats | Integers
    second: Floats
    clipped: Integers
    numbers: Integers

    @classmethod
    def of(cls, found: Searched, column: str | None) -> "_Keys":
        numbers, scores = found.full
        score = np.zeros(len(numbers)) if scores is None else scores
        columns = found.group.numbers
        return cls(columns[column][numbers] if column else score, score, columns[CLIPPED][numbers], numbers)


def _ranked(keys: Sequence[_Keys], limit: int) -> list[tuple[int, int, float]]:
    """(place of the group, number, first key) of the first so many."""
    if not keys:
        return []
    place = np.repeat(np.arange(len(keys)), [len(key.numbers) for key in keys])
    first, second, clipped, numbers = (np.concatenate(column) for column in zip(*keys, strict=True))
    if len(first) > limit:
        least = np.partition(first, len(first) - limit)[len(first) - limit]
        chosen = np.flatnonzero(first >= least)
    else:
        chosen = np.arange(len(first))
    order = chosen[np.lexsort((-clipped[chosen], -second[chosen], -first[chosen]))[:limit]]
    return list(zip(place[order].tolist(), numbers[order].tolist(), first[order].tolist(), strict=True))


# Facets


def counts(found: Sequence[Searched], vocabulary: Vocabulary, nested: Mapping[str, tuple[str, ...]]) -> Counts:
    """How many of the matches have each label that is counted; of authors and organisations the most frequent."""
    counted = np.zeros(len(vocabulary), np.int64)
    for each in found:
        counted += np.bincount(_labels(each), minlength=len(counted))
    there = np.flatnonzero(counted)
    facet_of = np.frombuffer(vocabulary.facets, np.int8)[there] if len(there) else there
    facets: dict[str, dict[str, int]] = {}
    for i, facet in enumerate(FACETS):
        numbers = there[facet_of == i]
        if facet in _LONG and len(numbers) > _MOST_VALUES:
            numbers = numbers[np.argpartition(-counted[numbers], _MOST_VALUES)[:_MOST_VALUES]]
        facets[facet] = {vocabulary.values_of[n]: int(counted[n]) for n in numbers.tolist()}
    facets["tag"].update(_nested(found, nested))
    return facets


def _labels(found: Searched) -> Integers:
    """The labels of all matches of a group."""
    starts, labels = found.group.labels
    numbers = found.full.numbers
    if not len(labels):
        return labels
    if len(numbers) * 4 > found.group.count:
        is_match = np.zeros(found.group.count, np.bool_)
        is_match[numbers] = True
        chosen: Integers = labels[np.repeat(is_match, np.diff(starts))]
        return chosen
    sizes = starts[numbers + 1] - starts[numbers]
    before = np.cumsum(sizes) - sizes
    few: Integers = labels[np.arange(int(sizes.sum())) + np.repeat(starts[numbers] - before, sizes)]
    return few


def _nested(found: Sequence[Searched], nested: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    """A paper counts once for each tag that one of its tags is nested in."""
    inside: dict[str, set[str]] = {}
    for label, around in nested.items():
        for outer in around:
            inside.setdefault(outer, {outer}).add(label)
    counted = {outer: sum(_count_any(each, labels) for each in found) for outer, labels in inside.items()}
    return {label.partition(":")[2]: count for label, count in counted.items() if count}


def _count_any(found: Searched, labels: Iterable[str]) -> int:
    """How many of the matches of a group have one of these labels."""
    having = np.zeros(found.group.count, np.bool_)
    for label in labels:
        having[found.group.postings(LABELS, label).numbers] = True
    return int(having[found.full.numbers].sum())


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
    keys = [_Keys(part.worth, part.worth, part.numbers, part.numbers) for part in parts]
    return tuple(_hit(parts[place], number, worth, clauses) for place, number, worth in _ranked(keys, limit))


def _telling(view: View, held: Sequence[Held]) -> float:
    return log(1 + view.count / (1 + sum(len(each.numbers) for each in held)))


def _partial(nodes: Nodes, found: Searched, plan: Plan, telling: Sequence[int], tells: Sequence[float]) -> _Partial:
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
    return Hit(part.group.paper_id(number), worth, missing)


def _has(held: Held, number: int) -> bool:
    place = int(np.searchsorted(held.numbers, number))
    return place < len(held.numbers) and int(held.numbers[place]) == number
