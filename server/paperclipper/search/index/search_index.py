"""The search index of one library, stored by Whoosh.

    <folder>/current       names the current index folder; replaced atomically by rename
    <folder>/<random>/     a Whoosh index; there are several while a new one is being built
    <name>.write.lock      held during each commit to the current folder, and during the swap
    <name>.merge.lock      held while segments are merged
    <name>.build.lock      held while a new folder is built

Must not depend on the store; reads from an `IndexSource`.
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
from paperclipper.search.whoosh.index_folder import IndexFolder, Merge
from paperclipper.search.whoosh.storage import DamagedError, sync

_BATCH_ENTRIES = 100
_BATCH_SECONDS = 0.4  # leaves time for the commit itself within half a second
_BUILD_ENTRIES = 5000
_BUILD_SECONDS = 10.0  # no request waits for a build; at most this much work is lost if killed
_MAX_MERGED_PAPERS = 20_000  # merging more would block a worker for too long
_MAX_ATTEMPTS = 5
_log = logging.getLogger(__name__)
T = TypeVar("T")


class WhooshIndex:
    """Implements `SearchIndex` with Whoosh. Searches within one process run one at a time."""

    def __init__(self, folder: Path, locks: Path | None = None) -> None:
        """`locks` is the folder for lock files, by default the parent folder. It must outlive the index."""
        self._folder = folder
        self._locks = locks or folder.parent
        self._in_use = threading.Lock()
        self._snapshot: Snapshot | None = None
        self._folder_in_use: IndexFolder | None = None

    def close(self) -> None:
        """Close all files. The index is reopened on next use."""
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
        """Return the state of the current folder."""
        try:
            with self._in_use, _read_errors_as_unavailable():
                snapshot = self._current_snapshot()
                position, current = snapshot.generation.position, snapshot.generation.is_current
                papers, segments = snapshot.papers(), len(snapshot.generation.segments)
        except IndexUnavailableError:
            return IndexStatus(None, rebuilding=self._rebuild_position())
        return IndexStatus(position, papers, segments, current, None if current else self._rebuild_position())

    def search(self, query: Query, wanted: Wanted) -> Answer:
        """Search the newest generation."""
        return self._read_current(lambda snapshot: snapshot.search(query, wanted))

    def diagnose(self, query: Query) -> tuple[ClauseDiagnostics, ...]:
        """Return diagnostics for each clause in the newest generation."""
        return self._read_current(lambda snapshot: snapshot.diagnose(query))

    def _read_current(self, read: Callable[[Snapshot], T]) -> T:
        with self._in_use, _read_errors_as_unavailable():
            for _ in range(_MAX_ATTEMPTS):
                snapshot = self._current_snapshot()
                try:
                    return self._read_verified(snapshot, read)
                except FileNotFoundError:
                    continue  # another process deleted a segment by a merge
            raise DamagedError("segments keep disappearing")

    def _read_verified(self, snapshot: Snapshot, read: Callable[[Snapshot], T]) -> T:
        """Return the result of `read`, after verifying that the segments it read are intact."""
        try:
            found = read(snapshot)
        except Exception:
            snapshot.folder.storage.forget_verified()
            snapshot.folder.verify(snapshot.generation.segments)
            raise
        snapshot.folder.verify(snapshot.generation.segments)
        return found

    def verify(self, source: IndexSource, *, deep: bool = False) -> list[Difference]:
        """Compare the newest generation with the source."""
        return find_differences(source, self._contents(deep=deep), deep=deep)

    def _contents(self, *, deep: bool) -> Sequence[IndexedPaper]:
        with self._in_use, _read_errors_as_unavailable():
            snapshot = self._current_snapshot()
            snapshot.folder.storage.forget_verified()
            snapshot.folder.verify(snapshot.generation.segments)
            return list(snapshot.contents(deep=deep))

    def _current_snapshot(self) -> Snapshot:
        """Return the newest generation of the current folder. Raise DamagedError if there is none."""
        try:
            for _ in range(_MAX_ATTEMPTS):
                try:
                    return self._newest_snapshot()
                except FileNotFoundError:
                    continue  # another process swapped the folder or deleted a segment by a merge
            raise DamagedError("there is no index")
        except BaseException:
            self._close_snapshot()
            raise

    def _newest_snapshot(self) -> Snapshot:
        folder = self._current_folder()
        previous = self._snapshot
        if (
            previous
            and previous.folder is folder
            and previous.generation.number == folder.latest_generation()
        ):
            folder.verify(previous.generation.segments)
            return previous
        self._snapshot = Snapshot.open(folder, folder.verified_generation(), previous)
        return self._snapshot

    def _current_folder(self) -> IndexFolder:
        """Return the current folder. Reuse the same object, because it caches which files were verified."""
        path = self._current_path()
        if self._folder_in_use is None or self._folder_in_use.path != path:
            self._folder_in_use = IndexFolder(path)
        return self._folder_in_use

    def _current_path(self) -> Path:
        try:
            name = self._pointer.read_text()
        except FileNotFoundError:
            raise DamagedError("there is no index") from None
        if not re.fullmatch(r"[0-9a-f]{16}", name):
            raise DamagedError("its pointer file does not name a folder")
        return self._folder / name

    def _rebuild_position(self) -> Position | None:
        for folder in self._other_folders():
            try:
                return folder.read_generation().position
            except (OSError, DamagedError):
                continue  # contains no index, or was deleted concurrently
        return None

    # Writing

    def catch_up(self, source: IndexSource, deadline: float, progress: Progress | None = None) -> bool:
        """Index new entries, or build a new folder if the current one is unusable."""
        with _write_errors_as_unavailable():
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            try:
                reached, is_current = self._catch_up_current(source, deadline, progress)
            except (DamagedError, FileNotFoundError) as error:
                _log.info("The search index will be rebuilt: %s", error)
                is_current = False
            return reached if is_current else self._build(source, deadline, progress, fresh=False)

    def rebuild(self, source: IndexSource, progress: Progress | None = None) -> None:
        """Build a new folder and swap it in."""
        with _write_errors_as_unavailable():
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._build(source, math.inf, progress, fresh=True)

    def merge_segments(self) -> None:
        """Merge small segments until few are left, unless another process is already merging."""
        with _write_errors_as_unavailable(), locked(self._lock_path("merge"), 0) as acquired:
            if not acquired or not self._pointer.exists():
                return
            folder = self._current_folder()
            while merge := folder.prepare_merge(_MAX_MERGED_PAPERS):
                if not self._apply_if_current(folder, merge):
                    return

    def _apply_if_current(self, folder: IndexFolder, merge: Merge) -> bool:
        """Apply a merge unless its folder is no longer current. Return whether it was applied."""
        with locked(self._lock_path("write"), math.inf):
            if folder.path != self._current_path():
                return False
            folder.apply(merge)
            return True

    def scrub(self) -> bool:
        """Delete unfinished folders, and rewrite the segments that contain deleted papers."""
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
            merge = folder.prepare_scrub()
            return self._apply_if_current(folder, merge) if merge else folder.path == self._current_path()

    def _catch_up_current(
        self, source: IndexSource, deadline: float, progress: Progress | None
    ) -> tuple[bool, bool]:
        """Update the current folder. Return whether it reached the head, and whether its analysis is current.

        Raise DamagedError if it is damaged, belongs to another library or epoch, or is ahead of the store.
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
        """Build a new folder or resume a build. Swap it in and return True if it reaches the head."""
        with locked(self._lock_path("build"), deadline) as acquired:
            if not acquired:
                return False
            if not fresh and self._is_up_to_date(source):
                return True  # another process finished the build
            folder = self._next_folder(source.head(), fresh=fresh)
            if not self._fill(folder, source, deadline, progress):
                return False
            if merge := folder.prepare_full_merge():
                folder.apply(merge)
            return self._swap(folder, source, deadline)

    def _fill(
        self, folder: IndexFolder, source: IndexSource, deadline: float, progress: Progress | None
    ) -> bool:
        """Index entries until the head or the deadline is reached. Return whether the head was reached."""
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
        """Return an unfinished folder that can be resumed; otherwise, or if `fresh`, create a new one."""
        resumed = None
        for folder in self._other_folders():
            if resumed is None and not fresh and _can_resume(folder, head):
                resumed = folder
            else:
                folder.remove()
        return resumed or IndexFolder.create(self._folder, head.library_id, head.epoch)

    def _swap(self, folder: IndexFolder, source: IndexSource, deadline: float) -> bool:
        with locked(self._lock_path("write"), deadline) as acquired:
            if not acquired:
                return False
            _index_batch(folder, source, _BATCH_ENTRIES, _BATCH_SECONDS, RunCache())
            self._point_to(folder)
            for old in self._other_folders():
                old.remove()
            return folder.verified_generation().position == source.head()

    def _point_to(self, folder: IndexFolder) -> None:
        """Make a folder the current one by atomically replacing the pointer file."""
        pointer = self._folder / "current.new"
        pointer.write_text(folder.path.name)
        sync(pointer)
        os.replace(pointer, self._pointer)
        sync(self._folder)

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
    """Index one batch of entries. Return the new position and the head.

    Raise DamagedError if the folder does not belong to this source.
    """
    generation = folder.verified_generation()
    position = generation.position
    head, batch = source.entries_after(position.stamp, entries)
    if not _can_advance_to(position, head):
        raise DamagedError("it belongs to another library or epoch, or is ahead of the store")
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
    """Disable garbage collection: a batch frees nothing, and scanning it would take a tenth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@contextmanager
def _read_errors_as_unavailable() -> Iterator[None]:
    """Convert any error in the block to IndexUnavailableError."""
    try:
        yield
    except Exception as error:
        raise IndexUnavailableError(
            f"The search index cannot be read ({error}). It is being rebuilt."
        ) from error


@contextmanager
def _write_errors_as_unavailable() -> Iterator[None]:
    """Convert any error in the block to IndexUnavailableError, except for our own errors."""
    try:
        yield
    except PaperclipperError:
        raise
    except Exception as error:
        raise IndexUnavailableError(f"The search index cannot be written ({error}).") from error
