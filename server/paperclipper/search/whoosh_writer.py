"""Writing Whoosh segments: its writer under our own locks, with checksums, and with postings that come term by term.

Whoosh takes postings one by one, sorts them all, and writes them one by one. Ours come in arrays, and what belongs to a
term is written at once. The files are the same. Whoosh pickles the codec's class into the index, so it may move only
together with a new ANALYSIS_VERSION.
"""

import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from heapq import merge
from itertools import groupby, islice
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np
from whoosh.codec.whoosh3 import W3Codec, W3FieldWriter
from whoosh.index import FileIndex
from whoosh.writing import SegmentWriter

from paperclipper.model import IndexEntry, Paper
from paperclipper.search import whoosh_raw
from paperclipper.search.batch import Batch, FieldPostings
from paperclipper.search.document import LABELS, unscored_terms
from paperclipper.search.durable import DurableStorage
from paperclipper.search.whoosh_blocks import blocks
from paperclipper.search.whoosh_schema import PAPER, as_written, beside
from paperclipper.search.whoosh_terms import NO_TERMS, Terms

NAME = "MAIN"
_FIELD = struct.Struct("!H")
_TERMS_AT_ONCE = 10_000


class Writer(SegmentWriter):  # type: ignore[misc]
    """A writer of one folder; `prove` returns if the segments it is given are still what was written."""

    def __init__(self, storage: DurableStorage, prove: Callable[[Iterable[Any]], None]) -> None:
        super().__init__(FileIndex(storage, indexname=NAME), codec=_Codec(compression=0), _lk=False)
        self._batch = Batch()
        self._given: Batch | _Merged = self._batch
        self._prove = prove
        self._began_with = list(self.segments)

    def put(self, entry: IndexEntry) -> None:
        """Take over what the store has of a paper."""
        self.delete_by_term(PAPER, entry.paper_id)
        if entry.paper is not None:
            self._add(entry, entry.paper)

    def _add(self, entry: IndexEntry, paper: Paper) -> None:
        """As Whoosh's `add_document`."""
        others = unscored_terms(entry, paper)
        lengths = self._batch.add(self.docnum, paper, {PAPER: [paper.id], **others})
        self.perdocwriter.start_doc(self.docnum)
        for name, value in beside(entry, paper, others[LABELS]).items():
            self._add_value(name, value)
        for name, length in lengths.items():
            self.perdocwriter.add_field(name, self.schema[name], None, length)
        self.perdocwriter.finish_doc()
        self.docnum += 1
        self._added: bool = True

    def _add_value(self, name: str, value: Any) -> None:
        if name in self.schema:  # an index of an older analysis has some of them
            field = self.schema[name]
            self.perdocwriter.add_field(name, field, value if field.stored else None, 0)
            if field.column_type:
                self.perdocwriter.add_column_value(name, field.column_type, field.to_column_value(value))

    def take_over(self, readers: Sequence[Any]) -> None:
        """Take over all that other segments hold, but for deleted papers."""
        merged = _Merged(set(self.schema.names()))
        for reader in readers:
            first = self.docnum
            self.write_per_doc(set(self.schema.names()), reader)
            merged.add(reader, first)
        self._given = merged
        self._added = bool(self.docnum)

    def abandon(self) -> None:
        """After a commit that failed; what cannot be tidied now, the next writer tidies."""
        try:
            if not self.is_closed:
                self.cancel()
        except Exception:
            self.is_closed: bool = True

    def _flush_segment(self) -> None:
        self.perdocwriter.close()
        self.fieldwriter.add_postings(self.schema, None, self._given.postings())
        self.fieldwriter.close()

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


class _Source(NamedTuple):
    """A segment to be merged: its terms, and where its papers begin among those of all sources."""

    reader: Any
    terms: dict[str, Terms]
    base: int


class _Found(NamedTuple):
    """A term of a source."""

    term: bytes
    source: int
    place: int


class _Merged:
    """The postings of several segments, some terms at a time."""

    def __init__(self, fields: Iterable[str]) -> None:
        self._fields = sorted(fields)
        self._sources: list[_Source] = []
        self._numbers = np.zeros(0, np.int32)  # the number that each paper gets, -1 for one that is deleted

    def add(self, reader: Any, first: int) -> None:
        """One more segment, whose papers are numbered on from `first`."""
        stays = np.array([not reader.is_deleted(number) for number in range(reader.doc_count_all())], np.bool_)
        numbers = np.where(stays, first + np.cumsum(stays) - 1, -1).astype(np.int32)
        self._sources.append(_Source(reader, whoosh_raw.terms(reader), len(self._numbers)))
        self._numbers = np.concatenate([self._numbers, numbers])

    def postings(self) -> Iterator[FieldPostings]:
        """Field by field, the fields in order."""
        for field in self._fields:
            listed = [self._listed(number, field) for number in range(len(self._sources))]
            found = groupby(merge(*listed), key=attrgetter("term"))
            while some := [list(of_term) for _, of_term in islice(found, _TERMS_AT_ONCE)]:
                yield self._postings(field, some)

    def _listed(self, number: int, field: str) -> Iterator[_Found]:
        terms = self._sources[number].terms.get(field, NO_TERMS)
        return (_Found(terms[place], number, place) for place in range(len(terms)))

    def _postings(self, field: str, found: Sequence[Sequence[_Found]]) -> FieldPostings:
        read = [[self._read(field, each) for each in of_term] for of_term in found]
        every = [raw for of_term in read for raw in of_term]
        sizes = np.array([sum(len(raw.numbers) for raw in of_term) for of_term in read])
        merged = FieldPostings(
            field,
            [of_term[0].term for of_term in found],
            np.append(0, np.cumsum(sizes)),
            np.concatenate([raw.numbers for raw in every]),
            np.concatenate([raw.weights for raw in every]),
            b"".join(raw.values for raw in every),
            np.append(0, np.cumsum(np.concatenate([raw.sizes for raw in every]))).tolist(),
        )
        return merged.where(merged.numbers >= 0)

    def _read(self, field: str, found: _Found) -> whoosh_raw.RawPostings:
        source = self._sources[found.source]
        raw = whoosh_raw.postings(source.reader, source.terms[field].extent_at(found.place))
        return raw._replace(numbers=self._numbers[source.base + raw.numbers])


class _FieldWriter(W3FieldWriter):  # type: ignore[misc]
    """Writes what Whoosh would write, a term at a time."""

    def add_postings(self, schema: Any, lengths: Any, postings: Iterable[FieldPostings]) -> None:
        """Everything, in the order of fields and terms."""
        for found in postings:
            if found.field in schema and len(found.numbers):
                field = _FIELD.pack(self._fieldmap.setdefault(found.field, len(self._fieldmap)))
                for term, written, info in blocks(*as_written(found, schema), self._postfile.tell()):
                    self._postfile.write(written)
                    self._tindex.add(field + term, info)


class _Codec(W3Codec):  # type: ignore[misc]
    length_stats = False

    def field_writer(self, storage: Any, segment: Any) -> _FieldWriter:
        return _FieldWriter(self, storage, segment)
