"""Postings as arrays. Must not know where they are stored."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from paperclipper.search.document import ZONE_BITS

Integers = npt.NDArray[np.integer[Any]]
Floats = npt.NDArray[np.floating[Any]]
Mask = npt.NDArray[np.bool_]
POSITION_BITS = 32  # of a packed position, for the zone and the position in the paper


class Postings(NamedTuple):
    """The numbers of the papers that have a term, ascending, and the weight of the term in each."""

    numbers: Integers
    weights: Floats


NO_POSTINGS = Postings(np.zeros(0, np.int32), np.zeros(0, np.float32))
NO_ZONES, NO_POSITIONS = np.zeros(0, np.uint16), np.zeros(0, np.int64)


class MultiTermPostings(NamedTuple):
    """The postings of several terms, unordered. `terms` has the index of each one's term in the request."""

    numbers: Integers
    weights: Floats
    terms: Integers


class FieldPostings(NamedTuple):
    """The postings of some terms of a field, ordered by term.

    `numbers` are paper numbers, ascending within a term; those of term i start at `offsets[i]` and end at
    `offsets[i + 1]`. Fields without `weights` weigh 1 everywhere. `zone_masks` have a bit for each zone (kind
    of text) that the term is in. `positions` are packed (see `pack_positions`) and ascending; those of term i
    start at `position_offsets[i]`.
    """

    field: str
    terms: Sequence[bytes]
    offsets: Integers
    numbers: Integers
    weights: Floats | None = None
    zone_masks: Integers | None = None
    positions: Integers | None = None
    position_offsets: Integers | None = None


# The segments of a group are searched as one: `bases` are what is added to the paper numbers of each.


def concatenate(parts: Sequence[Postings], bases: Sequence[int]) -> Postings:
    """Return the postings of a term in several segments as one segment's."""
    found = [(part, base) for part, base in zip(parts, bases, strict=True) if len(part.numbers)]
    if not found:
        return NO_POSTINGS
    if len(found) == 1 and found[0][1] == 0:
        return found[0][0]
    numbers = np.concatenate([part.numbers + np.int32(base) for part, base in found])
    return Postings(numbers, np.concatenate([part.weights for part, _ in found]))


def concatenate_multi(parts: Sequence[MultiTermPostings], bases: Sequence[int]) -> MultiTermPostings:
    """Return the postings of several terms in several segments as one segment's."""
    if len(parts) == 1:
        return parts[0]
    return MultiTermPostings(
        numbers=np.concatenate(
            [part.numbers + np.int32(base) for part, base in zip(parts, bases, strict=True)]
        ),
        weights=np.concatenate([part.weights for part in parts]),
        terms=np.concatenate([part.terms for part in parts]),
    )


def concatenate_positions(parts: Sequence[Integers], bases: Sequence[int]) -> Integers:
    """Return packed positions in several segments as one segment's."""
    found = [part + (base << POSITION_BITS) for part, base in zip(parts, bases, strict=True) if len(part)]
    return found[0] if len(found) == 1 else np.concatenate([NO_POSITIONS, *found])


# A packed position is the paper's number, the zone and the position in the paper, in this order, so that one
# sorted array has all three.


def pack_positions(papers: Integers, zones: Integers, positions: Integers) -> Integers:
    """Return packed positions. Their zones are counted from 1; 0 means that an older index has none."""
    packed: Integers = papers.astype(np.int64) << POSITION_BITS
    return packed | (zones.astype(np.int64) + 1) << ZONE_BITS | positions


def zones_of(positions: Integers) -> Integers:
    """Return the zones of packed positions, counted from 1; 0 in an index that has no zones."""
    found: Integers = (positions & (1 << POSITION_BITS) - 1) >> ZONE_BITS
    return found
