"""The terms of one field in one segment, in their order: how frequent each is, and where its postings lie."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

_LETTERS = np.zeros(256, np.uint32)
_LETTERS[ord("a") : ord("z") + 1] = 1 << np.arange(26, dtype=np.uint32)
_CONTINUES = 0xC0, 0x80  # these bits of a byte mark the second and later bytes of a character in UTF-8


class Terms:
    """Terms as one text, and where each ends in it. Compared byte by byte, as they are sorted."""

    def __init__(
        self,
        text: bytes,
        ends: npt.NDArray[np.int64],
        frequencies: npt.NDArray[np.int32],
        extents: npt.NDArray[np.int64],
    ) -> None:
        """`extents` are the (offset, length) of each term's postings."""
        self._text = text
        self._starts = array("q", bytes(8) + ends.tobytes())  # quicker by the piece than NumPy's
        self._frequencies = frequencies
        self._extents = extents

    def __len__(self) -> int:
        return len(self._frequencies)

    def __iter__(self) -> Iterator[bytes]:
        return (self[place] for place in range(len(self)))

    def __getitem__(self, place: int) -> bytes:
        return self._text[self._starts[place] : self._starts[place + 1]]

    def frequency(self, term: bytes) -> int:
        """In how many papers the term is, deleted ones too."""
        place = self._place(term)
        return 0 if place is None else int(self._frequencies[place])

    def extents(self, term: bytes) -> npt.NDArray[np.int64] | None:
        """Where the term's postings are, and how many bytes, as one row; None where there is no such term."""
        place = self._place(term)
        return None if place is None else self._extents[place : place + 1]

    def between(self, first: bytes, last: bytes) -> tuple[list[bytes], npt.NDArray[np.int64]]:
        """The terms from one to another, both included, and a row of `extents` for each."""
        begin = self._lower_bound(first)
        end = bisect_right(self, last, lo=begin)
        return [self[place] for place in range(begin, end)], self._extents[begin:end]

    def _place(self, term: bytes) -> int | None:
        place = self._lower_bound(term)
        return place if place < len(self) and self[place] == term else None

    def _lower_bound(self, term: bytes) -> int:
        return bisect_left(self, term)

    def beginning(self, prefix: bytes, limit: int) -> list[bytes]:
        """The first terms that begin so."""
        first, last = self._begin(prefix)
        return [self[place] for place in range(first, min(last, first + limit))]

    def _begin(self, prefix: bytes) -> tuple[int, int]:
        return self._lower_bound(prefix), self._lower_bound(prefix + b"\xff")  # which no UTF-8 contains

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


NO_TERMS = Terms(b"", np.zeros(0, np.int64), np.zeros(0, np.int32), np.zeros((0, 2), np.int64))


def merged(lists: Sequence[Sequence[bytes]], limit: int) -> list[str]:
    """The first of several sorted lists of terms as one, each term once."""
    found = [terms for terms in lists if terms]
    if len(found) == 1:
        return [term.decode() for term in found[0][:limit]]
    return [term.decode() for term in list(dict.fromkeys(sorted(term for terms in found for term in terms)))[:limit]]
