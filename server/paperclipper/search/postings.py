"""Postings and labels as arrays, and how long they are kept. Must not know where they are read."""

from array import array
from collections import OrderedDict
from collections.abc import Callable, Container, Iterable, Sequence
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from paperclipper.search.document import FACETS, ZONE_BITS

Integers = npt.NDArray[np.integer[Any]]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
PLACE_BITS = 32  # of a place in a paper's texts, with the kind of text
_ROOM = 96 << 20
_EACH = 1000  # bytes that keeping takes beside the numbers: most postings are of a few papers


class Postings(NamedTuple):
    """The papers that have a term, by number, what it weighs in each, and the bits of the kinds of text it is in.

    `parts` is None where they are not known. `places` are a word's positions in all papers, ascending, each with its
    paper's number above `PLACE_BITS`.
    """

    numbers: Integers
    weights: Floats
    parts: Integers | None
    places: Integers | None

    @property
    def size(self) -> int:
        """In bytes, about."""
        return _EACH + sum(each.nbytes for each in self if each is not None)


NOTHING = Postings(np.zeros(0, np.int32), np.zeros(0), None, np.zeros(0, np.int64))


class Kept:
    """Postings that were read, up to so many bytes; what was not used for longest goes first."""

    def __init__(self, room: int = _ROOM) -> None:
        self._room = room
        self._used = 0
        self._postings: OrderedDict[tuple[str, str, str], Postings] = OrderedDict()

    def get(self, key: tuple[str, str, str], read: Callable[[], Postings]) -> Postings:
        """Those of a (segment, field, term)."""
        found = self._postings.get(key)
        if found is not None:
            self._postings.move_to_end(key)
            return found
        found = read()
        self._postings[key] = found
        self._used += found.size
        while self._used > self._room and len(self._postings) > 1:
            self._used -= self._postings.popitem(last=False)[1].size
        return found

    def let_go_all_but(self, segments: Container[str]) -> None:
        """Forget those of segments that nobody will ask for again: they would be kept until the room is full."""
        for key in [key for key in self._postings if key[0] not in segments]:
            self._used -= self._postings.pop(key).size


class Vocabulary(dict[str, int]):
    """A number for each label that is counted, the same in all segments; of each its facet, by place, and its value."""

    def __init__(self) -> None:
        super().__init__()
        self.facets = array("b")
        self.values_of: list[str] = []

    def __missing__(self, label: str) -> int:
        number = self[label] = len(self)
        facet, _, value = label.partition(":")
        self.facets.append(FACETS.index(facet))
        self.values_of.append(value)
        return number


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
    parts_known = all(part.parts is not None for part, _ in found)
    places_known = all(part.places is not None for part, _ in found)
    return Postings(
        np.concatenate([part.numbers + np.int32(base) for part, base in found]),
        np.concatenate([part.weights for part, _ in found]),
        np.concatenate([part.parts for part, _ in found if part.parts is not None]) if parts_known else None,
        np.concatenate([part.places + (base << PLACE_BITS) for part, base in found if part.places is not None])
        if places_known
        else None,
    )


def joined_labels(parts: Sequence[Labels]) -> Labels:
    """The labels of several segments as one's."""
    bases = np.cumsum([0, *(len(part.numbers) for part in parts)])
    starts = [part.starts[:-1] + base for part, base in zip(parts, bases[:-1], strict=True)]
    return Labels(np.concatenate([*starts, bases[-1:]]), np.concatenate([part.numbers for part in parts]))


def zones(places: Integers) -> Integers:
    """The kinds of text that places are in, counted from 1; 0 where an older index does not say."""
    found: Integers = (places & (1 << PLACE_BITS) - 1) >> ZONE_BITS
    return found


def places(numbers: Integers, sizes: Integers, positions: Integers) -> Integers:
    """The positions in all papers; `sizes` says how many are in each."""
    found: Integers = np.repeat(numbers.astype(np.int64) << PLACE_BITS, sizes) | positions
    return found if len(found) < 2 or bool((found[1:] >= found[:-1]).all()) else np.sort(found)
