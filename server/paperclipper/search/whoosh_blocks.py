"""Postings in the bytes of Whoosh's present format ("whoosh3"), as `whoosh.codec.whoosh3` writes them.

A term's postings are blocks. Of what a block says for those who skip, the shortest and longest text are left out.
"""

import struct
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pickle import dumps
from typing import Any, NamedTuple

import numpy as np
from whoosh.codec.whoosh3 import WHOOSH3_HEADER_MAGIC, W3TermInfo

from paperclipper.search.batch import FieldPostings

_BLOCK = 4096  # postings; Whoosh's own 128 serve those who skip
_PICKLE = 2
_LENGTH = struct.Struct("!i")
_EXTENT = struct.Struct("!qi")


class TermBlocks(NamedTuple):
    """A term, its postings, and what the list of terms says of them: statistics, and where they are."""

    term: bytes
    postings: bytes
    info: bytes


class _Lists(NamedTuple):
    """Postings as lists, whose pieces are quicker to take than NumPy's; the step is from the number before."""

    numbers: Sequence[int]
    steps: Sequence[int]
    weights: Sequence[float]
    values: bytes
    ends: Sequence[int]
    size: int | None  # of each value in bytes; None where they differ


def blocks(found: FieldPostings, size: int | None, offset: int) -> Iterator[TermBlocks]:
    """Term by term, to be written one behind the other from an offset on; `size` is what the field's format says."""
    lists = _Lists(
        found.numbers.tolist(),
        np.diff(found.numbers, prepend=0).tolist(),
        found.weights.astype(np.float32).tolist(),
        found.values,
        found.ends,
        size,
    )
    for term, (start, end) in zip(found.terms, pairwise(found.starts.tolist()), strict=True):
        postings = WHOOSH3_HEADER_MAGIC + b"".join(
            [_block(lists, first, min(first + _BLOCK, end), end) for first in range(start, end, _BLOCK)]
        )
        yield TermBlocks(term, postings, _info(lists, start, end) + _EXTENT.pack(offset, len(postings)))
        offset += len(postings)


def _block(lists: _Lists, first: int, last: int, end: int) -> bytes:
    weights = lists.weights[first:last]
    steps = (lists.numbers[first], *lists.steps[first + 1 : last])
    told = dumps((last - first, lists.numbers[last - 1], max(weights), 0, 0, 0), _PICKLE)
    block = dumps((steps, _weights(weights), _values(lists, first, last)), _PICKLE)
    length = len(told) + len(block)
    return _LENGTH.pack(-length if last == end else length) + told + block


def _weights(weights: Sequence[float]) -> Any:
    """One for all where they are the same, nothing where that is 1."""
    first = weights[0]
    if weights.count(first) != len(weights):
        return tuple(weights)
    return None if first == 1.0 else first


def _values(lists: _Lists, first: int, last: int) -> Any:
    if lists.size is None:
        ends, values = lists.ends, lists.values
        return tuple([values[ends[i] : ends[i + 1]] for i in range(first, last)]) if ends else ()
    return lists.values[lists.ends[first] : lists.ends[last]] if lists.ends else None


def _info(lists: _Lists, start: int, end: int) -> bytes:
    weights, numbers = lists.weights[start:end], lists.numbers
    packed: bytes = W3TermInfo._struct.pack(
        0, sum(weights), end - start, 0, 0, max(weights), numbers[start], numbers[end - 1]
    )
    return packed
