"""The nodes of a plan, each over all papers of a group of segments at once. `plan` says what they mean."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from math import log
from typing import NamedTuple

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
from paperclipper.search.whoosh.segment import K1, IndexView, SegmentGroup

_EVERY_ZONE = (1 << len(ZONES)) - 1
# By zone; an older index does not say in which kind of text a word is.
_ZONE_WEIGHTS = np.array([1.0, *(zone_weight(number) for number in range(len(ZONES)))], np.float32)
_ZONE_BITS = np.array([_EVERY_ZONE, *(1 << number for number in range(len(ZONES)))])
_SPARSE = 64  # times fewer: then a search in the longer list is quicker than a mark for each of its papers
Weighted = tuple[Integers, Floats]


class PaperSet(NamedTuple):
    """The papers for which a node holds, by number, ascending, and their scores; None where all score nothing.

    Deleted papers are among them.
    """

    numbers: Integers
    scores: Floats | None = None

    def among(self, numbers: Integers, count: int) -> tuple[Mask, Floats | None]:
        """Which of these papers it holds for, and their scores; `count` papers are in the group."""
        if len(self.numbers) * _SPARSE < count or len(numbers) * _SPARSE < count:
            return self._among_sparse(numbers)
        marks = np.zeros(count, np.bool_)
        marks[self.numbers] = True
        if self.scores is None:
            return marks[numbers], None
        scores = np.zeros(count, self.scores.dtype)
        scores[self.numbers] = self.scores
        return marks[numbers], scores[numbers]

    def where(self, in_scope: Mask) -> "PaperSet":
        """Those of the papers that stand, each told by its number."""
        stays = in_scope[self.numbers]
        return PaperSet(self.numbers[stays], None if self.scores is None else self.scores[stays])

    def without(self, other: "PaperSet", count: int) -> "PaperSet":
        """Those of the papers that another set does not have; `count` papers are in the group."""
        is_other, _ = other.among(self.numbers, count)
        return PaperSet(self.numbers[~is_other], None if self.scores is None else self.scores[~is_other])

    def has(self, number: int) -> bool:
        """Whether a paper is in the set."""
        at = int(np.searchsorted(self.numbers, number))
        return at < len(self.numbers) and int(self.numbers[at]) == number

    def _among_sparse(self, numbers: Integers) -> tuple[Mask, Floats | None]:
        """The same, where one of both lists is short: its papers are looked for in the other."""
        mine, theirs = _both(self.numbers, numbers)
        holds = np.zeros(len(numbers), np.bool_)
        holds[theirs] = True
        if self.scores is None:
            return holds, None
        scores = np.zeros(len(numbers), self.scores.dtype)
        scores[theirs] = self.scores[mine]
        return holds, scores


def _both(one: Integers, other: Integers) -> tuple[Integers, Integers]:
    """The places, in the one and in the other, of what is in both; both are sorted, and hold each number once."""
    if len(one) > len(other):
        places = _both(other, one)
        return places[1], places[0]
    if not len(one):
        return one, one
    places_there = np.searchsorted(other, one).clip(max=len(other) - 1)
    here = np.flatnonzero(other[places_there] == one)
    return here, places_there[here]


NO_PAPERS = PaperSet(np.zeros(0, np.int32))


class NodeEvaluator:
    """Evaluates nodes in one group."""

    def __init__(self, view: IndexView, group: SegmentGroup) -> None:
        self._view = view
        self._group = group

    def evaluate(self, node: PlanNode) -> PaperSet:
        """The papers for which a node holds."""
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
                return self._between(node)
            case _:
                return self._compound(node)

    def _compound(self, node: AllNode | AnyNode | UnscoredNode | BoostedNode | NotNode) -> PaperSet:
        match node:
            case AllNode():
                return self._all(node.nodes)
            case AnyNode():
                return _any([self.evaluate(each) for each in node.nodes], self.count)
            case UnscoredNode():
                return PaperSet(self.evaluate(node.node).numbers)
            case BoostedNode():
                return with_boosts(
                    self.evaluate(node.node), [self.evaluate(each) for each in node.boosts], self.count
                )
            case NotNode():
                return PaperSet(np.flatnonzero(self.mask(node)).astype(np.int32))

    def mask(self, node: PlanNode) -> Mask:
        """For each paper, whether a node holds."""
        if isinstance(node, NotNode):
            return ~self.mask(node.node)
        marks = np.zeros(self.count, np.bool_)
        marks[self.evaluate(node).numbers] = True
        return marks

    @property
    def count(self) -> int:
        """How many papers are in the group."""
        return self._group.count

    def _labelled(self, node: LabelNode) -> PaperSet:
        if len(node.labels) == 1:
            return PaperSet(self._group.postings(node.field, node.labels[0]).numbers)
        marks = np.zeros(self.count, np.bool_)
        marks[self._group.postings_of_terms(node.field, node.labels).numbers] = True
        return PaperSet(np.flatnonzero(marks).astype(np.int32))

    def _between(self, node: RangeNode) -> PaperSet:
        column = self._group.numbers[node.column]
        fits = np.ones(self.count, np.bool_)
        if node.low is not None:
            fits &= column >= node.low
        if node.high is not None:
            fits &= column <= node.high
        return PaperSet(np.flatnonzero(fits).astype(np.int32))

    def _all(self, nodes: Sequence[PlanNode]) -> PaperSet:
        """What is left out is taken from the others: to list all but those would be dear."""
        bare = [each.node if isinstance(each, UnscoredNode) else each for each in nodes]
        left_out = [each.node for each in bare if isinstance(each, NotNode)]
        kept = [
            self.evaluate(each)
            for each, inner in zip(nodes, bare, strict=True)
            if not isinstance(inner, NotNode)
        ]
        found = all_of(kept, self.count)
        for node in left_out:
            found = found.where(~self.mask(node))
        return found

    # Words

    def _scored(self, variants: Sequence[tuple[TermNode | PhraseNode, float]], field: str) -> PaperSet:
        """BM25 of what is as frequent as the most frequent of its ways, and weighs as much as all of them."""
        if not variants:
            return NO_PAPERS
        numbers, weights = self._blended(variants)
        frequent = max(self._frequency(variant) for variant, _ in variants)
        idf = log(self._view.count / (frequent + 1)) + 1
        scores = idf * weights * (K1 + 1) / (weights + self._view.norms(self._group, field)[numbers])
        return PaperSet(numbers, scores)

    def _blended(self, variants: Sequence[tuple[TermNode | PhraseNode, float]]) -> Weighted:
        if len(variants) == 1:
            numbers, weights = self._weighted(variants[0][0])
            return numbers, weights * variants[0][1]
        found = list(self._weighted_variants(variants))
        numbers, weights = (np.concatenate(column) for column in zip(*found, strict=True))
        if len(numbers) * _SPARSE < self.count:
            order = np.argsort(numbers, kind="stable")
            numbers = numbers[order]
            firsts = np.flatnonzero(np.diff(numbers, prepend=-1))
            return numbers[firsts], np.add.reduceat(weights[order], firsts) if len(firsts) else weights
        total = np.bincount(numbers, weights, self.count).astype(np.float32)
        matching = np.flatnonzero(total).astype(np.int32)
        return matching, total[matching]

    def _weighted_variants(
        self, variants: Sequence[tuple[TermNode | PhraseNode, float]]
    ) -> Iterator[Weighted]:
        """Words that may be anywhere are read together, field by field."""
        together: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        for variant, factor in variants:
            if isinstance(variant, TermNode) and not variant.zone_mask:
                together[variant.field][variant.text] += factor
            else:
                numbers, weights = self._weighted(variant)
                yield numbers, weights * factor
        for field, factors in together.items():
            found = self._group.postings_of_terms(field, list(factors))
            yield found.numbers, found.weights * np.fromiter(factors.values(), np.float32)[found.terms]

    def _frequency(self, variant: TermNode | PhraseNode) -> int:
        if isinstance(variant, TermNode):
            return self._view.frequency(variant.field, variant.text)
        return min(max(self._view.frequency(WORDS, word) for word in slot) for slot in variant.slots)

    def _weighted(self, variant: TermNode | PhraseNode) -> Weighted:
        return self._term(variant) if isinstance(variant, TermNode) else self._phrase(variant)

    def _term(self, term: TermNode) -> Weighted:
        found = self._group.postings(term.field, term.text)
        if not term.zone_mask:
            return found.numbers, found.weights
        if term.field == WORDS:
            places = self._group.positions(term.text)
            inside = places[_ZONE_BITS[zones_of(places)] & term.zone_mask != 0]
            fits = np.isin(found.numbers, inside >> POSITION_BITS)
        else:
            zone_masks = self._group.zone_masks(term.field, term.text)
            fits = (
                np.ones(len(found.numbers), np.bool_)
                if zone_masks is None
                else zone_masks & term.zone_mask != 0
            )
        return found.numbers[fits], found.weights[fits]

    def _phrase(self, phrase: PhraseNode) -> Weighted:
        """Words one after the other; each time weighs as the kind of text that it is in."""
        starts = self._phrase_starts(phrase)
        zone = zones_of(starts)
        weights = np.where(_ZONE_BITS[zone] & (phrase.zone_mask or _EVERY_ZONE), _ZONE_WEIGHTS[zone], 0.0)
        starts, weights = starts[weights > 0], weights[weights > 0]
        papers = (starts >> POSITION_BITS).astype(np.int32)
        first = np.flatnonzero(np.diff(papers, prepend=-1))
        return papers[first], np.add.reduceat(weights, first) if len(first) else weights

    def _phrase_starts(self, phrase: PhraseNode) -> Integers:
        """The places where the phrase begins, the rarest of its words first."""
        slots = [[self._group.positions(word) for word in slot] for slot in phrase.slots]
        order = sorted(range(len(slots)), key=lambda i: sum(map(len, slots[i])))
        found = _merged(slots[order[0]]) - order[0]
        for i in order[1:]:
            wanted = found + i
            found = found[np.logical_or.reduce([_contained(wanted, places) for places in slots[i]])]
        return found


def _merged(lists: Sequence[Integers]) -> Integers:
    """Sorted places as one row, each once."""
    places = np.sort(np.concatenate(lists)) if len(lists) > 1 else lists[0]
    once: Integers = places[np.diff(places, prepend=-1) != 0]
    return once


def _contained(wanted: Integers, places: Integers) -> Mask:
    """Which of the wanted places are among those; both are sorted."""
    if not len(places):
        return np.zeros(len(wanted), np.bool_)
    at = np.searchsorted(places, wanted).clip(max=len(places) - 1)
    found: Mask = places[at] == wanted
    return found


def all_of(parts: Sequence[PaperSet], count: int) -> PaperSet:
    """Papers that all hold; of none, every paper."""
    if not parts:
        return PaperSet(np.arange(count, dtype=np.int32))
    first, *others = sorted(parts, key=lambda part: len(part.numbers))
    numbers, scores = first
    for other in others:
        holds, more = other.among(numbers, count)
        numbers = numbers[holds]
        scores = _sum(None if scores is None else scores[holds], None if more is None else more[holds])
    return PaperSet(numbers, scores)


def _any(parts: Sequence[PaperSet], count: int) -> PaperSet:
    """Papers that one holds at least."""
    parts = [part for part in parts if len(part.numbers)]
    if len(parts) <= 1:
        return parts[0] if parts else NO_PAPERS
    marks, scores = np.zeros(count, np.bool_), np.zeros(count, np.float32)
    for part in parts:
        marks[part.numbers] = True
        if part.scores is not None:
            scores[part.numbers] += part.scores
    numbers = np.flatnonzero(marks).astype(np.int32)
    return PaperSet(numbers, None if all(part.scores is None for part in parts) else scores[numbers])


def with_boosts(found: PaperSet, boosts: Sequence[PaperSet], count: int) -> PaperSet:
    """The same papers, with the scores of others on top where those hold as well."""
    scores = found.scores
    for other in boosts:
        if other.scores is not None and len(other.numbers):
            scores = _sum(scores, other.among(found.numbers, count)[1])
    return PaperSet(found.numbers, scores)


def _sum(one: Floats | None, other: Floats | None) -> Floats | None:
    if one is None or other is None:
        return other if one is None else one
    return one + other
