"""One folder that holds one Whoosh index: reading its state, folding entries into it, merging its segments.

The caller holds a lock while writing; readers need none. The position stands as an attribute of the schema in Whoosh's
table of contents, the checksum of a segment as an attribute of that segment, so both are committed with the documents.
"""

import secrets
import shutil
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from whoosh.codec.whoosh3 import W3Codec
from whoosh.index import TOC, EmptyIndexError, FileIndex
from whoosh.reading import SegmentReader
from whoosh.writing import NO_MERGE, SegmentWriter

from paperclipper.model import IndexEntry, Position
from paperclipper.search.analysis import ANALYSIS_VERSION
from paperclipper.search.document import document
from paperclipper.search.durable import DamagedError, DurableStorage, sync
from paperclipper.search.whoosh_schema import PAPER, new_schema, whoosh_fields

MAX_SEGMENTS = 20
_MERGED_AT_ONCE = 10
_NAME = "MAIN"
_TRIES = 20


@dataclass(frozen=True)
class Generation:
    """A committed state of the folder."""

    number: int
    position: Position
    analysis: str
    schema: Any
    segments: Sequence[Any]

    @property
    def is_current(self) -> bool:
        """False where an older analysis made it."""
        return self.analysis == ANALYSIS_VERSION


class Folder:
    """An index folder. Every method raises DamagedError where a file is not what was written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.storage = DurableStorage(path)

    @classmethod
    def create(cls, parent: Path, library_id: str, epoch: str) -> "Folder":
        """An empty index in a new folder with a random name."""
        folder = cls(parent / secrets.token_hex(8))
        folder.path.mkdir(mode=0o700)
        schema = new_schema()
        schema.position = (library_id, epoch, 0, ANALYSIS_VERSION)
        TOC.create(folder.storage, schema, _NAME)
        sync(parent)
        return folder

    def latest(self) -> int:
        """The number of the newest generation."""
        return int(TOC._latest_generation(self.storage, _NAME))

    def generation(self) -> Generation:
        """The newest generation, its segments proved. Raises FileNotFoundError where the folder is gone."""
        for _ in range(_TRIES):
            try:
                return self._generation()
            except FileNotFoundError:
                # A commit deletes the generation before it, perhaps between our listing and our reading.
                time.sleep(0.005)
        if not self.path.exists():
            raise FileNotFoundError(self.path)
        raise DamagedError("a segment is missing")

    def _generation(self) -> Generation:
        try:
            toc = TOC.read(self.storage, _NAME)
        except EmptyIndexError as error:
            if not self.path.exists():
                raise FileNotFoundError(self.path) from error
            raise DamagedError("there is no table of contents") from error
        library_id, epoch, stamp, analysis = toc.schema.position
        self.prove(toc.segments)
        return Generation(toc.generation, Position(library_id, epoch, stamp), analysis, toc.schema, toc.segments)

    def prove(self, segments: Iterable[Any]) -> None:
        """Return if these segments are what was written. Raises FileNotFoundError for one that was merged away."""
        for segment in segments:
            self.storage.prove(_file_of(segment), segment.checksum)

    def fold(self, generation: Generation, entries: Sequence[IndexEntry], seconds: float) -> int:
        """Commit the first of the entries, as many as the time allows but at least one; returns the last stamp."""
        until = time.monotonic() + seconds
        writer = self._writer()
        try:
            for entry in entries:
                _put(writer, entry)
                stamp = entry.index_stamp
                if time.monotonic() >= until:
                    break
            library_id, epoch = generation.position.library_id, generation.position.epoch
            writer.schema.position = (library_id, epoch, stamp, generation.analysis)
            writer.commit(mergetype=NO_MERGE)
        except BaseException:
            _abandon(writer)
            raise
        return stamp

    def merge(self, largest: float) -> None:
        """Where there are many segments, make the smallest into one, if that is to hold at most `largest` papers."""
        generation = self.generation()
        smallest = sorted(generation.segments, key=lambda s: int(s.doc_count()))[:_MERGED_AT_ONCE]
        is_due = len(generation.segments) > MAX_SEGMENTS
        if not is_due or sum(s.doc_count() for s in smallest) > largest:
            return
        writer = self._writer()
        try:
            writer.commit(mergetype=_merging(set(smallest)))
        except BaseException:
            _abandon(writer)
            raise

    def remove(self) -> None:
        """Delete the folder."""
        shutil.rmtree(self.path, ignore_errors=True)

    def _writer(self) -> "_Writer":
        for leftover in self.path.glob("*.toc.*"):
            leftover.unlink()
        return _Writer(self)


class _Writer(SegmentWriter):  # type: ignore[misc]
    """Whoosh's writer under our own lock, without compression, with checksums."""

    def __init__(self, folder: Folder) -> None:
        super().__init__(FileIndex(folder.storage, indexname=_NAME), codec=W3Codec(compression=0), _lk=False)
        self._folder = folder
        self._began_with = list(self.segments)
        folder.prove(self._began_with)

    def _commit_toc(self, segments: list[Any]) -> None:
        # What was read on the way here (to delete, to merge) must have been right all the time.
        self._folder.prove(self._began_with)
        for segment in segments:
            if not hasattr(segment, "checksum"):
                segment.checksum = self._folder.storage.checksum(_file_of(segment))
        super()._commit_toc(segments)


def _file_of(segment: Any) -> str:
    return str(segment.make_filename(segment.COMPOUND_EXT))


def _put(writer: _Writer, entry: IndexEntry) -> None:
    writer.delete_by_term(PAPER, entry.paper_id)
    if entry.paper is not None:
        writer.add_document(**whoosh_fields(document(entry.paper, entry.index_stamp), writer.schema))


def _merging(chosen: set[Any]) -> Any:
    def policy(writer: _Writer, segments: list[Any]) -> list[Any]:
        for segment in segments:
            if segment in chosen and segment.doc_count():
                reader = SegmentReader(writer.storage, writer.schema, segment)
                writer.add_reader(reader)
                reader.close()
        return [segment for segment in segments if segment not in chosen]

    return policy


def _abandon(writer: _Writer) -> None:
    """The commit failed already; what cannot be tidied now, the next writer tidies."""
    try:
        if not writer.is_closed:
            writer.cancel()
    except Exception:
        writer.is_closed = True
