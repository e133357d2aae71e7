"""Merges the postings of several segments, a range of terms at a time, skipping deleted documents."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from paperclipper.search.postings import term_dictionary
from paperclipper.search.postings.arrays import POSITION_BITS, FieldPostings, Integers
from paperclipper.search.postings.files import StoredPostings
from paperclipper.search.whoosh import internals
from paperclipper.search.whoosh.legacy import open_postings

_TERMS_AT_ONCE = 10_000
_DELETED = -1
_UNPACKED = (1 << POSITION_BITS) - 1


class MergedPostings:
    """The merged postings of several segments."""

    def __init__(self, fields: Iterable[str]) -> None:
        self._fields = sorted(fields)
        self._sources: list[_Source] = []

    def add(self, reader: Any, first: int) -> None:
        """Add a segment, renumbering its live documents consecutively from `first`."""
        stays = np.ones(reader.doc_count_all(), np.bool_)
        stays[internals.deleted_numbers(reader)] = False
        numbers = np.where(stays, first + np.cumsum(stays) - 1, _DELETED)
        self._sources.append(_Source(open_postings(reader), numbers))

    def postings(self) -> Iterator[FieldPostings]:
        """Yield the merged postings in chunks, ordered by field and term."""
        for field in self._fields:
            sources = [source for source in self._sources if len(source.stored_postings.terms(field))]
            terms = sorted({term for source in sources for term in source.stored_postings.terms(field)})
            for start in range(0, len(terms), _TERMS_AT_ONCE):
                chosen = terms[start : start + _TERMS_AT_ONCE]
                yield _merge([source.postings(field, chosen[0], chosen[-1]) for source in sources], chosen)


class _Source(NamedTuple):
    """A segment to merge, with the new document number of each document (`_DELETED` if deleted)."""

    stored_postings: StoredPostings
    numbers: Integers

    def postings(self, field: str, first_term: bytes, last_term: bytes) -> FieldPostings:
        """Return the postings of a range of terms with the new document numbers, including deleted ones."""
        stored = self.stored_postings
        terms = stored.terms(field)
        first, end = terms.lower_bound(first_term), terms.lower_bound(last_term + b"\0")
        found = FieldPostings(
            field,
            terms=list(terms.between(first, end)),
            offsets=terms.offsets[first : end + 1],
            numbers=self.numbers[stored.numbers(field, first, end)],
            weights=stored.weights(field, first, end),
            zone_masks=stored.zone_masks(field, first, end),
        )
        positions = stored.positions(field, first, end)
        if positions is None:
            return found
        return found._replace(
            positions=self.numbers[positions >> POSITION_BITS] << POSITION_BITS | positions & _UNPACKED,
            position_offsets=term_dictionary.offsets(stored.position_counts(field, first, end)),
        )


def _merge(pieces: Sequence[FieldPostings], terms: Sequence[bytes]) -> FieldPostings:
    """Merge posting lists of the same terms, dropping deleted documents and terms left without postings."""
    ranks = {term: rank for rank, term in enumerate(terms)}
    order = _Order.of([_TermValues(piece.terms, piece.offsets, piece.numbers) for piece in pieces], ranks)
    remaining = np.flatnonzero(np.diff(order.offsets))
    merged = FieldPostings(
        pieces[0].field,
        terms=[terms[rank] for rank in remaining.tolist()],
        offsets=order.offsets_of(remaining),
        numbers=order.arrange([piece.numbers for piece in pieces]),
        weights=order.arrange_optional([piece.weights for piece in pieces]),
        zone_masks=order.arrange_optional([piece.zone_masks for piece in pieces]),
    )
    with_positions = _positions_by_term(pieces)
    if len(with_positions) < len(pieces):
        return merged
    order = _Order.of(with_positions, ranks)
    return merged._replace(
        positions=order.arrange([each.values for each in with_positions]),
        position_offsets=order.offsets_of(remaining),
    )


def _positions_by_term(pieces: Sequence[FieldPostings]) -> list["_TermValues"]:
    """Return the positions of the pieces that have any."""
    return [
        _TermValues(piece.terms, piece.position_offsets, piece.positions)
        for piece in pieces
        if piece.positions is not None and piece.position_offsets is not None
    ]


class _TermValues(NamedTuple):
    """Values per term in one segment; those of term i are `values[offsets[i]:offsets[i + 1]]`."""

    terms: Sequence[bytes]
    offsets: Integers
    values: Integers


class _Order(NamedTuple):
    """The order of merged values: by term, then by segment, without deleted documents.

    Later segments have higher document numbers, so the values of each term are ascending. `offsets` are the
    offsets of the terms in the merged values.
    """

    order: Integers
    offsets: Integers

    @classmethod
    def of(cls, segments: Sequence[_TermValues], ranks: Mapping[bytes, int]) -> "_Order":
        """Order values by the rank of their term. Negative values belong to deleted documents."""
        ranks_of_values = np.concatenate([_ranks_of_values(each, ranks) for each in segments])
        stays = np.concatenate([each.values for each in segments]) >= 0
        order = np.argsort(ranks_of_values, kind="stable")
        counts = np.bincount(ranks_of_values[stays], minlength=len(ranks))
        return cls(order[stays[order]], term_dictionary.offsets(counts))

    def arrange(self, columns: Sequence[npt.NDArray[Any]]) -> Any:
        """Concatenate the columns of all segments and return them in this order."""
        return np.concatenate(columns)[self.order]

    def arrange_optional(self, columns: Sequence[npt.NDArray[Any] | None]) -> Any:
        """Like `arrange`, but return None if any segment lacks the column."""
        present = [column for column in columns if column is not None]
        return self.arrange(present) if len(present) == len(columns) else None

    def offsets_of(self, ranks: Integers) -> Integers:
        """Return the offsets of the given terms and the end offset. No other term may have values."""
        return np.append(self.offsets[ranks], self.offsets[-1])


def _ranks_of_values(segment: _TermValues, ranks: Mapping[bytes, int]) -> npt.NDArray[np.uint16]:
    """Return the rank of each value's term as 16-bit integers, the type NumPy sorts fastest."""
    return np.repeat(np.array([ranks[term] for term in segment.terms], np.uint16), np.diff(segment.offsets))
