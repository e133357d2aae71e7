"""Counts facet labels over all matches: paper by paper if there are few matches, otherwise label by label."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from paperclipper.search.document import FACETS, LABELS
from paperclipper.search.postings.arrays import Integers
from paperclipper.search.postings.labels import Vocabulary
from paperclipper.search.query.results import FacetCounts
from paperclipper.search.scoring.ranking import GroupMatches
from paperclipper.search.whoosh.index_view import SegmentGroup

_MAX_VALUES = 50  # of an open facet
_THRESHOLDS = (64, 16, 4, 1)  # tried in turn, as the few labels with high counts usually suffice
_DENSE = 4  # count by label if more than one in this many papers matches


def count_facets(
    groups: Sequence[GroupMatches], vocabulary: Vocabulary, nested: Mapping[str, tuple[str, ...]]
) -> FacetCounts:
    """Return the number of matches for each facet label; for open facets, only the most frequent labels.

    `nested` maps each label to the labels of its ancestors.
    """
    facets: dict[str, dict[str, int]] = {facet: {} for facet in FACETS}
    for namespace, labels in enumerate(vocabulary.namespaces):
        counts = np.zeros(len(labels), np.int32)
        for each in groups:
            _add_counts(each, namespace, counts)
        numbers = _most_frequent(counts) if namespace else np.flatnonzero(counts)
        for number, count in zip(numbers.tolist(), counts[numbers].tolist(), strict=True):
            facet, _, value = labels[number].partition(":")
            facets[facet][value] = count
    facets["tag"].update(_count_outer_tags(groups, nested))
    return facets


def _add_counts(matches: GroupMatches, namespace: int, counts: Integers) -> None:
    """Add the label counts of one group. Most labels of open facets apply to only one or two papers."""
    numbers, group = matches.complete.numbers, matches.group
    if namespace == 0 and len(numbers) * _DENSE > group.count:
        _add_counts_by_label(group, numbers, counts)
    else:
        found = np.bincount(group.labels[namespace].of(numbers))
        counts[: len(found)] += found


def _add_counts_by_label(group: SegmentGroup, numbers: Integers, counts: Integers) -> None:
    is_match = np.zeros(group.count, np.int32)
    is_match[numbers] = 1
    labels, starts, papers = group.papers_by_label
    if len(labels):
        counts[labels] += np.add.reduceat(is_match[papers], starts)


def _most_frequent(counts: Integers) -> Integers:
    """Return the numbers of the labels with the highest counts."""
    for threshold in _THRESHOLDS:
        chosen = np.flatnonzero(counts >= threshold)
        if len(chosen) >= _MAX_VALUES:
            break
    if len(chosen) <= _MAX_VALUES:
        return chosen
    found: Integers = chosen[np.argpartition(-counts[chosen], _MAX_VALUES)[:_MAX_VALUES]]
    return found


def _count_outer_tags(
    groups: Sequence[GroupMatches], nested: Mapping[str, tuple[str, ...]]
) -> dict[str, int]:
    """Count the papers that have a tag or any of its descendants, each paper once."""
    inner_labels: dict[str, set[str]] = {}
    for label, outer_labels in nested.items():
        for outer in outer_labels:
            inner_labels.setdefault(outer, {outer}).add(label)
    counts = {
        outer: sum(_count_any(each, labels) for each in groups) for outer, labels in inner_labels.items()
    }
    return {label.partition(":")[2]: count for label, count in counts.items() if count}


def _count_any(matches: GroupMatches, labels: Iterable[str]) -> int:
    """Return the number of matches in a group that have any of the labels."""
    has_label = np.zeros(matches.group.count, np.bool_)
    has_label[matches.group.postings_of_terms(LABELS, list(labels)).numbers] = True
    return int(has_label[matches.complete.numbers].sum())
