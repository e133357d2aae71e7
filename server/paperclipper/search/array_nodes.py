"""The nodes of a plan, each over all papers of a group of segments at once. `plan` says what they mean."""

from collections.abc import Sequence
from math import log
from typing import NamedTuple

import numpy as np

from paperclipper.search.document import PARTS, STEMS, TITLE, WORDS, part_weight
from paperclipper.search.language.plan import (
    AllOf,
    AnyOf,
    Between,
    Blend,
    Gate,
    Labelled,
    Maybe,
    Node,
    Phrase,
    Term,
    Without,
)
from paperclipper.search.postings import NO_PLACES, PLACE_BITS, Floats, Integers, Mask, zones
from paperclipper.search.whoosh_segment import K1, Group, View

_EVERY_PART = (1 << len(PARTS)) - 1
# By zone; an older index does not say in which kind of text a word is.
_ZONE_WEIGHTS = np.array([1.0, *(part_weight(number) for number in range(len(PARTS)))])
_ZONE_BITS = np.array([_EVERY_PART, *(1 << number for number in range(len(PARTS)))])
_FEW = 64  # times fewer: then a search in the longer list is quicker than a mark for each of its papers
Weighed = tuple[Integers, Floats]


class Held(NamedTuple):
    """The papers for which a node holds, by number, ascending, and their scores; None where all score nothing.

    Deleted papers are among them.
    """

    numbers: Integers
    scores: Floats | None = None

    def among(self, numbers: Integers, count: int) -> tuple[Mask, Floats | None]:
        """Which of these papers it holds for, and their scores; `count` papers are in the group."""
        if not len(self.numbers):
            return np.zeros(len(numbers), np.bool_), None
        if len(numbers) * _FEW < count:
            places = np.searchsorted(self.numbers, numbers).clip(max=len(self.numbers) - 1)
            holds = self.numbers[places] == numbers
            return holds, None if self.scores is None else np.where(holds, self.scores[places], 0.0)
        marks = np.zeros(count, np.bool_)
        marks[self.numbers] = True
        if self.scores is None:
            return marks[numbers], None
        scores = np.zeros(count)
        scores[self.numbers] = self.scores
        return marks[numbers], scores[numbers]


NOBODY = Held(np.zeros(0, np.int32))


