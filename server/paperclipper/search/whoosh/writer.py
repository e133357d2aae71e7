"""Writes Whoosh segments with our own locks, with checksums, and with postings supplied as arrays.

Whoosh's own writer adds, sorts and writes postings one at a time.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from whoosh.codec.whoosh3 import W3Codec
from whoosh.index import FileIndex
from whoosh.writing import SegmentWriter

from paperclipper.model import IndexEntry, Paper
from paperclipper.search.document import LABELS, unscored_terms
from paperclipper.search.postings.batch import Batch, RunCache
from paperclipper.search.whoosh import internals
from paperclipper.search.whoosh.codec import ListsCodec
from paperclipper.search.whoosh.merge import MergedPostings
from paperclipper.search.whoosh.schema import PAPER, stored_values
from paperclipper.search.whoosh.storage import DurableStorage

NAME = "MAIN"


class IndexWriter(SegmentWriter):  # type: ignore[misc]
    """Writes to one index folder. `verify` must raise DamagedError if a segment is damaged."""

    def __init__(
        self, storage: DurableStorage, verify: Callable[[Iterable[Any]], None], run_cache: RunCache
    ) -> None:
        super().__init__(FileIndex(storage, indexname=NAME), codec=ListsCodec(compression=0), _lk=False)
        self._batch = Batch(run_cache)
        self._source: Batch | MergedPostings = self._batch
        self._verify = verify
        self._initial_segments = list(self.segments)

    def put(self, entry: IndexEntry) -> None:
        """Add, replace or delete a paper as its index entry requires."""
        self.delete_by_term(PAPER, entry.paper_id)
        if entry.paper is not None:
            self._add(entry, entry.paper)

    def _add(self, entry: IndexEntry, paper: Paper) -> None:
        others = unscored_terms(entry, paper)
        lengths = self._batch.add(self.docnum, paper, {PAPER: [paper.id], **others})
        self._add_stored_values(stored_values(entry, paper, others[LABELS]), lengths)

    def _add_stored_values(self, values: Mapping[str, Any], lengths: Mapping[str, int]) -> None:
        """Add everything but the postings of a paper, like Whoosh's `add_document`."""
        self.perdocwriter.start_doc(self.docnum)
        for name, value in values.items():
            self._add_value(name, value)
        for name, length in lengths.items():
            self.perdocwriter.add_field(name, self.schema[name], None, length)
        self.perdocwriter.finish_doc()
        self.docnum += 1
        self._added: bool = True

    def _add_value(self, name: str, value: Any) -> None:
        if name in self.schema:  # the schema of an older analysis version has only some fields
            field = self.schema[name]
            self.perdocwriter.add_field(name, field, value if field.stored else None, 0)
            if field.column_type:
                self.perdocwriter.add_column_value(name, field.column_type, field.to_column_value(value))

    def copy_segments(self, readers: Sequence[Any]) -> None:
        """Merge in other segments, skipping deleted documents."""
        merged = MergedPostings(set(self.schema.names()))
        for reader in readers:
            merged.add(reader, self.docnum)
            for values, lengths in internals.stored_rows(reader):
                self._add_stored_values(values, lengths)
        self._source = merged

    def abandon(self) -> None:
        """Cancel a failed commit. The next writer deletes the leftover files."""
        try:
            if not self.is_closed:
                self.cancel()
        except Exception:
            self.is_closed: bool = True

    def _flush_segment(self) -> None:
        self.perdocwriter.close()
        self.fieldwriter.add_postings(self.schema, None, self._source.postings())
        self.fieldwriter.close()

    def _commit_toc(self, segments: list[Any]) -> None:
        # Deleting and merging have read these segments, so they must still be intact.
        self._verify(self._initial_segments)
        for segment in segments:
            if not hasattr(segment, "checksum"):
                segment.checksum = self.storage.checksum(segment_file(segment))
        super()._commit_toc(segments)


def segment_file(segment: Any) -> str:
    """Return the file name of a segment."""
    return str(segment.make_filename(segment.COMPOUND_EXT))


_Codec = W3Codec  # the codec of segments written by an older analysis version
