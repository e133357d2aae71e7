"""Posting lists as arrays. Must not depend on how they are stored."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from paperclipper.search.document import ZONE_BITS

Integers = npt.NDArray[np.integer[Any]]
Floats = npt.NDArray[np.floating[Any]]
Mask = npt.NDArray[np.bool_]
POSITION_BITS = 32  # low bits of a packed position: the zone and the position in the paper


class Postings(NamedTuple):
    """The posting list of a term: ascending document numbers, and the weight of the term in each document."""

    numbers: Integers
    weights: Floats


NO_POSTINGS = Postings(np.zeros(0, np.int32), np.zeros(0, np.float32))
NO_ZONES, NO_POSITIONS = np.zeros(0, np.uint16), np.zeros(0, np.int64)


class MultiTermPostings(NamedTuple):
    """The unordered postings of several terms. `terms` has each posting's index into the requested terms."""

    numbers: Integers
    weights: Floats
    terms: Integers


class FieldPostings(NamedTuple):
    """The posting lists of some terms of a field, ordered by term.

    `numbers` are document numbers, ascending within each term; those of term i start at `offsets[i]` and end
    at `offsets[i + 1]`. Without `weights`, every posting weighs 1. `zone_masks` have a bit for each zone
    (kind of text) that contains the term. `positions` are packed (see `pack_positions`) and ascending; those
    of term i start at `position_offsets[i]`.
    """

    field: str
    terms: Sequence[bytes]
    offsets: Integers
    numbers: Integers
    weights: Floats | None = None
    zone_masks: Integers | None = None
    positions: Integers | None = None
    position_offsets: Integers | None = None


# The segments of a group are searched as one. `bases` are added to the document numbers of each segment.


def concatenate(parts: Sequence[Postings], bases: Sequence[int]) -> Postings:
    """Concatenate the postings of a term in several segments, renumbering the documents."""
    found = [(part, base) for part, base in zip(parts, bases, strict=True) if len(part.numbers)]
    if not found:
        return NO_POSTINGS
    if len(found) == 1 and found[0][1] == 0:
        return found[0][0]
    numbers = np.concatenate([part.numbers + np.int32(base) for part, base in found])
    return Postings(numbers, np.concatenate([part.weights for part, _ in found]))


def concatenate_multi(parts: Sequence[MultiTermPostings], bases: Sequence[int]) -> MultiTermPostings:
    """Concatenate the postings of several terms in several segments, renumbering the documents."""
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
    """Concatenate the packed positions of several segments, renumbering the documents."""
    found = [part + (base << POSITION_BITS) for part, base in zip(parts, bases, strict=True) if len(part)]
    return found[0] if len(found) == 1 else np.concatenate([NO_POSITIONS, *found])


# A packed position combines document number, zone and position within the paper, most significant first, so
# that a single sorted array stores all three.


def pack_positions(papers: Integers, zones: Integers, positions: Integers) -> Integers:
    """Pack positions. Zones are stored counting from 1; 0 marks an older index without zones."""
    packed: Integers = papers.astype(np.int64) << POSITION_BITS
    return packed | (zones.astype(np.int64) + 1) << ZONE_BITS | positions


def zones_of(positions: Integers) -> Integers:
    """Return the zones of packed positions, counting from 1; 0 in an older index without zones."""
    found: Integers = (positions & (1 << POSITION_BITS) - 1) >> ZONE_BITS
    return found
