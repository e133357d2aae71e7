"""Sets of papers with scores, and operations on them."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from paperclipper.search.postings.arrays import Floats, Integers, Mask

SPARSE = 64
"""Sets this many times smaller than their group use binary search instead of a mask over the group."""


class PaperSet(NamedTuple):
    """Ascending document numbers in a group of segments, and their scores; None if all scores are 0.

    The set may include deleted papers.
    """

    numbers: Integers
    scores: Floats | None = None

    def look_up(self, numbers: Integers, count: int) -> tuple[Mask, Floats | None]:
        """Return a mask of the papers that are in the set, and their scores. The group has `count` papers."""
        if len(self.numbers) * SPARSE < count or len(numbers) * SPARSE < count:
            return self._search(numbers)
        marks = np.zeros(count, np.bool_)
        marks[self.numbers] = True
        if self.scores is None:
            return marks[numbers], None
        scores = np.zeros(count, self.scores.dtype)
        scores[self.numbers] = self.scores
        return marks[numbers], scores[numbers]

    def _search(self, numbers: Integers) -> tuple[Mask, Floats | None]:
        """Look up papers by binary search, which is faster if the set or the list is short."""
        own, others = _common_indexes(self.numbers, numbers)
        is_in_set = np.zeros(len(numbers), np.bool_)
        is_in_set[others] = True
        if self.scores is None:
            return is_in_set, None
        scores = np.zeros(len(numbers), self.scores.dtype)
        scores[others] = self.scores[own]
        return is_in_set, scores

    def where(self, mask: Mask) -> "PaperSet":
        """Return the papers selected by a mask over the group."""
        return self._filtered(mask[self.numbers])

    def without(self, other: "PaperSet", count: int) -> "PaperSet":
        """Return the difference from another set. The group has `count` papers."""
        return self._filtered(~other.look_up(self.numbers, count)[0])

    def _filtered(self, mask: Mask) -> "PaperSet":
        return PaperSet(self.numbers[mask], None if self.scores is None else self.scores[mask])

    def has(self, number: int) -> bool:
        """Return whether a paper is in the set."""
        index = int(np.searchsorted(self.numbers, number))
        return index < len(self.numbers) and int(self.numbers[index]) == number


NO_PAPERS = PaperSet(np.zeros(0, np.int32))


def _common_indexes(one: Integers, other: Integers) -> tuple[Integers, Integers]:
    """Return the indexes of the common numbers in each of two sorted arrays without duplicates."""
    if len(one) > len(other):
        indexes = _common_indexes(other, one)
        return indexes[1], indexes[0]
    if not len(one):
        return one, one
    candidates = np.searchsorted(other, one).clip(max=len(other) - 1)
    found = np.flatnonzero(other[candidates] == one)
    return found, candidates[found]


def all_of(sets: Sequence[PaperSet], count: int) -> PaperSet:
    """Return the intersection of the sets, with summed scores; with no sets, all papers."""
    if not sets:
        return PaperSet(np.arange(count, dtype=np.int32))
    first, *others = sorted(sets, key=lambda papers: len(papers.numbers))
    numbers, scores = first
    for other in others:
        is_in_other, added = other.look_up(numbers, count)
        numbers = numbers[is_in_other]
        scores = _sum(
            None if scores is None else scores[is_in_other], None if added is None else added[is_in_other]
        )
    return PaperSet(numbers, scores)


def any_of(sets: Sequence[PaperSet], count: int) -> PaperSet:
    """Return the union of sets, with summed scores."""
    sets = [papers for papers in sets if len(papers.numbers)]
    if len(sets) <= 1:
        return sets[0] if sets else NO_PAPERS
    marks, scores = np.zeros(count, np.bool_), np.zeros(count, np.float32)
    for papers in sets:
        marks[papers.numbers] = True
        if papers.scores is not None:
            scores[papers.numbers] += papers.scores
    numbers = np.flatnonzero(marks).astype(np.int32)
    return PaperSet(numbers, None if all(papers.scores is None for papers in sets) else scores[numbers])


def with_boosts(papers: PaperSet, boosts: Sequence[PaperSet], count: int) -> PaperSet:
    """Return the same papers, adding their scores in the `boosts` sets."""
    scores = papers.scores
    for boost in boosts:
        if boost.scores is not None and len(boost.numbers):
            scores = _sum(scores, boost.look_up(papers.numbers, count)[1])
    return PaperSet(papers.numbers, scores)


def _sum(one: Floats | None, other: Floats | None) -> Floats | None:
    if one is None or other is None:
        return other if one is None else one
    return one + other
