"""Counting the labels of all matches: those of few matches paper by paper, those of many label by label."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from paperclipper.search.document import FACETS, LABELS
from paperclipper.search.postings.arrays import Integers, Vocabulary
from paperclipper.search.query.results import FacetCounts
from paperclipper.search.scoring.ranking import GroupMatches
from paperclipper.search.whoosh.segment import SegmentGroup

_MAX_VALUES = 50  # of an open facet
_STEPS = (64, 16, 4, 1)  # counted so often at least: mostly few labels are looked at
_MANY = 4  # the matches are more than one in so many papers


def count_facets(
    found: Sequence[GroupMatches], vocabulary: Vocabulary, nested: Mapping[str, tuple[str, ...]]
) -> FacetCounts:
    """How many of the matches have each label that is counted; of open facets the most frequent."""
    facets: dict[str, dict[str, int]] = {facet: {} for facet in FACETS}
    for side, known in enumerate(vocabulary.namespaces):
        counted = np.zeros(len(known), np.int32)
        for each in found:
            _count(each, side, counted)
        numbers = _most_frequent(counted) if side else np.flatnonzero(counted)
        for number, count in zip(numbers.tolist(), counted[numbers].tolist(), strict=True):
            facet, _, value = known[number].partition(":")
            facets[facet][value] = count
    facets["tag"].update(_nested(found, nested))
    return facets


def _count(found: GroupMatches, side: int, counted: Integers) -> None:
    """Add what the labels of a group's matches come to. Of open facets most have a paper or two."""
    numbers, group = found.complete.numbers, found.group
    if side == 0 and len(numbers) * _MANY > group.count:
        _count_by_label(group, numbers, counted)
    else:
        few = np.bincount(group.labels[side].of(numbers))
        counted[: len(few)] += few


def _count_by_label(group: SegmentGroup, numbers: Integers, counted: Integers) -> None:
    is_match = np.zeros(group.count, np.int32)
    is_match[numbers] = 1
    labels, starts, papers = group.papers_by_label
    if len(labels):
        counted[labels] += np.add.reduceat(is_match[papers], starts)


def _most_frequent(counted: Integers) -> Integers:
    """The labels that are counted most."""
    for least in _STEPS:
        chosen = np.flatnonzero(counted >= least)
        if len(chosen) >= _MAX_VALUES:
            break
    if len(chosen) <= _MAX_VALUES:
        return chosen
    found: Integers = chosen[np.argpartition(-counted[chosen], _MAX_VALUES)[:_MAX_VALUES]]
    return found


def _nested(found: Sequence[GroupMatches], nested: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    """A paper counts once for each tag that one of its tags is nested in."""
    inside: dict[str, set[str]] = {}
    for label, around in nested.items():
        for outer in around:
            inside.setdefault(outer, {outer}).add(label)
    counted = {outer: sum(_count_any(each, labels) for each in found) for outer, labels in inside.items()}
    return {label.partition(":")[2]: count for label, count in counted.items() if count}


def _count_any(found: GroupMatches, labels: Iterable[str]) -> int:
    """How many of the matches of a group have one of these labels."""
    having = np.zeros(found.group.count, np.bool_)
    having[found.group.postings_of_terms(LABELS, list(labels)).numbers] = True
    return int(having[found.complete.numbers].sum())
