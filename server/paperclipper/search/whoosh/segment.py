"""One segment of a Whoosh index as arrays. Must not know of queries.

SegmentColumns and terms of a segment never change once they are written, so they are kept as long as it lives. Postings are
read anew each time: they are pieces of a file. Deletions do change, and are kept apart.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np

from paperclipper.search.document import NUMBERS, STEMS, TITLE, WORDS
from paperclipper.search.postings import arrays
from paperclipper.search.postings.arrays import (
    NO_POSITIONS,
    NO_POSTINGS,
    NO_ZONES,
    Integers,
    Mask,
    MultiTermPostings,
    Postings,
    Vocabulary,
)
from paperclipper.search.postings.term_dictionary import EMPTY_DICTIONARY, TermDictionary
from paperclipper.search.whoosh import internals
from paperclipper.search.whoosh.schema import FACETED, PAPER


class SegmentColumns:
    """What never changes of a segment."""

    def __init__(self, reader: Any, vocabulary: Vocabulary) -> None:
        self.count = int(reader.doc_count_all())
        self.numbers = {name: internals.number_column(reader, name) for name in NUMBERS}
        self.lengths = {field: internals.field_lengths(reader, field) for field in (STEMS, TITLE)}
        self.terms = internals.open_postings(reader).all_terms()
        stored = (str(reader.stored_fields(number)[PAPER]) for number in range(self.count))
        self.papers = internals.text_column(reader, PAPER) or list(stored)
        self.labels = arrays.labels(internals.text_column(reader, FACETED) or [""] * self.count, vocabulary)


class Segment:
    """A segment's reader, with what is kept of it."""

    def __init__(self, reader: Any, segment_id: str, columns: SegmentColumns) -> None:
        self.reader = reader
        self.id = segment_id
        self.columns = columns
        self.stored_postings = internals.open_postings(reader)
        self.stored_postings.reuse_terms(columns.terms)

    @property
    def count(self) -> int:
        """How many papers it holds, deleted ones too."""
        return self.columns.count

    @cached_property
    def live(self) -> Mask:
        """Which papers are not deleted."""
        found = np.ones(self.count, np.bool_)
        found[list(self.reader._perdoc.deleted_docs())] = False
        return found

    def terms(self, field: str) -> TermDictionary:
        """All that a field holds."""
        return self.columns.terms.get(field, EMPTY_DICTIONARY)

    def postings(self, field: str, term: str) -> Postings:
        """Those of a term."""
        index = self.terms(field).index_of(term.encode())
        if index is None:
            return NO_POSTINGS
        return self._between(field, index, index + 1)

    def _between(self, field: str, first: int, last: int) -> Postings:
        numbers, weights = (
            self.stored_postings.numbers(field, first, last),
            self.stored_postings.weights(field, first, last),
        )
        return Postings(numbers, np.ones(len(numbers), np.float32) if weights is None else weights)

    def postings_of_terms(self, field: str, terms: Sequence[str]) -> MultiTermPostings:
        """Those of several terms; of those that follow each other, as words with the same beginning do, at once."""
        known = self.terms(field)
        asked = sorted(
            (index, i) for i, term in enumerate(terms) if (index := known.index_of(term.encode())) is not None
        )
        if not asked:
            return MultiTermPostings(*NO_POSTINGS, NO_POSTINGS.numbers)
        indexes, which = np.array(asked).T
        begins = np.flatnonzero(np.diff(indexes, prepend=-2) != 1)
        bounds = zip(
            indexes[begins].tolist(), indexes[np.append(begins[1:], len(indexes)) - 1].tolist(), strict=True
        )
        found = [self._between(field, first, last + 1) for first, last in bounds]
        numbers, weights = (np.concatenate(column) for column in zip(*found, strict=True))
        return MultiTermPostings(numbers, weights, np.repeat(which, known.counts[indexes]))

    def zone_masks(self, field: str, term: str) -> Integers | None:
        """The kinds of text that a term is in, for each of its postings; None where they are not known."""
        index = self.terms(field).index_of(term.encode())
        return NO_ZONES if index is None else self.stored_postings.zone_masks(field, index, index + 1)

    def positions(self, term: str) -> Integers:
        """The places of a word."""
        index = self.terms(WORDS).index_of(term.encode())
        found = None if index is None else self.stored_postings.positions(WORDS, index, index + 1)
        return NO_POSITIONS if found is None else found
