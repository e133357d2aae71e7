"""Evaluates the nodes of a plan (see `query.plan`) for all papers of a group of segments at once."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from math import log

import numpy as np

from paperclipper.search.document import STEMS, TITLE, WORDS, ZONES, zone_weight
from paperclipper.search.postings.arrays import POSITION_BITS, Floats, Integers, Mask, zones_of
from paperclipper.search.query.plan import (
    AllNode,
    AnyNode,
    BlendNode,
    BoostedNode,
    LabelNode,
    NotNode,
    PhraseNode,
    PlanNode,
    RangeNode,
    TermNode,
    UnscoredNode,
)
from paperclipper.search.scoring.paper_set import NO_PAPERS, SPARSE, PaperSet, all_of, any_of, with_boosts
from paperclipper.search.whoosh.index_view import K1, IndexView, SegmentGroup

_EVERY_ZONE = (1 << len(ZONES)) - 1
# Indexed by zone, counting from 1. Positions in an older index, which does not store zones, have zone 0.
_ZONE_WEIGHTS = np.array([1.0, *(zone_weight(number) for number in range(len(ZONES)))], np.float32)
_ZONE_BITS = np.array([_EVERY_ZONE, *(1 << number for number in range(len(ZONES)))])
Variants = Sequence[tuple[TermNode | PhraseNode, float]]
Weights = tuple[Integers, Floats]
"""Document numbers, and the weight of a word or phrase in each document."""


class NodeEvaluator:
    """Evaluates nodes in one group of segments."""

    def __init__(self, view: IndexView, group: SegmentGroup) -> None:
        self._view = view
        self._group = group

    def evaluate(self, node: PlanNode) -> PaperSet:
        """Return the papers that match a node."""
        match node:
            case TermNode():
                return self._scored([(node, 1.0)], TITLE if node.field == TITLE else STEMS)
            case PhraseNode():
                return self._scored([(node, 1.0)], STEMS)
            case BlendNode():
                return self._scored(node.variants, STEMS)
            case LabelNode():
                return self._labelled(node)
            case RangeNode():
                return self._in_range(node)
            case _:
                return self._compound(node)

    def _compound(self, node: AllNode | AnyNode | UnscoredNode | BoostedNode | NotNode) -> PaperSet:
        match node:
            case AllNode():
                return self._all(node.nodes)
            case AnyNode():
                return any_of([self.evaluate(each) for each in node.nodes], self.count)
            case UnscoredNode():
                return PaperSet(self.evaluate(node.node).numbers)
            case BoostedNode():
                return with_boosts(
                    self.evaluate(node.node), [self.evaluate(each) for each in node.boosts], self.count
                )
            case NotNode():
                return PaperSet(np.flatnonzero(self.mask(node)).astype(np.int32))

    def mask(self, node: PlanNode) -> Mask:
        """Return a mask of the papers that match a node."""
        if isinstance(node, NotNode):
            return ~self.mask(node.node)
        marks = np.zeros(self.count, np.bool_)
        marks[self.evaluate(node).numbers] = True
        return marks

    @property
    def count(self) -> int:
        """The number of papers in the group."""
        return self._group.count

    def _labelled(self, node: LabelNode) -> PaperSet:
        if len(node.labels) == 1:
            return PaperSet(self._group.postings(node.field, node.labels[0]).numbers)
        marks = np.zeros(self.count, np.bool_)
        marks[self._group.postings_of_terms(node.field, node.labels).numbers] = True
        return PaperSet(np.flatnonzero(marks).astype(np.int32))

    def _in_range(self, node: RangeNode) -> PaperSet:
        column = self._group.numbers[node.column]
        mask = np.ones(self.count, np.bool_)
        if node.low is not None:
            mask &= column >= node.low
        if node.high is not None:
            mask &= column <= node.high
        return PaperSet(np.flatnonzero(mask).astype(np.int32))

    def _all(self, nodes: Sequence[PlanNode]) -> PaperSet:
        """Intersect the nodes. Negated nodes come last, because listing all their matches is expensive."""
        included, excluded = [], []
        for node in nodes:
            unscored = node.node if isinstance(node, UnscoredNode) else node
            if isinstance(unscored, NotNode):
                excluded.append(unscored.node)
            else:
                included.append(self.evaluate(node))
        papers = all_of(included, self.count)
        for node in excluded:
            papers = papers.where(~self.mask(node))
        return papers

    # Words

    def _scored(self, variants: Variants, field: str) -> PaperSet:
        """Score by BM25, using the frequency of the most frequent variant and the sum of all weights."""
        if not variants:
            return NO_PAPERS
        numbers, weights = self._blended(variants)
        frequency = max(self._frequency(variant) for variant, _ in variants)
        idf = log(self._view.count / (frequency + 1)) + 1
        scores = idf * weights * (K1 + 1) / (weights + self._view.norms(self._group, field)[numbers])
        return PaperSet(numbers, scores)

    def _blended(self, variants: Variants) -> Weights:
        if len(variants) == 1:
            variant, factor = variants[0]
            numbers, weights = self._weights(variant)
            return numbers, weights * factor
        found = list(self._weights_of_variants(variants))
        numbers, weights = (np.concatenate(column) for column in zip(*found, strict=True))
        if len(numbers) * SPARSE < self.count:
            order = np.argsort(numbers, kind="stable")
            return _sum_by_paper(numbers[order], weights[order])
        sums = np.bincount(numbers, weights, self.count).astype(np.float32)
        matching = np.flatnonzero(sums).astype(np.int32)
        return matching, sums[matching]

    def _weights_of_variants(self, variants: Variants) -> Iterator[Weights]:
        """Yield the weights of all variants. Terms not restricted to zones are read together, by field."""
        factors_by_field: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        for variant, factor in variants:
            if isinstance(variant, TermNode) and not variant.zone_mask:
                factors_by_field[variant.field][variant.text] += factor
            else:
                numbers, weights = self._weights(variant)
                yield numbers, weights * factor
        for field, factors in factors_by_field.items():
            found = self._group.postings_of_terms(field, list(factors))
            yield found.numbers, found.weights * np.fromiter(factors.values(), np.float32)[found.terms]

    def _frequency(self, variant: TermNode | PhraseNode) -> int:
        if isinstance(variant, TermNode):
            return self._view.frequency(variant.field, variant.text)
        return min(max(self._view.frequency(WORDS, word) for word in slot) for slot in variant.slots)

    def _weights(self, variant: TermNode | PhraseNode) -> Weights:
        return self._term(variant) if isinstance(variant, TermNode) else self._phrase(variant)

    def _term(self, term: TermNode) -> Weights:
        found = self._group.postings(term.field, term.text)
        if not term.zone_mask:
            return found.numbers, found.weights
        mask = self._is_in_zones(term, found.numbers)
        return found.numbers[mask], found.weights[mask]

    def _is_in_zones(self, term: TermNode, numbers: Integers) -> Mask:
        """Return a mask of the documents that contain a term in one of its zones."""
        if term.field == WORDS:
            positions = self._group.positions(term.text)
            in_zones = positions[_ZONE_BITS[zones_of(positions)] & term.zone_mask != 0]
            return np.isin(numbers, in_zones >> POSITION_BITS)
        zone_masks = self._group.zone_masks(term.field, term.text)
        if zone_masks is None:
            return np.ones(len(numbers), np.bool_)
        mask: Mask = zone_masks & term.zone_mask != 0
        return mask

    def _phrase(self, phrase: PhraseNode) -> Weights:
        """Return the weights of a phrase. Each occurrence has the weight of its zone."""
        starts = self._phrase_starts(phrase)
        zones = zones_of(starts)
        weights = np.where(_ZONE_BITS[zones] & (phrase.zone_mask or _EVERY_ZONE), _ZONE_WEIGHTS[zones], 0.0)
        starts, weights = starts[weights > 0], weights[weights > 0]
        return _sum_by_paper((starts >> POSITION_BITS).astype(np.int32), weights)

    def _phrase_starts(self, phrase: PhraseNode) -> Integers:
        """Return the positions where the phrase starts. The rarest words are intersected first."""
        slots = [[self._group.positions(word) for word in slot] for slot in phrase.slots]
        order = sorted(range(len(slots)), key=lambda i: sum(map(len, slots[i])))
        starts = _merged(slots[order[0]]) - order[0]
        for i in order[1:]:
            wanted = starts + i
            starts = starts[np.logical_or.reduce([_contained(wanted, positions) for positions in slots[i]])]
        return starts


def _sum_by_paper(numbers: Integers, weights: Floats) -> Weights:
    """Sum the weights of each document. The numbers must be sorted."""
    firsts = np.flatnonzero(np.diff(numbers, prepend=-1))
    return numbers[firsts], np.add.reduceat(weights, firsts) if len(firsts) else weights


def _merged(lists: Sequence[Integers]) -> Integers:
    """Merge sorted lists of positions, removing duplicates."""
    positions = np.sort(np.concatenate(lists)) if len(lists) > 1 else lists[0]
    distinct: Integers = positions[np.diff(positions, prepend=-1) != 0]
    return distinct


def _contained(wanted: Integers, positions: Integers) -> Mask:
    """Return a mask of the wanted positions that are in a list. Both must be sorted."""
    if not len(positions):
        return np.zeros(len(wanted), np.bool_)
    candidates = np.searchsorted(positions, wanted).clip(max=len(positions) - 1)
    found: Mask = positions[candidates] == wanted
    return found