class Nodes:
    """Evaluates nodes in one group."""

    def __init__(self, view: View, group: Group) -> None:
        self._view = view
        self._group = group

    def held(self, node: Node) -> Held:
        """The papers for which a node holds."""
        match node:
            case Term():
                return self._scored([(node, 1.0)], TITLE if node.field == TITLE else STEMS)
            case Phrase():
                return self._scored([(node, 1.0)], STEMS)
            case Blend():
                return self._scored(node.ways, STEMS)
            case Labelled():
                return _any([Held(self._group.postings(node.field, label).numbers) for label in node.labels], self._n)
            case Between():
                return self._between(node)
            case _:
                return self._compound(node)

    def _compound(self, node: AllOf | AnyOf | Gate | Maybe | Without) -> Held:
        match node:
            case AllOf():
                return self._all(node.nodes)
            case AnyOf():
                return _any([self.held(each) for each in node.nodes], self._n)
            case Gate():
                return Held(self.held(node.node).numbers)
            case Maybe():
                return with_more(self.held(node.node), [self.held(each) for each in node.also], self._n)
            case Without():
                return self._except(np.arange(self._n, dtype=np.int32), [node.node])

    @property
    def _n(self) -> int:
        return self._group.count

    def _between(self, node: Between) -> Held:
        column = self._group.numbers[node.number]
        fits = np.ones(self._n, np.bool_)
        if node.low is not None:
            fits &= column >= node.low
        if node.high is not None:
            fits &= column <= node.high
        return Held(np.flatnonzero(fits).astype(np.int32))

    def _all(self, nodes: Sequence[Node]) -> Held:
        """What is left out is taken from the others: to list all but those would be dear."""
        bare = [each.node if isinstance(each, Gate) else each for each in nodes]
        left_out = [each.node for each in bare if isinstance(each, Without)]
        kept = [self.held(each) for each, inner in zip(nodes, bare, strict=True) if not isinstance(inner, Without)]
        found = all_of(kept, self._n)
        if not left_out:
            return found
        rest = self._except(found.numbers, left_out)
        if found.scores is None:
            return rest
        return Held(rest.numbers, found.scores[np.isin(found.numbers, rest.numbers, assume_unique=True)])

    def _except(self, numbers: Integers, nodes: Sequence[Node]) -> Held:
        stays = np.ones(self._n, np.bool_)
        for node in nodes:
            stays[self.held(node).numbers] = False
        return Held(numbers[stays[numbers]])

    # Words

    def _scored(self, ways: Sequence[tuple[Term | Phrase, float]], field: str) -> Held:
        """BM25 of what is as frequent as the most frequent of its ways, and weighs as much as all of them."""
        if not ways:
            return NOBODY
        numbers, weights = self._blended(ways)
        frequent = max(self._frequency(way) for way, _ in ways)
        idf = log(self._view.count / (frequent + 1)) + 1
        scores = idf * weights * (K1 + 1) / (weights + self._view.norms(self._group, field)[numbers])
        return Held(numbers, scores)

    def _blended(self, ways: Sequence[tuple[Term | Phrase, float]]) -> Weighed:
        if len(ways) == 1:
            numbers, weights = self._weighed(ways[0][0])
            return numbers, weights * ways[0][1]
        total = np.zeros(self._n)
        for way, factor in ways:
            numbers, weights = self._weighed(way)
            total[numbers] += factor * weights
        found = np.flatnonzero(total).astype(np.int32)
        return found, total[found]

    def _frequency(self, way: Term | Phrase) -> int:
        if isinstance(way, Term):
            return self._view.frequency(way.field, way.text)
        return min(max(self._view.frequency(WORDS, word) for word in slot) for slot in way.slots)

    def _weighed(self, way: Term | Phrase) -> Weighed:
        return self._term(way) if isinstance(way, Term) else self._phrase(way)

    def _term(self, term: Term) -> Weighed:
        found = self._group.postings(term.field, term.text)
        if not term.within:
            return found.numbers, found.weights
        if term.field == WORDS:
            places = self._group.places(term.text)
            inside = places[_ZONE_BITS[zones(places)] & term.within != 0]
            fits = np.isin(found.numbers, inside >> PLACE_BITS)
        else:
            parts = self._group.parts(term.field, term.text)
            fits = np.ones(len(found.numbers), np.bool_) if parts is None else parts & term.within != 0
        return found.numbers[fits], found.weights[fits]

    def _phrase(self, phrase: Phrase) -> Weighed:
        """Words one after the other; each time weighs as the kind of text that it is in."""
        starts = self._starts(phrase)
        zone = zones(starts)
        weights = np.where(_ZONE_BITS[zone] & (phrase.within or _EVERY_PART), _ZONE_WEIGHTS[zone], 0.0)
        starts, weights = starts[weights > 0], weights[weights > 0]
        papers = (starts >> PLACE_BITS).astype(np.int32)
        first = np.flatnonzero(np.diff(papers, prepend=-1))
        return papers[first], np.add.reduceat(weights, first) if len(first) else weights

    def _starts(self, phrase: Phrase) -> Integers:
        """The places where the phrase begins, the rarest of its words first."""
        places = [self._places(slot) for slot in phrase.slots]
        order = sorted(range(len(places)), key=lambda i: len(places[i]))
        found: Integers = places[order[0]] - order[0]
        for i in order[1:]:
            found = found[_contained(found + i, places[i])]
        return found

    def _places(self, slot: Sequence[str]) -> Integers:
        found = [places for word in slot if len(places := self._group.places(word))]
        if len(found) == 1:
            return found[0]
        return np.unique(np.concatenate(found)) if found else NO_PLACES


def _contained(wanted: Integers, places: Integers) -> Mask:
    """Which of the wanted places are among those, which are sorted."""
    if not len(places):
        return np.zeros(len(wanted), np.bool_)
    at = np.searchsorted(places, wanted).clip(max=len(places) - 1)
    found: Mask = places[at] == wanted
    return found


def all_of(parts: Sequence[Held], count: int) -> Held:
    """Papers that all hold; of none, every paper."""
    if not parts:
        return Held(np.arange(count, dtype=np.int32))
    first, *others = sorted(parts, key=lambda part: len(part.numbers))
    numbers, scores = first
    for other in others:
        holds, more = other.among(numbers, count)
        numbers = numbers[holds]
        scores = _sum(None if scores is None else scores[holds], None if more is None else more[holds])
    return Held(numbers, scores)


def _any(parts: Sequence[Held], count: int) -> Held:
    """Papers that one holds at least."""
    parts = [part for part in parts if len(part.numbers)]
    if len(parts) <= 1:
        return parts[0] if parts else NOBODY
    marks = np.zeros(count, np.bool_)
    for part in parts:
        marks[part.numbers] = True
    numbers = np.flatnonzero(marks).astype(np.int32)
    return with_more(Held(numbers), parts, count)


def with_more(found: Held, also: Sequence[Held], count: int) -> Held:
    """The same papers, with the scores of others on top where those hold as well."""
    scores = found.scores
    for other in also:
        if other.scores is not None and len(other.numbers):
            scores = _sum(scores, other.among(found.numbers, count)[1])
    return Held(found.numbers, scores)


def _sum(one: Floats | None, other: Floats | None) -> Floats | None:
    if one is None or other is None:
        return other if one is None else one
    return one + other
