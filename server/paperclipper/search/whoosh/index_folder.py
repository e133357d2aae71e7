"""A folder containing one Whoosh index: reads its state, commits entries and merges segments.

Callers must hold a lock while writing; reading needs no lock. The index position is stored as an attribute of
the schema in Whoosh's table of contents, and a segment's checksum as an attribute of the segment, so that
both are committed atomically with the documents.
"""

import secrets
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

from whoosh.index import TOC, EmptyIndexError
from whoosh.reading import SegmentReader
from whoosh.writing import NO_MERGE

from paperclipper.model import IndexEntry, Position
from paperclipper.search.postings.batch import RunCache
from paperclipper.search.text.tokenizer import ANALYSIS_VERSION
from paperclipper.search.whoosh import internals
from paperclipper.search.whoosh.schema import new_schema
from paperclipper.search.whoosh.storage import DamagedError, DurableStorage, sync
from paperclipper.search.whoosh.writer import NAME, IndexWriter, segment_file

MAX_SEGMENTS = 20
_SCRATCH = "merging"
_MAX_ATTEMPTS = 20


@dataclass(frozen=True)
class Generation:
    """One committed version of the index."""

    number: int
    position: Position
    analysis: str
    schema: Any
    segments: Sequence[Any]

    @property
    def is_current(self) -> bool:
        """Whether it was written with the current analysis version."""
        return self.analysis == ANALYSIS_VERSION


