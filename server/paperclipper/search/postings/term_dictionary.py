"""The terms of one field in one segment, in their order, and where the postings of each lower_bound."""

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
_CONTINUES = 0xC0, 0x80  # these bits of a byte mark the second and later bytes of a character in UTF-8
_SIGNPOST_INTERVAL = (
    32  # terms from one to the next that is at hand: to look at one costs much more than at those
)
Counts = npt.NDArray[np.uint32]


class TermDictionary:
    """TermDictionary as one text. Compared byte by byte, as they are sorted; a term's index is how many come before it."""

    def __init__(self, text: bytes, sizes: Counts, counts: Counts, position_counts: Counts) -> None:
        """Of each term, how many bytes it has, in how many papers it is, and at how many positions, where it is known."""
        self._text = text
        self._offsets = array("q", offsets(sizes).tobytes())  # quicker by the piece than NumPy's
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
        """The terms from one index up to another."""
        offsets = self._offsets[first : last + 1]
        return map(self._text.__getitem__, map(slice, offsets, islice(offsets, 1, None)))

    def frequency(self, term: bytes) -> int:
        """In how many papers the term is, deleted ones too."""
        index = self.index_of(term)
        return 0 if index is None else int(self.counts[index])

    def index_of(self, term: bytes) -> int | None:
        """The term's index, if it is there."""
        index = self.lower_bound(term)
        return index if index < len(self) and self[index] == term else None

    def lower_bound(self, first: bytes) -> int:
        """The index of the first term that is not before this."""
        after = bisect_left(self._signposts, first) * _SIGNPOST_INTERVAL
        return bisect_left(self, first, max(0, after - _SIGNPOST_INTERVAL), min(after, len(self)))

    def first_with_prefix(self, prefix: bytes, limit: int) -> list[bytes]:
        """The first terms that lower_bound so."""
        first, last = self._prefix_range(prefix)
        return list(self.between(first, min(last, first + limit)))

    def most_frequent_with_prefix(self, prefix: bytes, most: int) -> tuple[list[tuple[bytes, int]], bool]:
        """The most frequent terms that lower_bound so, in no order, with how frequent each is; and whether there are more."""
        first, last = self._prefix_range(prefix)
        counts = self.counts[first:last]
        more = len(counts) > most
        chosen = np.argpartition(counts, len(counts) - most)[-most:] if more else np.arange(len(counts))
        return [
            (self[first + i], n) for i, n in zip(chosen.tolist(), counts[chosen].tolist(), strict=True)
        ], more

    def _prefix_range(self, prefix: bytes) -> tuple[int, int]:
        return self.lower_bound(prefix), self.lower_bound(prefix + b"\xff")  # which no UTF-8 contains

    def similar(self, term: bytes, distance: int, limit: int) -> list[bytes]:
        """TermDictionary that may be within so many edits of an ASCII term, all of those that are, with the same first letter.

        An edit changes the length by one at most, and brings and takes one letter.
        """
        first, last = self._prefix_range(term[:1])
        lengths, letters = self._shapes
        fits = np.abs(lengths[first:last] - len(term)) <= distance
        wanted = np.bitwise_or.reduce(_LETTERS[np.frombuffer(term, np.uint8)])
        fits &= np.bitwise_count(letters[first:last] ^ wanted) <= 2 * distance
        return [self[index] for index in (first + np.flatnonzero(fits)[:limit]).tolist()]

    @cached_property
    def _shapes(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint32]]:
        """How many characters each term has, and which letters, a bit for each."""
        if not len(self):
            return np.zeros(0, np.int64), np.zeros(0, np.uint32)
        text = np.frombuffer(self._text, np.uint8)
        begins = ((text & _CONTINUES[0]) != _CONTINUES[1]).astype(np.int64)
        offsets = np.array(self._offsets, np.int64)[:-1]
        return np.add.reduceat(begins, offsets), np.bitwise_or.reduceat(_LETTERS[text], offsets)


def offsets(sizes: npt.NDArray[np.integer[Any]]) -> npt.NDArray[np.int64]:
    """Where each begins, and where the last ends."""
    found = np.zeros(len(sizes) + 1, np.int64)
    np.cumsum(sizes, out=found[1:])
    return found


def ranges(
    starts: npt.NDArray[np.integer[Any]], sizes: npt.NDArray[np.integer[Any]]
) -> npt.NDArray[np.int64]:
    """Return the integers from each start on, as many as its size, one range after the other."""
    before = np.cumsum(sizes) - sizes
    found: npt.NDArray[np.int64] = np.arange(int(sizes.sum())) + np.repeat(starts - before, sizes)
    return found


_NONE = np.zeros(0, np.uint32)
EMPTY_DICTIONARY = TermDictionary(b"", _NONE, _NONE, _NONE)


def merge_sorted(lists: Sequence[Sequence[bytes]], limit: int) -> list[str]:
    """The first of several sorted lists of terms as one, each term once."""
    found = [terms for terms in lists if terms]
    if len(found) == 1:
        return [term.decode() for term in found[0][:limit]]
    return [
        term.decode()
        for term in list(dict.fromkeys(sorted(term for terms in found for term in terms)))[:limit]
    ]
