"""Postings and labels as arrays. Must not know where they are read, nor where they are written."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from paperclipper.search.document import OPEN_FACETS, ZONE_BITS
from paperclipper.search.postings.term_dictionary import offsets, ranges

Integers = npt.NDArray[np.integer[Any]]
Floats = npt.NDArray[np.floating[Any]]
Mask = npt.NDArray[np.bool_]
POSITION_BITS = 32  # of a place in a paper's texts, with the kind of text


class Postings(NamedTuple):
    """The papers that have a term, by number, ascending, and what it weighs in each."""

    numbers: Integers
    weights: Floats


NO_POSTINGS = Postings(np.zeros(0, np.int32), np.zeros(0, np.float32))
NO_ZONES, NO_POSITIONS = np.zeros(0, np.uint16), np.zeros(0, np.int64)


class MultiTermPostings(NamedTuple):
    """Postings of several terms, in no order; `terms` says whose each is, by its place among those asked for."""

    numbers: Integers
    weights: Floats
    terms: Integers


class FieldPostings(NamedTuple):
    """All postings of some terms of a field, term by term, the terms in order.

    `numbers` are the papers', ascending within a term; those of term i are from `offsets[i]` up to `offsets[i + 1]`.
    Where a field has them, `weights` and `zone_masks` (the kinds of text that the term is in, a bit for each) stand beside;
    without, all weigh 1. `positions` are those of term i from `position_offsets[i]` up to `position_offsets[i + 1]`, ascending,
    each with its paper's number above `POSITION_BITS`.
    """

    field: str
    terms: Sequence[bytes]
    offsets: Integers
    numbers: Integers
    weights: Floats | None = None
    zone_masks: Integers | None = None
    positions: Integers | None = None
    position_offsets: Integers | None = None


_SIDES = 1 + len(OPEN_FACETS)
_SIDE_OF = {facet: side for side, facet in enumerate(OPEN_FACETS, 1)}


class Vocabulary(dict[str, int]):
    """A number for each label that is counted, the same in all segments.

    Labels of closed facets are numbered together, those of each open one by themselves: each is one of `namespaces`, with
    the label of each number. What a label maps to is its number times so many namespaces, plus its side.
    """

    def __init__(self) -> None:
        super().__init__()
        self.namespaces: tuple[list[str], ...] = tuple([] for _ in range(_SIDES))

    def __missing__(self, label: str) -> int:
        side = _SIDE_OF.get(label.partition(":")[0], 0)
        known = self.namespaces[side]
        found = self[label] = len(known) * _SIDES + side
        known.append(label)
        return found


class Labels(NamedTuple):
    """Labels of all papers, in the order of the papers, and where each paper's begin."""

    offsets: Integers
    numbers: Integers

    def of(self, papers: Integers) -> Integers:
        """Those of some papers."""
        starts = self.offsets[papers]
        found: Integers = self.numbers[ranges(starts, self.offsets[papers + 1] - starts)]
        return found


def labels(lines: Sequence[str], vocabulary: Vocabulary) -> list[Labels]:
    """The labels of papers, of each on lines of its own, side by side of the vocabulary."""
    sizes = np.fromiter((text.count("\n") + 1 if text else 0 for text in lines), np.int64, len(lines))
    said = "\n".join([text for text in lines if text]).split("\n") if sizes.any() else []
    found = np.fromiter(map(vocabulary.__getitem__, said), np.int32, len(said))
    papers, (numbers, namespaces) = np.repeat(np.arange(len(sizes)), sizes), np.divmod(found, _SIDES)
    return [
        _labels(papers[namespaces == side], numbers[namespaces == side], len(sizes)) for side in range(_SIDES)
    ]


def _labels(papers: Integers, numbers: Integers, count: int) -> Labels:
    return Labels(offsets(np.bincount(papers, minlength=count)), numbers)


def concatenate(parts: Sequence[Postings], bases: Sequence[int]) -> Postings:
    """Postings of several segments as one's, in which the papers of each are counted from its base."""
    found = [(part, base) for part, base in zip(parts, bases, strict=True) if len(part.numbers)]
    if len(found) <= 1 and (not found or not found[0][1]):
        return found[0][0] if found else NO_POSTINGS
    numbers = np.concatenate([part.numbers + np.int32(base) for part, base in found])
    return Postings(numbers, np.concatenate([part.weights for part, _ in found]))


def concatenate_multi(parts: Sequence[MultiTermPostings], bases: Sequence[int]) -> MultiTermPostings:
    """The same of several terms."""
    if len(parts) == 1:
        return parts[0]
    numbers = [part.numbers + np.int32(base) for part, base in zip(parts, bases, strict=True)]
    weights, terms = [part.weights for part in parts], [part.terms for part in parts]
    return MultiTermPostings(np.concatenate(numbers), np.concatenate(weights), np.concatenate(terms))


def concatenate_positions(parts: Sequence[Integers], bases: Sequence[int]) -> Integers:
    """Places in several segments as one's."""
    found = [part + (base << POSITION_BITS) for part, base in zip(parts, bases, strict=True) if len(part)]
    return found[0] if len(found) == 1 else np.concatenate([NO_POSITIONS, *found])


def concatenate_labels(parts: Sequence[Labels]) -> Labels:
    """The labels of several segments as one's."""
    bases = np.cumsum([0, *(len(part.numbers) for part in parts)])
    offsets = [part.offsets[:-1] + base for part, base in zip(parts, bases[:-1], strict=True)]
    return Labels(np.concatenate([*offsets, bases[-1:]]), np.concatenate([part.numbers for part in parts]))


# A packed position sorts by paper, zone (kind of text) and position in the paper, so that one array has all three.


def pack_positions(papers: Integers, zones: Integers, positions: Integers) -> Integers:
    """Return packed positions. Zones are counted from 1 in them: 0 means that an older index has none."""
    packed: Integers = papers.astype(np.int64) << POSITION_BITS
    return packed | (zones.astype(np.int64) + 1) << ZONE_BITS | positions


def zones_of(positions: Integers) -> Integers:
    """The kinds of text that packed positions are in, counted from 1; 0 where an older index does not have them."""
    found: Integers = (positions & (1 << POSITION_BITS) - 1) >> ZONE_BITS
    return found
