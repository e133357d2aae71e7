"""StoredPostings of a segment that an older version wrote in Whoosh's own format, until the index has been made anew.

Postings are read by Whoosh's own means, paper by paper: slow, but it is for minutes. Its list of terms ("whoosh3", as
`whoosh.codec.whoosh3` writes it) is read in arrays, for no search is answered before.
"""

import struct
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from paperclipper.search.document import STEMS, WORDS
from paperclipper.search.postings.arrays import POSITION_BITS, Floats, Integers
from paperclipper.search.postings.files import StoredPostings
from paperclipper.search.postings.term_dictionary import EMPTY_DICTIONARY, TermDictionary
from paperclipper.search.whoosh import internals
from paperclipper.search.whoosh.codec import PostingsTermsReader

_CACHED_TERMS = 1000  # terms


def open_postings(reader: Any) -> StoredPostings:
    """Return the terms and postings of a segment, in whichever format it has them."""
    terms = internals.terms_reader(reader)
    if isinstance(terms, PostingsTermsReader):
        return terms.stored_postings
    return LegacyPostings(terms, reader.schema)


class _Postings(NamedTuple):
    """Of one term; what is written beside each paper as one text."""

    numbers: Sequence[int]
    weights: Sequence[float]
    beside: Sequence[bytes]


class LegacyPostings:
    """Implements `StoredPostings`."""

    def __init__(self, terms: Any, schema: Any) -> None:
        """Takes Whoosh's reader of a segment's terms."""
        self._reader, self._schema = terms, schema
        self._known: Mapping[str, TermDictionary] | None = None
        self._postings = lru_cache(_CACHED_TERMS)(self._read)

    def all_terms(self) -> Mapping[str, TermDictionary]:
        """As `StoredPostings` says."""
        if self._known is None:
            self._known = _read_terms(internals.term_table(self._reader))
        return self._known

    def reuse_terms(self, terms: Mapping[str, TermDictionary]) -> None:
        """As `StoredPostings` says."""
        self._known = terms

    def terms(self, field: str) -> TermDictionary:
        """As `StoredPostings` says."""
        return self.all_terms().get(field, EMPTY_DICTIONARY)

    def numbers(self, field: str, first: int, last: int) -> Integers:
        """As `StoredPostings` says."""
        return np.array(
            [number for each in self._between(field, first, last) for number in each.numbers], np.int32
        )

    def weights(self, field: str, first: int, last: int) -> Floats:
        """As `StoredPostings` says."""
        return np.array(
            [weight for each in self._between(field, first, last) for weight in each.weights], np.float32
        )

    def zone_masks(self, field: str, first: int, last: int) -> Integers | None:
        """As `StoredPostings` says. The first analysis did not write them."""
        if field != STEMS or not self._schema[STEMS].format.fixed_value_size():
            return None
        return np.frombuffer(
            b"".join(b"".join(each.beside) for each in self._between(field, first, last)), np.uint16
        )

    def positions(self, field: str, first: int, last: int) -> Integers | None:
        """As `StoredPostings` says."""
        if field != WORDS:
            return None
        found = [_positions(each) for each in self._between(field, first, last)]
        return np.concatenate([np.zeros(0, np.int64), *found])

    def position_counts(self, field: str, first: int, last: int) -> Integers:
        """As `StoredPostings` says."""
        return np.array([len(_positions(each)) for each in self._between(field, first, last)], np.int64)

    def _between(self, field: str, first: int, last: int) -> list[_Postings]:
        return [self._postings(field, self.terms(field)[index]) for index in range(first, last)]

    def _read(self, field: str, term: bytes) -> _Postings:
        """Deleted papers' too."""
        matcher = self._reader.matcher(field, term, self._schema[field].format)
        found = []
        while matcher.is_active():
            found.append((matcher.id(), matcher.weight(), matcher.value()))
            matcher.next()
        return _Postings(*zip(*found, strict=True))


# A record is the lengths of key and value (`!ii`), the key (the field's number as `!H`, the term), and the value, in
# which the number of papers stands behind a flag and a weight (`!Bf`).
_KEY, _TERM, _FREQUENCY = struct.calcsize("!ii"), struct.calcsize("!iiH"), struct.calcsize("!Bf")


def _read_terms(table: Any) -> dict[str, TermDictionary]:
    written = np.frombuffer(table.dbfile.get(0, table.endofdata), np.uint8)
    records = np.array(
        table.dbfile.get_array(table.indexbase, table.extras["indextype"], table.indexlen), np.int64
    )
    fields = _number(written, records + _KEY, 2)
    return {
        name: _terms(written, records[fields == number]) for name, number in table.extras["fieldmap"].items()
    }


def _terms(written: npt.NDArray[np.uint8], records: Integers) -> TermDictionary:
    sizes = _number(written, records, 4) - (_TERM - _KEY)
    before = np.cumsum(sizes) - sizes
    letters = np.arange(int(sizes.sum())) + np.repeat(records + _TERM - before, sizes)
    counts = _number(written, records + _TERM + sizes + _FREQUENCY, 4).astype(np.uint32)
    return TermDictionary(written[letters].tobytes(), sizes.astype(np.uint32), counts, counts[:0])


def _number(written: npt.NDArray[np.uint8], positions: Integers, size: int) -> Integers:
    """The numbers of so many bytes, the first the most significant, at each of these positions."""
    found = np.zeros(len(positions), np.int64)
    for i in range(size):
        found = (found << 8) | written[positions + i]
    return found


def _positions(found: _Postings) -> Integers:
    papers = np.repeat(np.array(found.numbers, np.int64), [len(value) // 4 for value in found.beside])
    return np.sort(papers << POSITION_BITS | np.frombuffer(b"".join(found.beside), np.uint32))
