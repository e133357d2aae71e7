"""The postings of several segments as one's, some terms at a time, without those of deleted papers."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from paperclipper.search.postings import term_dictionary
from paperclipper.search.postings.arrays import POSITION_BITS, FieldPostings, Integers
from paperclipper.search.postings.files import StoredPostings
from paperclipper.search.whoosh import internals

_RANK = np.uint16  # of which NumPy sorts many at once
_TERMS_AT_ONCE = 10_000
_POSITION = (1 << POSITION_BITS) - 1


class MergedPostings:
    """Segments that become one."""

    def __init__(self, fields: Iterable[str]) -> None:
        self._fields = sorted(fields)
        self._sources: list[_Source] = []

    def add(self, reader: Any, first: int) -> None:
        """One more segment, whose papers are numbered on from `first`."""
        stays = np.array(
            [not reader.is_deleted(number) for number in range(reader.doc_count_all())], np.bool_
        )
        numbers = np.where(stays, first + np.cumsum(stays) - 1, -1)
        self._sources.append(_Source(internals.open_postings(reader), numbers))

    def postings(self) -> Iterator[FieldPostings]:
        """Field by field, the fields in order."""
        for field in self._fields:
            sources = [source for source in self._sources if len(source.stored_postings.terms(field))]
            every = sorted({term for source in sources for term in source.stored_postings.terms(field)})
            for start in range(0, len(every), _TERMS_AT_ONCE):
                chosen = every[start : start + _TERMS_AT_ONCE]
                yield _merge_pieces(
                    [source.postings(field, chosen[0], chosen[-1]) for source in sources], chosen
                )


class _Source(NamedTuple):
    """A segment to be merged, and the number that each of its papers gets, -1 for one that is deleted."""

    stored_postings: StoredPostings
    numbers: Integers

    def postings(self, field: str, begin: bytes, end: bytes) -> FieldPostings:
        """From one term to another, both included; what is of deleted papers is below 0."""
        known = self.stored_postings.terms(field)
        first, last = known.lower_bound(begin), known.lower_bound(end + b"\0")
        positions = self.stored_postings.positions(field, first, last)
        return FieldPostings(
            field,
            list(known.between(first, last)),
            known.offsets[first : last + 1],
            self.numbers[self.stored_postings.numbers(field, first, last)],
            self.stored_postings.weights(field, first, last),
            self.stored_postings.zone_masks(field, first, last),
            None
            if positions is None
            else self.numbers[positions >> POSITION_BITS] << POSITION_BITS | positions & _POSITION,
            None
            if positions is None
            else term_dictionary.offsets(self.stored_postings.position_counts(field, first, last)),
        )


def _merge_pieces(pieces: Sequence[FieldPostings], chosen: Sequence[bytes]) -> FieldPostings:
    """The postings of some terms, without the terms that none is left of."""
    rank_of = {term: rank for rank, term in enumerate(chosen)}
    order = _Order.of([(piece.terms, piece.offsets, piece.numbers) for piece in pieces], rank_of)
    left = np.flatnonzero(np.diff(order.offsets))
    numbers = order.chosen([piece.numbers for piece in pieces])
    assert numbers is not None
    found = FieldPostings(
        pieces[0].field,
        [chosen[rank] for rank in left.tolist()],
        order.offsets_of(left),
        numbers,
        order.chosen([piece.weights for piece in pieces]),
        order.chosen([piece.zone_masks for piece in pieces]),
    )
    having = [
        (piece.terms, piece.position_offsets, piece.positions)
        for piece in pieces
        if piece.positions is not None and piece.position_offsets is not None
    ]
    if len(having) < len(pieces):
        return found
    order = _Order.of(having, rank_of)
    return found._replace(
        positions=order.chosen([piece.positions for piece in pieces]), position_offsets=order.offsets_of(left)
    )


class _Order(NamedTuple):
    """In which order values of several segments come, by term, without those below 0; where each term begins.

    A later segment's papers have the higher numbers.
    """

    order: Integers
    offsets: Integers

    @classmethod
    def of(
        cls, found: Sequence[tuple[Sequence[bytes], Integers, Integers]], rank_of: Mapping[bytes, int]
    ) -> "_Order":
        """Of (terms, where each begins, values)."""
        ranks = np.concatenate([_ranks(written, begins, rank_of) for written, begins, _ in found])
        stays = np.concatenate([values for _, _, values in found]) >= 0
        order = np.argsort(ranks, kind="stable")
        counts = np.bincount(ranks[stays], minlength=len(rank_of))
        return cls(order[stays[order]], term_dictionary.offsets(counts))

    def chosen(self, columns: Sequence[npt.NDArray[Any] | None]) -> Any:
        """The values of a column; None where a segment does not have it."""
        known = [column for column in columns if column is not None]
        return np.concatenate(known)[self.order] if len(known) == len(columns) else None

    def offsets_of(self, ranks: Integers) -> Integers:
        """Where these terms begin, between which there are none that have values, and where the last one ends."""
        return np.append(self.offsets[ranks], self.offsets[-1])


def _ranks(
    written: Sequence[bytes], begins: Integers, rank_of: Mapping[bytes, int]
) -> npt.NDArray[np.uint16]:
    return np.repeat(np.array([rank_of[term] for term in written], _RANK), np.diff(begins))
