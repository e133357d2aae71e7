"""The postings of several segments as one's, some terms at a time, without those of deleted papers."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from paperclipper.search import whoosh_raw
from paperclipper.search.batch import FieldPostings, Numbers
from paperclipper.search.whoosh_raw import RawPostings
from paperclipper.search.whoosh_terms import Terms

_TERMS_AT_ONCE = 10_000


class _Source(NamedTuple):
    """A segment to be merged: its terms, and the number that each paper gets, -1 for one that is deleted."""

    reader: Any
    terms: dict[str, Terms]
    numbers: Numbers


class Merged:
    """Segments that become one."""

    def __init__(self, fields: Iterable[str]) -> None:
        self._fields = sorted(fields)
        self._sources: list[_Source] = []

    def add(self, reader: Any, first: int) -> None:
        """One more segment, whose papers are numbered on from `first`."""
        stays = np.array([not reader.is_deleted(number) for number in range(reader.doc_count_all())], np.bool_)
        numbers = np.where(stays, first + np.cumsum(stays) - 1, -1)
        self._sources.append(_Source(reader, whoosh_raw.terms(reader), numbers))

    def postings(self) -> Iterator[FieldPostings]:
        """Field by field, the fields in order."""
        for field in self._fields:
            sources = [source for source in self._sources if len(source.terms.get(field, ()))]
            terms = sorted({term for source in sources for term in source.terms[field]})
            for start in range(0, len(terms), _TERMS_AT_ONCE):
                yield _together(sources, field, terms[start : start + _TERMS_AT_ONCE])


def _together(sources: Sequence[_Source], field: str, terms: Sequence[bytes]) -> FieldPostings:
    place_of = {term: place for place, term in enumerate(terms)}
    places, read = [], []
    for source in sources:
        theirs, extents = source.terms[field].between(terms[0], terms[-1])
        if theirs:
            raw = whoosh_raw.postings(source.reader, extents)
            places.append(np.repeat([place_of[term] for term in theirs], np.diff(raw.starts)))
            read.append(raw._replace(numbers=source.numbers[raw.numbers]))
    return _ordered(field, terms, np.concatenate(places), read)


def _ordered(field: str, terms: Sequence[bytes], places: Numbers, read: Sequence[RawPostings]) -> FieldPostings:
    """The postings by the places of their terms, without those of deleted papers and terms that none is left of."""
    numbers = np.concatenate([raw.numbers for raw in read])
    order = np.argsort(places, kind="stable")
    order = order[numbers[order] >= 0]
    places = places[order]
    begins = np.flatnonzero(np.diff(places, prepend=-1))
    values, ends = _chosen(b"".join(raw.values for raw in read), np.concatenate([raw.sizes for raw in read]), order)
    return FieldPostings(
        field,
        [terms[place] for place in places[begins].tolist()],
        np.append(begins, len(places)),
        numbers[order],
        np.concatenate([raw.weights for raw in read])[order],
        values,
        ends,
    )


def _chosen(values: bytes, sizes: Numbers, order: Numbers) -> tuple[bytes, Sequence[int]]:
    """Some of the values, one behind the other, and where each ends."""
    if not values:
        return b"", ()
    begins, sizes_then = (np.cumsum(sizes) - sizes)[order], sizes[order]
    ends = np.append(0, np.cumsum(sizes_then))
    at = np.arange(ends[-1]) + np.repeat(begins - ends[:-1], sizes_then)
    return np.frombuffer(values, np.uint8)[at].tobytes(), ends.tolist()
