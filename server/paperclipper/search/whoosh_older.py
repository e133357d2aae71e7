"""Lists of a segment that an older version wrote in Whoosh's own format, until the index has been made anew.

They are read by Whoosh's own means, paper by paper: slow, but it is for minutes.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from paperclipper.search.document import STEMS, WORDS
from paperclipper.search.postings import PLACE_BITS, Floats, Integers
from paperclipper.search.terms import NO_TERMS, Terms

_KEPT = 1000  # terms


class _Postings(NamedTuple):
    """Of one term; what is written beside each paper as one text."""

    numbers: Sequence[int]
    weights: Sequence[float]
    beside: Sequence[bytes]


class OlderLists:
    """Implements `Lists`."""

    def __init__(self, terms: Any, schema: Any) -> None:
        """Takes Whoosh's reader of a segment's terms."""
        self._reader, self._schema = terms, schema
        self._known: Mapping[str, Terms] | None = None
        self._postings = lru_cache(_KEPT)(self._read)

    def every_term(self) -> Mapping[str, Terms]:
        """As `Lists` says."""
        if self._known is None:
            counts: dict[str, list[tuple[bytes, int]]] = defaultdict(list)
            for (field, term), info in self._reader.items():
                counts[field].append((term, int(info.doc_frequency())))
            self._known = {field: _terms(found) for field, found in counts.items()}
        return self._known

    def know(self, terms: Mapping[str, Terms]) -> None:
        """As `Lists` says."""
        self._known = terms

    def terms(self, field: str) -> Terms:
        """As `Lists` says."""
        return self.every_term().get(field, NO_TERMS)

    def numbers(self, field: str, first: int, last: int) -> Integers:
        """As `Lists` says."""
        return np.array([number for each in self._between(field, first, last) for number in each.numbers], np.int32)

    def weights(self, field: str, first: int, last: int) -> Floats:
        """As `Lists` says."""
        return np.array([weight for each in self._between(field, first, last) for weight in each.weights], np.float32)

    def parts(self, field: str, first: int, last: int) -> Integers | None:
        """As `Lists` says. The first analysis did not write them."""
        if field != STEMS or not self._schema[STEMS].format.fixed_value_size():
            return None
        return np.frombuffer(b"".join(b"".join(each.beside) for each in self._between(field, first, last)), np.uint16)

    def places(self, field: str, first: int, last: int) -> Integers | None:
        """As `Lists` says."""
        if field != WORDS:
            return None
        found = [_places(each) for each in self._between(field, first, last)]
        return np.concatenate([np.zeros(0, np.int64), *found])

    def place_counts(self, field: str, first: int, last: int) -> Integers:
        """As `Lists` says."""
        return np.array([len(_places(each)) for each in self._between(field, first, last)], np.int64)

    def _between(self, field: str, first: int, last: int) -> list[_Postings]:
        return [self._postings(field, self.terms(field)[place]) for place in range(first, last)]

    def _read(self, field: str, term: bytes) -> _Postings:
        """Deleted papers' too."""
        matcher = self._reader.matcher(field, term, self._schema[field].format)
        found = []
        while matcher.is_active():
            found.append((matcher.id(), matcher.weight(), matcher.value()))
            matcher.next()
        return _Postings(*zip(*found, strict=True))


def _terms(found: Sequence[tuple[bytes, int]]) -> Terms:
    sizes = np.array([len(term) for term, _ in found], np.uint32)
    counts = np.array([count for _, count in found], np.uint32)
    return Terms(b"".join(term for term, _ in found), sizes, counts, counts[:0])


def _places(found: _Postings) -> Integers:
    papers = np.repeat(np.array(found.numbers, np.int64), [len(value) // 4 for value in found.beside])
    return np.sort(papers << PLACE_BITS | np.frombuffer(b"".join(found.beside), np.uint32))
