"""Postings and labels as arrays. Must not know where they are read, nor where they are written."""

from array import array
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from paperclipper.search.document import FACETS, ZONE_BITS

Integers = npt.NDArray[np.integer[Any]]
Floats = npt.NDArray[np.floating[Any]]
Mask = npt.NDArray[np.bool_]
PLACE_BITS = 32  # of a place in a paper's texts, with the kind of text


class Postings(NamedTuple):
    """The papers that have a term, by number, ascending, and what it weighs in each."""

    numbers: Integers
    weights: Floats


NOTHING = Postings(np.zeros(0, np.int32), np.zeros(0, np.float32))
NO_PARTS, NO_PLACES = np.zeros(0, np.uint16), np.zeros(0, np.int64)


class Several(NamedTuple):
    """Postings of several terms, in no order; `terms` says whose each is, by its place among those asked for."""

    numbers: Integers
    weights: Floats
    terms: Integers


class FieldPostings(NamedTuple):
    """All postings of some terms of a field, term by term, the terms in order.

    `numbers` are the papers', ascending within a term; those of term i are from `starts[i]` up to `starts[i + 1]`.
    Where a field has them, `weights` and `parts` (the kinds of text that the term is in, a bit for each) stand beside;
    without, all weigh 1. `places` are those of term i from `place_starts[i]` up to `place_starts[i + 1]`, ascending,
    each with its paper's number above `PLACE_BITS`.
    """

    field: str
    terms: Sequence[bytes]
    starts: Integers
    numbers: Integers
    weights: Floats | None = None
    parts: Integers | None = None
    places: Integers | None = None
    place_starts: Integers | None = None


class Vocabulary(dict[str, int]):
    """A number for each label that is counted, the same in all segments; of each its value."""

    def __init__(self) -> None:
        super().__init__()
        self.values_of: list[str] = []
        self._of_facet = {facet: array("i") for facet in FACETS}

    def __missing__(self, label: str) -> int:
        number = self[label] = len(self)
        facet, _, value = label.partition(":")
        self._of_facet[facet].append(number)
        self.values_of.append(value)
        return number

    def of_facet(self, facet: str) -> Integers:
        """The numbers of all labels of a facet."""
        return np.array(self._of_facet[facet], np.int32)


class Labels(NamedTuple):
    """The labels of all papers, in the order of the papers, and where each paper's begin."""

    starts: Integers
    numbers: Integers


def labels(lines: Iterable[str] | None, vocabulary: Vocabulary) -> Labels:
    """The labels of papers, of each on lines of its own."""
    by_paper = [text.split("\n") if text else [] for text in lines or ()]
    starts = np.zeros(len(by_paper) + 1, np.int64)
    np.cumsum(list(map(len, by_paper)), out=starts[1:])
    numbers = map(vocabulary.__getitem__, chain.from_iterable(by_paper))
    return Labels(starts, np.fromiter(numbers, np.int32, int(starts[-1])))


def joined(parts: Sequence[Postings], bases: Sequence[int]) -> Postings:
    """Postings of several segments as one's, in which the papers of each are counted from its base."""
    found = [(part, base) for part, base in zip(parts, bases, strict=True) if len(part.numbers)]
    if len(found) <= 1 and (not found or not found[0][1]):
        return found[0][0] if found else NOTHING
    numbers = np.concatenate([part.numbers + np.int32(base) for part, base in found])
    return Postings(numbers, np.concatenate([part.weights for part, _ in found]))


def joined_several(parts: Sequence[Several], bases: Sequence[int]) -> Several:
    """The same of several terms."""
    if len(parts) == 1:
        return parts[0]
    numbers = [part.numbers + np.int32(base) for part, base in zip(parts, bases, strict=True)]
    weights, terms = [part.weights for part in parts], [part.terms for part in parts]
    return Several(np.concatenate(numbers), np.concatenate(weights), np.concatenate(terms))


def joined_places(parts: Sequence[Integers], bases: Sequence[int]) -> Integers:
    """Places in several segments as one's."""
    found = [part + (base << PLACE_BITS) for part, base in zip(parts, bases, strict=True) if len(part)]
    return found[0] if len(found) == 1 else np.concatenate([NO_PLACES, *found])


def joined_labels(parts: Sequence[Labels]) -> Labels:
    """The labels of several segments as one's."""
    bases = np.cumsum([0, *(len(part.numbers) for part in parts)])
    starts = [part.starts[:-1] + base for part, base in zip(parts, bases[:-1], strict=True)]
    return Labels(np.concatenate([*starts, bases[-1:]]), np.concatenate([part.numbers for part in parts]))


def zones(places: Integers) -> Integers:
    """The kinds of text that places are in, counted from 1; 0 where an older index does not say."""
    found: Integers = (places & (1 << PLACE_BITS) - 1) >> ZONE_BITS
    return found
