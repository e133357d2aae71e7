"""The search index of one library, kept by Whoosh.

    <folder>/current       names the folder that answers; replaced by rename
    <folder>/<random>/     a Whoosh index; more than one while the next is being built
    <folder>/write.lock    held for each commit of the folder that answers, and for the swap
    <folder>/merge.lock    held by whoever makes few segments of many
    <folder>/build.lock    held by whoever builds the next folder

Must not know of the store: it reads a `IndexSource`.
"""

import gc
import logging
import math
import os
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from paperclipper.errors import IndexUnavailableError, PaperclipperError
from paperclipper.file_lock import locked
from paperclipper.model import Position
from paperclipper.search.index.answer import Answer
from paperclipper.search.index.protocol import Difference, IndexSource, IndexStatus, Progress
from paperclipper.search.index.snapshot import Snapshot
from paperclipper.search.index.verification import IndexedPaper, find_differences
from paperclipper.search.postings.batch import RunCache
from paperclipper.search.query.results import ClauseDiagnostics, Wanted
from paperclipper.search.query.syntax import Query
from paperclipper.search.whoosh.index_folder import IndexFolder
from paperclipper.search.whoosh.storage import DamagedError, sync

_BATCH_ENTRIES = 100
_BATCH_SECONDS = 0.4  # the commit itself takes the rest of half a second
_BUILD_ENTRIES = 5000
_BUILD_SECONDS = 10.0  # nobody waits for a folder that is being built; what is lost by a kill is this much
_MAX_MERGED_PAPERS = 20_000  # papers; a merge of more would keep one worker busy for too long
_MAX_ATTEMPTS = 5
_log = logging.getLogger(__name__)
T = TypeVar("T")


