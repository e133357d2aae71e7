"""Counting the labels of all matches: those of few matches paper by paper, those of many label by label."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from paperclipper.search.array_search import Searched
from paperclipper.search.document import FACETS, LABELS
from paperclipper.search.index import Counts
from paperclipper.search.postings import Integers, Labels, Vocabulary

_LONG, _MOST_VALUES = ("author", "org"), 50
_MANY = 4  # the matches are more than one in so many papers


def counts(found: Sequence[Searched], vocabulary: Vocabulary, nested: Mapping[str, tuple[str, ...]]) -> Counts:
    """How many of the matches have each label that is counted; of authors and organisations the most frequent."""
    counted = np.zeros(len(vocabulary), np.int64)
    for each in found:
        _count(each, counted)
    facets = {}
    for facet in FACETS:
        of_facet = vocabulary.of_facet(facet)
        numbers = _most_frequent(counted, of_facet) if facet in _LONG else of_facet[counted[of_facet] > 0]
        facets[facet] = {vocabulary.values_of[n]: int(counted[n]) for n in numbers.tolist()}
    facets["tag"].update(_nested(found, nested))
    return facets


def _count(found: Searched, counted: Integers) -> None:
    """Add what the labels of a group's matches come to."""
    numbers, group = found.full.numbers, found.group
    if len(numbers) * _MANY > group.count:
        is_match = np.zeros(group.count, np.uint8)
        is_match[numbers] = 1
        labels, starts, papers = group.papers_by_label
        counted[labels] += np.add.reduceat(is_match[papers], starts, dtype=np.int64) if len(labels) else 0
    else:
        few = np.bincount(_labels(group.labels, numbers))
        counted[: len(few)] += few


def _labels(labels: Labels, numbers: Integers) -> Integers:
    """The labels of these papers."""
    starts = labels.starts[numbers]
    sizes = labels.starts[numbers + 1] - starts
    before = np.cumsum(sizes) - sizes
    found: Integers = labels.numbers[np.arange(int(sizes.sum())) + np.repeat(starts - before, sizes)]
    return found


def _most_frequent(counted: Integers, numbers: Integers) -> Integers:
    """Those of these labels that are counted most."""
    times = counted[numbers]
    having = np.cumsum(np.bincount(times)[:0:-1])  # how many labels are counted so often, or more often
    least = len(having) - int(np.searchsorted(having, _MOST_VALUES)) or 1
    chosen = np.flatnonzero(times >= least)
    first: Integers = numbers[chosen[np.argsort(-times[chosen], kind="stable")[:_MOST_VALUES]]]
    return first


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
    having[found.group.several(LABELS, list(labels)).numbers] = True
    return int(having[found.full.numbers].sum())
