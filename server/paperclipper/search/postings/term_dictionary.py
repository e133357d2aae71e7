"""Term dictionaries: the sorted terms of one field in one segment, and the offsets of their postings."""

from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt

_LETTERS = np.zeros(256, np.uint32)
_LETTERS[ord("a") : ord("z") + 1] = 1 << np.arange(26, dtype=np.uint32)
_CONTINUATION_MASK, _CONTINUATION = 0xC0, 0x80  # identify continuation bytes in UTF-8
_SIGNPOST_INTERVAL = 32  # terms; binary search over every nth term is much faster than over all
Counts = npt.NDArray[np.uint32]


class TermDictionary:
    """Sorted terms, stored in one byte string and compared bytewise. Terms are numbered from 0."""

    def __init__(self, text: bytes, sizes: Counts, counts: Counts, position_counts: Counts) -> None:
        """`sizes` are in bytes; `counts` are document frequencies; `position_counts` may be empty."""
        self._text = text
        self._offsets = array("q", offsets(sizes).tobytes())  # faster to index than a NumPy array
        self._signposts = [self[index] for index in range(0, len(sizes), _SIGNPOST_INTERVAL)]
        self.counts = counts
        self.offsets = offsets(counts)
        self.position_offsets = offsets(position_counts)

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def __iter__(self) -> Iterator[bytes]:
        return self.between(0, len(self))

    def __getitem__(self, index: int) -> bytes:
        return self._text[self._offsets[index] : self._offsets[index + 1]]

    def between(self, first: int, last: int) -> Iterator[bytes]:
        """Yield the terms from index `first` up to `last`."""
        offsets = self._offsets[first : last + 1]
        return map(self._text.__getitem__, map(slice, offsets, islice(offsets, 1, None)))

    def frequency(self, term: bytes) -> int:
        """Return the document frequency of a term, including deleted documents."""
        index = self.index_of(term)
        return 0 if index is None else int(self.counts[index])

    def index_of(self, term: bytes) -> int | None:
        """Return the index of a term, or None if it is not in the dictionary."""
        index = self.lower_bound(term)
        return index if index < len(self) and self[index] == term else None

    def lower_bound(self, term: bytes) -> int:
        """Return the index of the first term greater than or equal to the given one."""
        after = bisect_left(self._signposts, term) * _SIGNPOST_INTERVAL
        return bisect_left(self, term, max(0, after - _SIGNPOST_INTERVAL), min(after, len(self)))

    def first_with_prefix(self, prefix: bytes, limit: int) -> list[bytes]:
        """Return the first terms that start with a prefix."""
        first, last = self._prefix_range(prefix)
        return list(self.between(first, min(last, first + limit)))

    def most_frequent_with_prefix(self, prefix: bytes, limit: int) -> tuple[list[tuple[bytes, int]], bool]:
        """Return the most frequent terms that start with a prefix, and whether there are more.

        The result is an unordered list of (term, document frequency) pairs.
        """
        first, last = self._prefix_range(prefix)
        counts = self.counts[first:last]
        more = len(counts) > limit
        chosen = np.argpartition(counts, len(counts) - limit)[-limit:] if more else np.arange(len(counts))
        frequencies = zip(chosen.tolist(), counts[chosen].tolist(), strict=True)
        return [(self[first + i], frequency) for i, frequency in frequencies], more

    def _prefix_range(self, prefix: bytes) -> tuple[int, int]:
        return self.lower_bound(prefix), self.lower_bound(prefix + b"\xff")  # 0xFF never occurs in UTF-8

    def similar(self, term: bytes, distance: int, limit: int) -> list[bytes]:
        """Return terms with the same first letter that may be within `distance` edits of an ASCII term.

        No term within that distance is missed: an edit changes the length by at most one, and adds and
        removes at most one letter.
        """
        first, last = self._prefix_range(term[:1])
        lengths, letters = self._shapes
        fits = np.abs(lengths[first:last] - len(term)) <= distance
        wanted = np.bitwise_or.reduce(_LETTERS[np.frombuffer(term, np.uint8)])
        fits &= np.bitwise_count(letters[first:last] ^ wanted) <= 2 * distance
        return [self[index] for index in (first + np.flatnonzero(fits)[:limit]).tolist()]

    @cached_property
    def _shapes(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint32]]:
        """The number of characters of each term, and a bit mask of the letters it contains."""
        if not len(self):
            return np.zeros(0, np.int64), np.zeros(0, np.uint32)
        text = np.frombuffer(self._text, np.uint8)
        begins = ((text & _CONTINUATION_MASK) != _CONTINUATION).astype(np.int64)
        offsets = np.array(self._offsets, np.int64)[:-1]
        return np.add.reduceat(begins, offsets), np.bitwise_or.reduceat(_LETTERS[text], offsets)


def offsets(sizes: npt.NDArray[np.integer[Any]]) -> npt.NDArray[np.int64]:
    """Return the offset of each item in a contiguous sequence, followed by the end offset."""
    found = np.zeros(len(sizes) + 1, np.int64)
    np.cumsum(sizes, out=found[1:])
    return found


def ranges(
    starts: npt.NDArray[np.integer[Any]], sizes: npt.NDArray[np.integer[Any]]
) -> npt.NDArray[np.int64]:
    """Return the concatenation of the integer ranges given by their starts and sizes."""
    before = np.cumsum(sizes) - sizes
    found: npt.NDArray[np.int64] = np.arange(int(sizes.sum())) + np.repeat(starts - before, sizes)
    return found


_NONE = np.zeros(0, np.uint32)
EMPTY_DICTIONARY = TermDictionary(b"", _NONE, _NONE, _NONE)


def merge_sorted(lists: Sequence[Sequence[bytes]], limit: int) -> list[str]:
    """Merge sorted lists of terms, and return the first `limit` distinct terms."""
    lists = [terms for terms in lists if terms]
    if len(lists) == 1:
        return [term.decode() for term in lists[0][:limit]]
    merged = dict.fromkeys(sorted(term for terms in lists for term in terms))
    return [term.decode() for term in islice(merged, limit)]