class WhooshIndex:
    """Implements `SearchIndex`. Searches of one process take turns."""

    def __init__(self, folder: Path, locks: Path | None = None) -> None:
        """`locks` is a folder that outlives the index; by default the one that the index folder lies in."""
        self._folder = folder
        self._locks = locks or folder.parent
        self._in_use = threading.Lock()
        self._snapshot: Snapshot | None = None
        self._folder_in_use: IndexFolder | None = None

    def close(self) -> None:
        """Free the descriptors; the index opens itself again when it is next used."""
        with self._in_use:
            self._close_snapshot()

    def _close_snapshot(self) -> None:
        if self._snapshot:
            self._snapshot.close()
        self._snapshot = None

    @property
    def _pointer(self) -> Path:
        return self._folder / "current"

    def _lock_path(self, name: str) -> Path:
        self._locks.mkdir(parents=True, exist_ok=True, mode=0o700)
        return self._locks / f"{self._folder.name}.{name}.lock"

    # Reading

    def status(self) -> IndexStatus:
        """As the protocol says."""
        try:
            with self._in_use, _read_errors_as_unavailable():
                snapshot = self._current_snapshot()
                position, current = snapshot.generation.position, snapshot.generation.is_current
                papers, segments = snapshot.papers(), len(snapshot.generation.segments)
        except IndexUnavailableError:
            return IndexStatus(None, rebuilding=self._rebuild_position())
        return IndexStatus(position, papers, segments, current, None if current else self._rebuild_position())

    def search(self, query: Query, wanted: Wanted) -> Answer:
        """As the protocol says."""
        return self._read_current(lambda snapshot: snapshot.search(query, wanted))

    def diagnose(self, query: Query) -> tuple[ClauseDiagnostics, ...]:
        """As the protocol says."""
        return self._read_current(lambda snapshot: snapshot.diagnose(query))

    def _read_current(self, read: Callable[[Snapshot], T]) -> T:
        with self._in_use, _read_errors_as_unavailable():
            for _ in range(_MAX_ATTEMPTS):
                snapshot = self._current_snapshot()
                try:
                    return self._read_verified(snapshot, read)
                except FileNotFoundError:
                    continue  # a segment was merged away meanwhile
            raise DamagedError("segments go missing")

    def _read_verified(self, snapshot: Snapshot, read: Callable[[Snapshot], T]) -> T:
        """The answer, given only if every segment still is what was written after it was read."""
        try:
            found = read(snapshot)
        except Exception:
            snapshot.folder.storage.forget_verified()
            snapshot.folder.verify(snapshot.generation.segments)
            raise
        snapshot.folder.verify(snapshot.generation.segments)
        return found

    def verify(self, source: IndexSource, *, deep: bool = False) -> list[Difference]:
        """As the protocol says."""
        return find_differences(source, self._contents(deep=deep), deep=deep)

    def _contents(self, *, deep: bool) -> Sequence[IndexedPaper]:
        with self._in_use, _read_errors_as_unavailable():
            snapshot = self._current_snapshot()
            snapshot.folder.storage.forget_verified()
            snapshot.folder.verify(snapshot.generation.segments)
            return list(snapshot.contents(deep=deep))

    def _current_snapshot(self) -> Snapshot:
        """The newest generation of the folder that answers. Raises DamagedError."""
        try:
            for _ in range(_MAX_ATTEMPTS):
                try:
                    return self._newest_snapshot()
                except FileNotFoundError:
                    continue  # swapped or merged meanwhile
            raise DamagedError("there is no index")
        except BaseException:
            self._close_snapshot()
            raise

    def _newest_snapshot(self) -> Snapshot:
        folder = self._current_folder()
        snapshot = self._snapshot
        if (
            snapshot
            and snapshot.folder is folder
            and snapshot.generation.number == folder.latest_generation()
        ):
            folder.verify(snapshot.generation.segments)
            return snapshot
        self._snapshot = Snapshot.open(folder, folder.verified_generation(), previous=snapshot)
        return self._snapshot

    def _current_folder(self) -> IndexFolder:
        """The folder that answers, the same object each time: it knows which files it has proved."""
        path = self._current_path()
        if self._folder_in_use is None or self._folder_in_use.path != path:
            self._folder_in_use = IndexFolder(path)
        return self._folder_in_use

    def _current_path(self) -> Path:
        try:
            name = self._pointer.read_text()
        except FileNotFoundError:
            raise DamagedError("there is none") from None
        if not re.fullmatch(r"[0-9a-f]{16}", name):
            raise DamagedError("the pointer names no folder")
        return self._folder / name

    def _rebuild_position(self) -> Position | None:
        for folder in self._other_folders():
            try:
                return folder.read_generation().position
            except (OSError, DamagedError):
                continue  # no index, or not any more
        return None

    # Writing

    def catch_up(self, source: IndexSource, deadline: float, progress: Progress | None = None) -> bool:
        """As the protocol says."""
        with _write_errors_as_unavailable():
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            try:
                reached, is_current = self._catch_up_current(source, deadline, progress)
            except (DamagedError, FileNotFoundError) as error:
                _log.info("The index is to be made anew: %s", error)
                is_current = False
            return reached if is_current else self._build(source, deadline, progress, fresh=False)

    def rebuild(self, source: IndexSource, progress: Progress | None = None) -> None:
        """As the protocol says."""
        with _write_errors_as_unavailable():
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._build(source, math.inf, progress, fresh=True)

    def merge_segments(self) -> None:
        """As the protocol says."""
        with _write_errors_as_unavailable(), locked(self._lock_path("merge"), 0) as acquired:
            if not acquired or not self._pointer.exists():
                return
            while merge := (folder := self._current_folder()).prepare_merge(_MAX_MERGED_PAPERS):
                with locked(self._lock_path("write"), math.inf):
                    if folder.path != self._current_path():
                        return
                    folder.apply(merge)

    def scrub(self) -> bool:
        """As the protocol says."""
        with (
            _write_errors_as_unavailable(),
            locked(self._lock_path("merge"), 0) as acquired,
            locked(self._lock_path("build"), 0) as acquired_build,
        ):
            if not (acquired and acquired_build):
                return False
            for folder in self._other_folders():
                folder.remove()
            folder = self._current_folder()
            rewritten = folder.prepare_scrub()
            with locked(self._lock_path("write"), math.inf):
                if folder.path != self._current_path():
                    return False
                if rewritten:
                    folder.apply(rewritten)
            return True

    def _catch_up_current(
        self, source: IndexSource, deadline: float, progress: Progress | None
    ) -> tuple[bool, bool]:
        """Whether the folder that answers has reached the head, and whether it is of the present analysis.

        Raises DamagedError where it is foreign: damaged, of another library or epoch, or ahead of the store.
        """
        while True:
            with locked(self._lock_path("write"), deadline) as acquired:
                folder = self._current_folder()
                is_current = folder.verified_generation().is_current
                if not acquired:
                    return False, is_current
                position, head = _index_batch(folder, source, _BATCH_ENTRIES, _BATCH_SECONDS, RunCache())
            if progress:
                progress(position, head)
            if position == head or time.monotonic() >= deadline:
                return position == head, is_current

    def _build(self, source: IndexSource, deadline: float, progress: Progress | None, *, fresh: bool) -> bool:
        """Make the next folder, or go on with it, and let it answer when it has reached the head."""
        with locked(self._lock_path("build"), deadline) as acquired:
            if not acquired:
                return False
            if not fresh and self._is_up_to_date(source):
                return True  # another process was first
            folder = self._next_folder(source.head(), fresh=fresh)
            if not self._fill(folder, source, deadline, progress):
                return False
            if merge := folder.prepare_full_merge():
                folder.apply(merge)
            return self._swap(folder, source, deadline)

    def _fill(
        self, folder: IndexFolder, source: IndexSource, deadline: float, progress: Progress | None
    ) -> bool:
        """Whether the time was enough to reach the head."""
        run_cache = RunCache()
        while True:
            seconds = min(_BUILD_SECONDS, deadline - time.monotonic())
            with _garbage_collection_off():
                position, head = _index_batch(folder, source, _BUILD_ENTRIES, seconds, run_cache)
            if progress:
                progress(position, head)
            if position == head or time.monotonic() >= deadline:
                return position == head
            if merge := folder.prepare_merge(math.inf):
                folder.apply(merge)

    def _is_up_to_date(self, source: IndexSource) -> bool:
        try:
            generation = self._current_folder().verified_generation()
        except (DamagedError, FileNotFoundError):
            return False
        return generation.is_current and generation.position == source.head()

    def _next_folder(self, head: Position, *, fresh: bool) -> IndexFolder:
        kept = None
        for folder in self._other_folders():
            if kept is None and not fresh and _can_resume(folder, head):
                kept = folder
            else:
                folder.remove()
        return kept or IndexFolder.create(self._folder, head.library_id, head.epoch)

    def _swap(self, folder: IndexFolder, source: IndexSource, deadline: float) -> bool:
        with locked(self._lock_path("write"), deadline) as acquired:
            if not acquired:
                return False
            _index_batch(folder, source, _BATCH_ENTRIES, _BATCH_SECONDS, RunCache())
            pointer = self._folder / "current.new"
            pointer.write_text(folder.path.name)
            sync(pointer)
            os.replace(pointer, self._pointer)
            sync(self._folder)
            for old in self._other_folders():
                old.remove()
            return folder.verified_generation().position == source.head()

    def _other_folders(self) -> Iterator[IndexFolder]:
        try:
            current = self._current_path()
        except (OSError, DamagedError):
            current = None
        for path in sorted(self._folder.glob("*/")):
            if path != current:
                yield IndexFolder(path)


