"""Writing Whoosh segments: its writer under our own locks, with checksums, and with postings that come in order.

Whoosh takes postings one by one, sorts them all, and writes them one by one. Ours come in the order of the papers, so
only the terms are sorted, and what belongs to a term is written at once. The files are the same. Whoosh pickles the
codec's class into the index, so it may move only together with a new ANALYSIS_VERSION.
"""

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from whoosh.codec.whoosh3 import W3Codec, W3FieldWriter, W3PostingsWriter
from whoosh.index import FileIndex
from whoosh.writing import SegmentWriter

from paperclipper.model import IndexEntry
from paperclipper.search import whoosh_raw
from paperclipper.search.document import document
from paperclipper.search.durable import DurableStorage
from paperclipper.search.whoosh_schema import PAPER, whoosh_fields

NAME = "MAIN"


class TermPostings(NamedTuple):
    """All postings of a term: the papers' numbers, ascending, the weights, and what is written beside."""

    field: str
    term: bytes
    numbers: Sequence[int]
    weights: Sequence[float]
    values: Sequence[bytes]


class Writer(SegmentWriter):  # type: ignore[misc]
    """A writer of one folder; `prove` returns if the segments it is given are still what was written."""

    def __init__(self, storage: DurableStorage, prove: Callable[[Iterable[Any]], None]) -> None:
        super().__init__(FileIndex(storage, indexname=NAME), codec=_Codec(compression=0), _lk=False)
        self.pool: _Pool | _Merged = _Pool()
        self._prove = prove
        self._began_with = list(self.segments)

    def put(self, entry: IndexEntry) -> None:
        """Take over what the store has of a paper."""
        self.delete_by_term(PAPER, entry.paper_id)
        if entry.paper is not None:
            self.add_document(**whoosh_fields(document(entry), self.schema))

    def take_over(self, readers: Sequence[Any]) -> None:
        """Take over all that other segments hold, but for deleted papers."""
        merged = _Merged(set(self.schema.names()))
        for reader in readers:
            first = self.docnum
            self.write_per_doc(set(self.schema.names()), reader)
            merged.add(reader, first)
        self.pool = merged
        self._added = bool(self.docnum)

    def abandon(self) -> None:
        """After a commit that failed; what cannot be tidied now, the next writer tidies."""
        try:
            if not self.is_closed:
                self.cancel()
        except Exception:
            self.is_closed: bool = True

    def _commit_toc(self, segments: list[Any]) -> None:
        # What was read on the way here (to delete, to merge) must have been right all the time.
        self._prove(self._began_with)
        for segment in segments:
            if not hasattr(segment, "checksum"):
                segment.checksum = self.storage.checksum(file_of(segment))
        super()._commit_toc(segments)


def file_of(segment: Any) -> str:
    """The name of a segment's file."""
    return str(segment.make_filename(segment.COMPOUND_EXT))


class _Pool:
    """Postings of papers that are added one after the other."""

    def __init__(self) -> None:
        self._fields: dict[str, dict[bytes, list[tuple[int, float, bytes]]]] = {}

    def add(self, item: tuple[str, bytes, int, float, bytes]) -> None:
        """As Whoosh gives it."""
        field, term, number, weight, value = item
        terms = self._fields.get(field)
        if terms is None:
            terms = self._fields[field] = {}
        postings = terms.get(term)
        if postings is None:
            terms[term] = [(number, weight, value)]
        else:
            postings.append((number, weight, value))

    def iter_postings(self) -> Iterator[TermPostings]:
        """Term by term."""
        for field, terms in sorted(self._fields.items()):
            for term in sorted(terms):
                yield TermPostings(field, term, *zip(*terms[term], strict=True))

    def cleanup(self) -> None:
        """As Whoosh asks."""
        self._fields.clear()


class _Source(NamedTuple):
    """A segment to be merged: its terms, and the number that each paper gets, -1 for one that is deleted."""

    reader: Any
    terms: dict[str, Any]
    numbers: npt.NDArray[np.int32]


class _Merged:
    """The postings of several segments, term by term."""

    def __init__(self, fields: Iterable[str]) -> None:
        self._fields = sorted(fields)
        self._sources: list[_Source] = []

    def add(self, reader: Any, first: int) -> None:
        """One more segment, whose papers are numbered on from `first`."""
        count = reader.doc_count_all()
        stays = np.array([not reader.is_deleted(number) for number in range(count)], np.bool_)
        numbers = np.where(stays, first + np.cumsum(stays) - 1, -1).astype(np.int32)
        self._sources.append(_Source(reader, whoosh_raw.terms(reader), numbers))

    def iter_postings(self) -> Iterator[TermPostings]:
        """Term by term."""
        for field in self._fields:
            sources = [source for source in self._sources if field in source.terms]
            for term in sorted(set(chain.from_iterable(source.terms[field] for source in sources))):
                found = self._merged(sources, field, term)
                if found.numbers:
                    yield found

    def cleanup(self) -> None:
        """As Whoosh asks."""
        self._sources.clear()

    @staticmethod
    def _merged(sources: Iterable[_Source], field: str, term: bytes) -> TermPostings:
        found = TermPostings(field, term, [], [], [])
        for source in sources:
            extent = source.terms[field].extent(term)
            if extent:
                raw = whoosh_raw.postings(source.reader, extent)
                numbers = source.numbers[raw.numbers]
                stays = numbers >= 0
                found.numbers.extend(numbers[stays].tolist())  # type: ignore[attr-defined]
                found.weights.extend(raw.weights[stays].tolist())  # type: ignore[attr-defined]
                values = raw.each_value()
                found.values.extend(v for v, is_kept in zip(values, stays.tolist(), strict=True) if is_kept)  # type: ignore[attr-defined]
        return found


class _PostingsWriter(W3PostingsWriter):  # type: ignore[misc]
    def add_all(self, postings: TermPostings) -> None:
        """All postings of a term; the shortest and longest text of a block, by which we never skip, are left out."""
        for start in range(0, len(postings.numbers), self._blocklimit):
            if self._ids:
                self._write_block()
            end = start + self._blocklimit
            self._ids: array[int] = array("I", postings.numbers[start:end])
            self._weights = array("f", postings.weights[start:end])
            self._values = [value for value in postings.values[start:end] if value]
            self._maxweight = max(self._weights)


class _FieldWriter(W3FieldWriter):  # type: ignore[misc]
    def add_postings(self, schema: Any, lengths: Any, items: Iterable[TermPostings]) -> None:
        """Everything, in the order of fields and terms."""
        field = None
        for postings in items:
            if postings.field != field:
                if field is not None:
                    self.finish_field()
                field = postings.field
                self.start_field(field, schema[field])
            self.start_term(postings.term)
            self._postwriter.add_all(postings)
            self.finish_term()
        if field is not None:
            self.finish_field()


class _Codec(W3Codec):  # type: ignore[misc]
    length_stats = False

    def field_writer(self, storage: Any, segment: Any) -> _FieldWriter:
        return _FieldWriter(self, storage, segment)

    def postings_writer(self, dbfile: Any, byteids: bool = False) -> _PostingsWriter:
        return _PostingsWriter(
            dbfile,
            blocklimit=self._blocklimit,
            byteids=byteids,
            compression=self._compression,
            inlinelimit=self._inlinelimit,
        )