class IndexFolder:
    """A folder containing one index. Every method raises DamagedError if a file is damaged."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.storage = DurableStorage(path)

    @classmethod
    def create(cls, parent: Path, library_id: str, epoch: str) -> "IndexFolder":
        """Create an empty index in a new folder with a random name."""
        folder = cls(parent / secrets.token_hex(8))
        folder.path.mkdir(mode=0o700)
        schema = new_schema()
        schema.position = (library_id, epoch, 0, ANALYSIS_VERSION)
        TOC.create(folder.storage, schema, NAME)
        sync(parent)
        return folder

    def latest_generation(self) -> int:
        """Return the number of the newest generation."""
        return internals.latest_generation(self.storage, NAME)

    def verified_generation(self) -> Generation:
        """Return the newest generation after verifying its segments.

        Raise FileNotFoundError if the folder no longer exists.
        """
        for _ in range(_MAX_ATTEMPTS):
            try:
                found = self.read_generation()
                self.verify(found.segments)
                return found
            except FileNotFoundError:
                # A commit deletes the previous generation, possibly after we listed it but before we read it.
                if not self.path.exists():
                    raise
                time.sleep(0.005)
        raise DamagedError("a file is missing")

    def read_generation(self) -> Generation:
        """Return the newest generation without verifying its segments.

        Raise FileNotFoundError if there is none.
        """
        try:
            toc = TOC.read(self.storage, NAME)
            library_id, epoch, stamp, analysis = toc.schema.position
        except EmptyIndexError:
            raise FileNotFoundError(self.path) from None
        except (FileNotFoundError, DamagedError):
            raise
        except Exception as error:  # pickled by a version whose classes no longer exist
            raise DamagedError(f"the table of contents cannot be read: {error}") from error
        return Generation(
            toc.generation, Position(library_id, epoch, stamp), analysis, toc.schema, toc.segments
        )

    def verify(self, segments: Iterable[Any]) -> None:
        """Verify the checksums of segments. Raise FileNotFoundError if one was deleted by a merge."""
        for segment in segments:
            self.storage.verify(segment_file(segment), segment.checksum)

    def commit_entries(
        self, generation: Generation, entries: Sequence[IndexEntry], seconds: float, run_cache: RunCache
    ) -> int:
        """Commit entries in order until the time is up, but at least one.

        Return the stamp of the last entry committed.
        """
        until = time.monotonic() + seconds
        with self._writer(run_cache) as writer:
            for entry in entries:
                writer.put(entry)
                stamp = entry.index_stamp
                if time.monotonic() >= until:
                    break
            library_id, epoch = generation.position.library_id, generation.position.epoch
            writer.schema.position = (library_id, epoch, stamp, generation.analysis)
            writer.commit(mergetype=NO_MERGE)
        return stamp

    def prepare_merge(self, largest: float) -> "Merge | None":
        """If there are too many segments, merge the smallest ones without changing the index yet.

        Return None if there are few segments, or if the two smallest have more than `largest` papers. The
        caller must prevent concurrent merges; entries may be committed concurrently.
        """
        generation = self.verified_generation()
        if len(generation.segments) <= MAX_SEGMENTS:
            return None
        surplus = len(generation.segments) - MAX_SEGMENTS // 2
        smallest = sorted(generation.segments, key=lambda s: int(s.doc_count()))[:surplus]
        together = accumulate(int(segment.doc_count()) for segment in smallest)
        sources = [segment for segment, papers in zip(smallest, together, strict=True) if papers <= largest]
        return self._rewrite(generation, sources) if len(sources) > 1 else None

    def prepare_full_merge(self) -> "Merge | None":
        """Merge all segments into one, the fastest to search. Return None if there is only one already."""
        generation = self.verified_generation()
        return self._rewrite(generation, generation.segments) if len(generation.segments) > 1 else None

    def prepare_scrub(self) -> "Merge | None":
        """Merge the segments that contain deleted papers, dropping those. Return None if there are none.

        Deleting a paper only marks it as deleted; its words stay in the segment. The caller must hold the
        same locks as for `prepare_merge`.
        """
        generation = self.verified_generation()
        sources = [segment for segment in generation.segments if segment.has_deletions()]
        return self._rewrite(generation, sources) if sources else None

    def _rewrite(self, generation: Generation, sources: Sequence[Any]) -> "Merge":
        scratch = IndexFolder(self.path / _SCRATCH)
        scratch.remove()
        scratch.path.mkdir(mode=0o700)
        TOC.create(scratch.storage, generation.schema, NAME)
        readers = [
            SegmentReader(self.storage, generation.schema, each) for each in sources if each.doc_count()
        ]
        with scratch._writer(RunCache()) as writer:
            writer.copy_segments(readers)
            self.verify(sources)
            writer.commit(mergetype=NO_MERGE)
        for reader in readers:
            reader.close()
        return Merge(sources, list(scratch.verified_generation().segments), scratch)

    def apply(self, merge: "Merge") -> None:
        """Replace the merged segments in the index, and delete papers that were deleted during the merge."""
        current = {segment.segment_id(): segment for segment in self.verified_generation().segments}
        for segment in merge.result:
            merge.delete_since(current)
            (merge.scratch.path / segment_file(segment)).rename(self.path / segment_file(segment))
        with self._writer(RunCache()) as writer:
            writer.commit(mergetype=lambda _, segments: merge.replace_in(segments))
        merge.scratch.remove()

    def remove(self) -> None:
        """Delete the folder."""
        shutil.rmtree(self.path, ignore_errors=True)

    @contextmanager
    def _writer(self, run_cache: RunCache) -> Iterator[IndexWriter]:
        """Yield a writer. If the block fails, cancel the write; raise DamagedError if a file is damaged."""
        for leftover in self.path.glob("*.toc.*"):
            leftover.unlink()
        writer = IndexWriter(self.storage, self.verify, run_cache)
        try:
            yield writer
        except BaseException:
            writer.abandon()
            self.storage.forget_verified()
            self.verified_generation()
            raise


@dataclass(frozen=True)
class Merge:
    """A segment merged from others, not yet part of the index. It is written to a subfolder.

    There is no segment if all papers of the sources were deleted.
    """

    sources: Sequence[Any]
    result: list[Any]
    scratch: IndexFolder

    def delete_since(self, current: Mapping[str, Any]) -> None:
        """Delete papers deleted from the sources since the merge began. `current` has the segments by id."""
        merged = (
            (segment.segment_id(), number)
            for segment in self.sources
            for number in range(segment.doc_count_all())
            if not segment.is_deleted(number)
        )
        for number, (segment_id, source_number) in enumerate(merged):
            if current[segment_id].is_deleted(source_number):
                self.result[0].delete_document(number)

    def replace_in(self, segments: Iterable[Any]) -> list[Any]:
        """Return the segments with the sources replaced by the merged segment."""
        replaced = {segment.segment_id() for segment in self.sources}
        return [segment for segment in segments if segment.segment_id() not in replaced] + self.result