def _index_batch(
    folder: IndexFolder, source: IndexSource, entries: int, seconds: float, run_cache: RunCache
) -> tuple[Position, Position]:
    """Fold one batch; returns the position after it, and the head. Raises DamagedError for a folder that is foreign."""
    generation = folder.verified_generation()
    position = generation.position
    head, batch = source.entries_after(position.stamp, entries)
    if not _can_advance_to(position, head):
        raise DamagedError("it is of another library or epoch, or ahead of the store")
    if batch:
        position = replace(position, stamp=folder.commit_entries(generation, batch, seconds, run_cache))
    return position, head


def _can_advance_to(position: Position, head: Position) -> bool:
    same = (position.library_id, position.epoch) == (head.library_id, head.epoch)
    return same and position.stamp <= head.stamp


def _can_resume(folder: IndexFolder, head: Position) -> bool:
    try:
        generation = folder.verified_generation()
    except (OSError, DamagedError):
        return False
    return generation.is_current and _can_advance_to(generation.position, head)


@contextmanager
def _garbage_collection_off() -> Iterator[None]:
    """A batch only grows until it is written: looking through it for garbage would take a tenth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@contextmanager
def _read_errors_as_unavailable() -> Iterator[None]:
    """Whatever goes wrong in reading means one thing to the caller."""
    try:
        yield
    except Exception as error:
        raise IndexUnavailableError(
            f"The search index cannot be read ({error}); it is being made anew."
        ) from error


@contextmanager
def _write_errors_as_unavailable() -> Iterator[None]:
    try:
        yield
    except PaperclipperError:
        raise
    except Exception as error:
        raise IndexUnavailableError(f"The search index cannot be written ({error}).") from error
