"""One folder that holds one Whoosh index: reading its state, folding entries into it, merging its segments.

The caller holds a lock while writing; readers need none. The position stands as an attribute of the schema in Whoosh's
table of contents, the checksum of a segment as an attribute of that segment, so both are committed with the documents.
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


class IndexFolder:
    """An index folder. Every method raises DamagedError where a file is not what was written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.storage = DurableStorage(path)

    @classmethod
    def create(cls, parent: Path, library_id: str, epoch: str) -> "IndexFolder":
        """An empty index in a new folder with a random name."""
        folder = cls(parent / secrets.token_hex(8))
        folder.path.mkdir(mode=0o700)
        schema = new_schema()
        schema.position = (library_id, epoch, 0, ANALYSIS_VERSION)
        TOC.create(folder.storage, schema, NAME)
        sync(parent)
        return folder

    def latest_generation(self) -> int:
        """The number of the newest generation."""
        return internals.latest_generation(self.storage, NAME)

    def verified_generation(self) -> Generation:
        """The newest generation, its segments proved. Raises FileNotFoundError where the folder is gone."""
        for _ in range(_MAX_ATTEMPTS):
            try:
                found = self.read_generation()
                self.verify(found.segments)
                return found
            except FileNotFoundError:
                # A commit deletes the generation before it, perhaps between our listing and our reading.
                if not self.path.exists():
                    raise
                time.sleep(0.005)
        raise DamagedError("a file is missing")

    def read_generation(self) -> Generation:
        """The newest generation, its segments unread. Raises FileNotFoundError also where there is none."""
        try:
            toc = TOC.read(self.storage, NAME)
            library_id, epoch, stamp, analysis = toc.schema.position
        except EmptyIndexError:
            raise FileNotFoundError(self.path) from None
        except (FileNotFoundError, DamagedError):
            raise
        except Exception as error:  # written by a program whose classes are gone
            raise DamagedError(f"the table of contents cannot be read: {error}") from error
        return Generation(
            toc.generation, Position(library_id, epoch, stamp), analysis, toc.schema, toc.segments
        )

    def verify(self, segments: Iterable[Any]) -> None:
        """Return if these segments are what was written. Raises FileNotFoundError for one that was merged away."""
        for segment in segments:
            self.storage.verify(segment_file(segment), segment.checksum)

    def commit_entries(
        self, generation: Generation, entries: Sequence[IndexEntry], seconds: float, run_cache: RunCache
    ) -> int:
        """Commit the first of the entries, as many as the time allows but at least one; returns the last stamp."""
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
        """Where there are many segments, the smallest of them as one, not yet part of the index.

        None where there are few, or the smallest two together would hold more than `largest` papers. Needs no lock
        against `commit_entries`, but one against itself.
        """
        generation = self.verified_generation()
        if len(generation.segments) <= MAX_SEGMENTS:
            return None
        surplus = len(generation.segments) - MAX_SEGMENTS // 2
        smallest = sorted(generation.segments, key=lambda s: int(s.doc_count()))[:surplus]
        together = accumulate(int(segment.doc_count()) for segment in smallest)
        chosen = [segment for segment, papers in zip(smallest, together, strict=True) if papers <= largest]
        return self._rewrite(generation, chosen) if len(chosen) > 1 else None

    def prepare_full_merge(self) -> "Merge | None":
        """All segments as one, which is searched quickest; None where they are no more than that."""
        generation = self.verified_generation()
        return self._rewrite(generation, generation.segments) if len(generation.segments) > 1 else None

    def prepare_scrub(self) -> "Merge | None":
        """All segments that hold deleted papers, written anew as one without them; None where there are none.

        A delete alone leaves a paper's words in its segment. Needs the same locks as `prepare_merge`.
        """
        generation = self.verified_generation()
        chosen = [segment for segment in generation.segments if segment.has_deletions()]
        return self._rewrite(generation, chosen) if chosen else None

    def _rewrite(self, generation: Generation, chosen: Sequence[Any]) -> "Merge":
        scratch = IndexFolder(self.path / _SCRATCH)
        scratch.remove()
        scratch.path.mkdir(mode=0o700)
        TOC.create(scratch.storage, generation.schema, NAME)
        readers = [
            SegmentReader(self.storage, generation.schema, each) for each in chosen if each.doc_count()
        ]
        with scratch._writer(RunCache()) as writer:
            writer.copy_segments(readers)
            self.verify(chosen)
            writer.commit(mergetype=NO_MERGE)
        for reader in readers:
            reader.close()
        return Merge(chosen, list(scratch.verified_generation().segments), scratch)

    def apply(self, merge: "Merge") -> None:
        """Put a merge in the place of what it was made from. What was deleted meanwhile is deleted in it too."""
        now = {segment.segment_id(): segment for segment in self.verified_generation().segments}
        for segment in merge.made:
            merge.delete_what_was_deleted(now)
            (merge.scratch.path / segment_file(segment)).rename(self.path / segment_file(segment))
        replaced = {segment.segment_id() for segment in merge.chosen}
        with self._writer(RunCache()) as writer:
            writer.commit(
                mergetype=lambda _, present: (
                    [s for s in present if s.segment_id() not in replaced] + merge.made
                )
            )
        merge.scratch.remove()

    def remove(self) -> None:
        """Delete the folder."""
        shutil.rmtree(self.path, ignore_errors=True)

    @contextmanager
    def _writer(self, run_cache: RunCache) -> Iterator[IndexWriter]:
        """A writer that is put away if the block fails. Where it failed for a damaged file, DamagedError says so."""
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
    """One segment (none, where all was deleted) made of others, in a folder beside them."""

    chosen: Sequence[Any]
    made: list[Any]
    scratch: IndexFolder

    def delete_what_was_deleted(self, now: Mapping[str, Any]) -> None:
        """Delete from it what has been deleted since from the segments it was made from, given as they are now."""
        number = 0
        for segment in self.chosen:
            for old in range(segment.doc_count_all()):
                if not segment.is_deleted(old):
                    if now[segment.segment_id()].is_deleted(old):
                        self.made[0].delete_document(number)
                    number += 1
