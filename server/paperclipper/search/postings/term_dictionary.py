"""The terms of one field in one segment, in their order, and where the postings of each begin."""

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
_APART = 32  # terms from one to the next that is at hand: to look at one costs much more than at those
Counts = npt.NDArray[np.uint32]


class Terms:
    """Terms as one text. Compared byte by byte, as they are sorted; a term's place is how many come before it."""

    def __init__(self, text: bytes, sizes: Counts, counts: Counts, place_counts: Counts) -> None:
        """Of each term, how many bytes it has, in how many papers it is, and at how many places, where it is known."""
        self._text = text
        self._starts = array("q", starts(sizes).tobytes())  # quicker by the piece than NumPy's
        self._signposts = [self[place] for place in range(0, len(sizes), _APART)]
        self.counts = counts
        self.starts = starts(counts)
        self.place_starts = starts(place_counts)

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __iter__(self) -> Iterator[bytes]:
        return self.some(0, len(self))

    def __getitem__(self, place: int) -> bytes:
        return self._text[self._starts[place] : self._starts[place + 1]]

    def some(self, first: int, last: int) -> Iterator[bytes]:
        """The terms from one place up to another."""
        starts = self._starts[first : last + 1]
        return map(self._text.__getitem__, map(slice, starts, islice(starts, 1, None)))

    def frequency(self, term: bytes) -> int:
        """In how many papers the term is, deleted ones too."""
        place = self.place(term)
        return 0 if place is None else int(self.counts[place])

    def place(self, term: bytes) -> int | None:
        """The term's place, if it is there."""
        place = self.begin(term)
        return place if place < len(self) and self[place] == term else None

    def begin(self, first: bytes) -> int:
        """The place of the first term that is not before this."""
        after = bisect_left(self._signposts, first) * _APART
        return bisect_left(self, first, max(0, after - _APART), min(after, len(self)))

    def beginning(self, prefix: bytes, limit: int) -> list[bytes]:
        """The first terms that begin so."""
        first, last = self._begin(prefix)
        return list(self.some(first, min(last, first + limit)))

    def begun(self, prefix: bytes, most: int) -> tuple[list[tuple[bytes, int]], bool]:
        """The most frequent terms that begin so, in no order, with how frequent each is; and whether there are more."""
        first, last = self._begin(prefix)
        counts = self.counts[first:last]
        more = len(counts) > most
        chosen = np.argpartition(counts, len(counts) - most)[-most:] if more else np.arange(len(counts))
        return [
            (self[first + i], n) for i, n in zip(chosen.tolist(), counts[chosen].tolist(), strict=True)
        ], more

    def _begin(self, prefix: bytes) -> tuple[int, int]:
        return self.begin(prefix), self.begin(prefix + b"\xff")  # which no UTF-8 contains

    def alike(self, term: bytes, distance: int, limit: int) -> list[bytes]:
        """Terms that may be within so many edits of an ASCII term, all of those that are, with the same first letter.

        An edit changes the length by one at most, and brings and takes one letter.
        """
        first, last = self._begin(term[:1])
        lengths, letters = self._shapes
        fits = np.abs(lengths[first:last] - len(term)) <= distance
        wanted = np.bitwise_or.reduce(_LETTERS[np.frombuffer(term, np.uint8)])
        fits &= np.bitwise_count(letters[first:last] ^ wanted) <= 2 * distance
        return [self[place] for place in (first + np.flatnonzero(fits)[:limit]).tolist()]

    @cached_property
    def _shapes(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint32]]:
        """How many characters each term has, and which letters, a bit for each."""
        if not len(self):
            return np.zeros(0, np.int64), np.zeros(0, np.uint32)
        text = np.frombuffer(self._text, np.uint8)
        begins = ((text & _CONTINUES[0]) != _CONTINUES[1]).astype(np.int64)
        starts = np.array(self._starts, np.int64)[:-1]
        return np.add.reduceat(begins, starts), np.bitwise_or.reduceat(_LETTERS[text], starts)


def starts(sizes: npt.NDArray[np.integer[Any]]) -> npt.NDArray[np.int64]:
    """Where each begins, and where the last ends."""
    found = np.zeros(len(sizes) + 1, np.int64)
    np.cumsum(sizes, out=found[1:])
    return found


_NONE = np.zeros(0, np.uint32)
NO_TERMS = Terms(b"", _NONE, _NONE, _NONE)


def merged(lists: Sequence[Sequence[bytes]], limit: int) -> list[str]:
    """The first of several sorted lists of terms as one, each term once."""
    found = [terms for terms in lists if terms]
    if len(found) == 1:
        return [term.decode() for term in found[0][:limit]]
    return [
        term.decode()
        for term in list(dict.fromkeys(sorted(term for terms in found for term in terms)))[:limit]
    ]
