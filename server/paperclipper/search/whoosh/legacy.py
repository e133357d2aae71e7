"""Reads postings written by an older version in Whoosh's own format, until the index has been rebuilt.

Postings are read through Whoosh, one document at a time. That is slow, but only needed during the rebuild.
The term dictionary ("whoosh3", written by `whoosh.codec.whoosh3`) is parsed as arrays, because every search
needs it.
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
    """Open the terms and postings of a segment in either format."""
    terms = internals.terms_reader(reader)
    if isinstance(terms, PostingsTermsReader):
        return terms.stored_postings
    return LegacyPostings(terms, reader.schema)


class _Postings(NamedTuple):
    """The postings of one term. `values` are their values, encoded in the field's format."""

    numbers: Sequence[int]
    weights: Sequence[float]
    values: Sequence[bytes]


class LegacyPostings:
    """Implements `StoredPostings` for segments written by Whoosh's own codec."""

    def __init__(self, terms: Any, schema: Any) -> None:
        """Read from Whoosh's terms reader of a segment."""
        self._reader, self._schema = terms, schema
        self._terms: Mapping[str, TermDictionary] | None = None
        self._postings = lru_cache(_CACHED_TERMS)(self._read)

    def all_terms(self) -> Mapping[str, TermDictionary]:
        """Return the term dictionary of each field."""
        if self._terms is None:
            self._terms = _read_terms(internals.term_table(self._reader))
        return self._terms

    def reuse_terms(self, terms: Mapping[str, TermDictionary]) -> None:
        """Reuse term dictionaries that were read earlier."""
        self._terms = terms

    def terms(self, field: str) -> TermDictionary:
        """Return the term dictionary of a field."""
        return self.all_terms().get(field, EMPTY_DICTIONARY)

    def numbers(self, field: str, first: int, end: int) -> Integers:
        """Return the document numbers of a range of terms."""
        return np.array(
            [number for each in self._between(field, first, end) for number in each.numbers], np.int32
        )

    def weights(self, field: str, first: int, end: int) -> Floats:
        """Return the weights of a range of terms."""
        return np.array(
            [weight for each in self._between(field, first, end) for weight in each.weights], np.float32
        )

    def zone_masks(self, field: str, first: int, end: int) -> Integers | None:
        """Return the zone masks of a range of terms, or None in an index of the first analysis version."""
        if field != STEMS or not self._schema[STEMS].format.fixed_value_size():
            return None
        return np.frombuffer(
            b"".join(b"".join(each.values) for each in self._between(field, first, end)), np.uint16
        )

    def positions(self, field: str, first: int, end: int) -> Integers | None:
        """Return the packed positions of a range of terms."""
        if field != WORDS:
            return None
        found = [_positions(each) for each in self._between(field, first, end)]
        return np.concatenate([np.zeros(0, np.int64), *found])

    def position_counts(self, field: str, first: int, end: int) -> Integers:
        """Return the number of positions of each term in a range."""
        return np.array([len(_positions(each)) for each in self._between(field, first, end)], np.int64)

    def _between(self, field: str, first: int, end: int) -> list[_Postings]:
        return [self._postings(field, self.terms(field)[index]) for index in range(first, end)]

    def _read(self, field: str, term: bytes) -> _Postings:
        """Return the postings of a term, including those of deleted papers."""
        matcher = self._reader.matcher(field, term, self._schema[field].format)
        found = []
        while matcher.is_active():
            found.append((matcher.id(), matcher.weight(), matcher.value()))
            matcher.next()
        return _Postings(*zip(*found, strict=True))


# A record consists of the key and value lengths (`!ii`), the key (field number as `!H`, then the term), and
# the value, which starts with a flag and a weight (`!Bf`) followed by the document frequency.
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
    """Return the big-endian integers of `size` bytes at the given offsets."""
    found = np.zeros(len(positions), np.int64)
    for i in range(size):
        found = (found << 8) | written[positions + i]
    return found


def _positions(found: _Postings) -> Integers:
    papers = np.repeat(np.array(found.numbers, np.int64), [len(value) // 4 for value in found.values])
    return np.sort(papers << POSITION_BITS | np.frombuffer(b"".join(found.values), np.uint32))
