"""One segment of a Whoosh index as arrays. Must not depend on queries.

The columns and terms of a segment are immutable, so they stay in memory for the lifetime of the segment.
Postings are read from the file on each access. Deletions are mutable and kept separately.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np

from paperclipper.search.document import NUMBERS, STEMS, TITLE, WORDS
from paperclipper.search.postings.arrays import (
    NO_POSITIONS,
    NO_POSTINGS,
    NO_ZONES,
    Integers,
    Mask,
    MultiTermPostings,
    Postings,
)
from paperclipper.search.postings.labels import Vocabulary, parse_labels
from paperclipper.search.postings.term_dictionary import EMPTY_DICTIONARY, TermDictionary
from paperclipper.search.whoosh import internals
from paperclipper.search.whoosh.legacy import open_postings
from paperclipper.search.whoosh.schema import FACETED, PAPER


class SegmentColumns:
    """The immutable data of a segment kept in memory: columns and term dictionaries."""

    def __init__(self, reader: Any, vocabulary: Vocabulary) -> None:
        self.count = int(reader.doc_count_all())
        self.numbers = {name: internals.number_column(reader, name) for name in NUMBERS}
        self.lengths = {field: internals.field_lengths(reader, field) for field in (STEMS, TITLE)}
        self.terms = open_postings(reader).all_terms()
        stored = (str(reader.stored_fields(number)[PAPER]) for number in range(self.count))
        self.papers = internals.text_column(reader, PAPER) or list(stored)
        self.labels = parse_labels(internals.text_column(reader, FACETED) or [""] * self.count, vocabulary)


class Segment:
    """A segment opened for reading, with the deletions of one generation."""

    def __init__(self, reader: Any, stored: Any, columns: SegmentColumns) -> None:
        """Wrap Whoosh's reader of a segment. `stored` is the segment's entry in the table of contents."""
        self.reader = reader
        self.id = str(stored.segment_id())
        self.deleted_count = int(stored.deleted_count())
        self.columns = columns
        self.stored_postings = open_postings(reader)
        self.stored_postings.reuse_terms(columns.terms)

    @property
    def count(self) -> int:
        """The number of documents, including deleted ones."""
        return self.columns.count

    @cached_property
    def live(self) -> Mask:
        """A mask of the documents that are not deleted."""
        found = np.ones(self.count, np.bool_)
        found[internals.deleted_numbers(self.reader)] = False
        return found

    def terms(self, field: str) -> TermDictionary:
        """Return the term dictionary of a field."""
        return self.columns.terms.get(field, EMPTY_DICTIONARY)

    def postings(self, field: str, term: str) -> Postings:
        """Return the postings of a term."""
        index = self.terms(field).index_of(term.encode())
        if index is None:
            return NO_POSTINGS
        return self._read(field, index, index + 1)

    def _read(self, field: str, first: int, end: int) -> Postings:
        numbers = self.stored_postings.numbers(field, first, end)
        weights = self.stored_postings.weights(field, first, end)
        return Postings(numbers, np.ones(len(numbers), np.float32) if weights is None else weights)

    def postings_of_terms(self, field: str, terms: Sequence[str]) -> MultiTermPostings:
        """Return the postings of several terms. Adjacent terms are read in one operation."""
        dictionary = self.terms(field)
        indexes = [(dictionary.index_of(term.encode()), i) for i, term in enumerate(terms)]
        present = sorted((index, i) for index, i in indexes if index is not None)
        if not present:
            return MultiTermPostings(*NO_POSTINGS, NO_POSTINGS.numbers)
        found = [self._read(field, first, end) for first, end in _consecutive([i for i, _ in present])]
        numbers, weights = (np.concatenate(column) for column in zip(*found, strict=True))
        term_indexes, asked = np.array(present).T
        return MultiTermPostings(numbers, weights, np.repeat(asked, dictionary.counts[term_indexes]))

    def zone_masks(self, field: str, term: str) -> Integers | None:
        """Return the zone mask of each posting of a term, or None if the index does not store zone masks."""
        index = self.terms(field).index_of(term.encode())
        return NO_ZONES if index is None else self.stored_postings.zone_masks(field, index, index + 1)

    def positions(self, term: str) -> Integers:
        """Return the packed positions of a word."""
        index = self.terms(WORDS).index_of(term.encode())
        found = None if index is None else self.stored_postings.positions(WORDS, index, index + 1)
        return NO_POSITIONS if found is None else found


def _consecutive(indexes: Sequence[int]) -> list[tuple[int, int]]:
    """Group sorted integers into half-open ranges (first, end) of consecutive integers."""
    found = np.array(indexes)
    firsts = np.flatnonzero(np.diff(found, prepend=-2) != 1)
    lasts = np.append(firsts[1:], len(found)) - 1
    return list(zip(found[firsts].tolist(), (found[lasts] + 1).tolist(), strict=True))
