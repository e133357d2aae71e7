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
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from paperclipper.errors import IndexUnavailableError, PaperclipperError
from paperclipper.file_lock import locked
from paperclipper.model import Position
from paperclipper.search.index.answer import Answer
from paperclipper.search.index.protocol import Indexed, IndexSource, IndexStatus, Progress
from paperclipper.search.index.snapshot import Snapshot
from paperclipper.search.postings.batch import Runs
from paperclipper.search.query.results import ClauseDiagnostics, Wanted
from paperclipper.search.query.syntax import Query
from paperclipper.search.whoosh.index_folder import Folder
from paperclipper.search.whoosh.storage import DamagedError, sync

_BATCH_ENTRIES = 100
_BATCH_SECONDS = 0.4  # the commit itself takes the rest of half a second
_BUILD_ENTRIES = 5000
_BUILD_SECONDS = 10.0  # nobody waits for a folder that is being built; what is lost by a kill is this much
_LARGEST_MERGE = 20_000  # papers; a merge of more would keep one worker busy for too long
_TRIES = 5
_log = logging.getLogger(__name__)
T = TypeVar("T")


class WhooshIndex:
    """Implements `SearchIndex`. Searches of one process take turns."""

    def __init__(self, folder: Path, locks: Path | None = None) -> None:
        """`locks` is a folder that outlives the index; by default the one that the index folder lies in."""
        self._folder = folder
        self._locks = locks or folder.parent
        self._turn = threading.Lock()
        self._snapshot: Snapshot | None = None
        self._held: Folder | None = None

    def close(self) -> None:
        """Free the descriptors; the index opens itself again when it is next used."""
        with self._turn:
            self._drop()

    def _drop(self) -> None:
        if self._snapshot:
            self._snapshot.close()
        self._snapshot = None

    @property
    def _pointer(self) -> Path:
        return self._folder / "current"

    def _lock(self, name: str) -> Path:
        self._locks.mkdir(parents=True, exist_ok=True, mode=0o700)
        return self._locks / f"{self._folder.name}.{name}.lock"

    # Reading

    def status(self) -> IndexStatus:
        """As the protocol says."""
        try:
            with self._turn, _readable():
                snapshot = self._refreshed()
                position, current = snapshot.generation.position, snapshot.generation.is_current
                papers, segments = snapshot.papers(), len(snapshot.generation.segments)
        except IndexUnavailableError:
            return IndexStatus(None, rebuilding=self._rebuilding())
        return IndexStatus(position, papers, segments, current, None if current else self._rebuilding())

    def search(self, query: Query, wanted: Wanted) -> Answer:
        """As the protocol says."""
        return self._answer(lambda snapshot: snapshot.search(query, wanted))

    def diagnose(self, query: Query) -> tuple[ClauseDiagnostics, ...]:
        """As the protocol says."""
        return self._answer(lambda snapshot: snapshot.diagnose(query))

    def _answer(self, ask: Callable[[Snapshot], T]) -> T:
        with self._turn, _readable():
            for _ in range(_TRIES):
                snapshot = self._refreshed()
                try:
                    return self._proved(snapshot, ask)
                except FileNotFoundError:
                    continue  # a segment was merged away meanwhile
            raise DamagedError("segments go missing")

    def _proved(self, snapshot: Snapshot, ask: Callable[[Snapshot], T]) -> T:
        """The answer, given only if every segment still is what was written after it was read."""
        try:
            found = ask(snapshot)
        except Exception:
            snapshot.folder.storage.distrust()
            snapshot.folder.prove(snapshot.generation.segments)
            raise
        snapshot.folder.prove(snapshot.generation.segments)
        return found

    def contents(self, *, deep: bool) -> Iterable[Indexed]:
        """As the protocol says."""
        with self._turn, _readable():
            snapshot = self._refreshed()
            snapshot.folder.storage.distrust()
            snapshot.folder.prove(snapshot.generation.segments)
            return list(snapshot.contents(deep=deep))

    def _refreshed(self) -> Snapshot:
        """The newest generation of the folder that answers. Raises DamagedError."""
        try:
            for _ in range(_TRIES):
                try:
                    return self._newest()
                except FileNotFoundError:
                    continue  # swapped or merged meanwhile
            raise DamagedError("there is no index")
        except BaseException:
            self._drop()
            raise

    def _newest(self) -> Snapshot:
        folder = self._current()
        held = self._snapshot
        if held and held.folder is folder and held.generation.number == folder.latest():
            folder.prove(held.generation.segments)
            return held
        self._snapshot = Snapshot(folder, folder.generation(), held)
        return self._snapshot

    def _current(self) -> Folder:
        """The folder that answers, the same object each time: it knows which files it has proved."""
        path = self._current_path()
        if self._held is None or self._held.path != path:
            self._held = Folder(path)
        return self._held

    def _current_path(self) -> Path:
        try:
            name = self._pointer.read_text()
        except FileNotFoundError:
            raise DamagedError("there is none") from None
        if not re.fullmatch(r"[0-9a-f]{16}", name):
            raise DamagedError("the pointer names no folder")
        return self._folder / name

    def _rebuilding(self) -> Position | None:
        for folder in self._others():
            try:
                return folder.claimed().position
            except (OSError, DamagedError):
                continue  # no index, or not any more
        return None

    # Writing

    def catch_up(self, source: IndexSource, deadline: float, progress: Progress | None = None) -> bool:
        """As the protocol says."""
        with _writable():
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            try:
                reached, is_current = self._catch_up_current(source, deadline, progress)
            except (DamagedError, FileNotFoundError) as error:
                _log.info("The index is to be made anew: %s", error)
                is_current = False
            return reached if is_current else self._build(source, deadline, progress, fresh=False)

    def rebuild(self, source: IndexSource, progress: Progress | None = None) -> None:
        """As the protocol says."""
        with _writable():
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._build(source, math.inf, progress, fresh=True)

    def tidy(self) -> None:
        """As the protocol says."""
        with _writable(), locked(self._lock("merge"), 0) as mine:
            if not mine or not self._pointer.exists():
                return
            while merge := (folder := self._current()).merged(_LARGEST_MERGE):
                with locked(self._lock("write"), math.inf):
                    if folder.path != self._current_path():
                        return
                    folder.adopt(merge)

    def scrub(self) -> bool:
        """As the protocol says."""
        with _writable(), locked(self._lock("merge"), 0) as mine, locked(self._lock("build"), 0) as mine_too:
            if not (mine and mine_too):
                return False
            for folder in self._others():
                folder.remove()
            folder = self._current()
            rewritten = folder.scrubbed()
            with locked(self._lock("write"), math.inf):
                if folder.path != self._current_path():
                    return False
                if rewritten:
                    folder.adopt(rewritten)
            return True

    def _catch_up_current(
        self, source: IndexSource, deadline: float, progress: Progress | None
    ) -> tuple[bool, bool]:
        """Whether the folder that answers has reached the head, and whether it is of the present analysis.

        Raises DamagedError where it is foreign: damaged, of another library or epoch, or ahead of the store.
        """
        while True:
            with locked(self._lock("write"), deadline) as mine:
                folder = self._current()
                is_current = folder.generation().is_current
                if not mine:
                    return False, is_current
                position, head = _step(folder, source, _BATCH_ENTRIES, _BATCH_SECONDS, Runs())
            if progress:
                progress(position, head)
            if position == head or time.monotonic() >= deadline:
                return position == head, is_current

    def _build(self, source: IndexSource, deadline: float, progress: Progress | None, *, fresh: bool) -> bool:
        """Make the next folder, or go on with it, and let it answer when it has reached the head."""
        with locked(self._lock("build"), deadline) as mine:
            if not mine:
                return False
            if not fresh and self._is_right(source):
                return True  # another process was first
            folder = self._next(source.head(), fresh=fresh)
            if not self._filled(folder, source, deadline, progress):
                return False
            if merge := folder.whole():
                folder.adopt(merge)
            return self._swap(folder, source, deadline)

    def _filled(
        self, folder: Folder, source: IndexSource, deadline: float, progress: Progress | None
    ) -> bool:
        """Whether the time was enough to reach the head."""
        known = Runs()
        while True:
            seconds = min(_BUILD_SECONDS, deadline - time.monotonic())
            with _nothing_thrown_away():
                position, head = _step(folder, source, _BUILD_ENTRIES, seconds, known)
            if progress:
                progress(position, head)
            if position == head or time.monotonic() >= deadline:
                return position == head
            if merge := folder.merged(math.inf):
                folder.adopt(merge)

    def _is_right(self, source: IndexSource) -> bool:
        try:
            generation = self._current().generation()
        except (DamagedError, FileNotFoundError):
            return False
        return generation.is_current and generation.position == source.head()

    def _next(self, head: Position, *, fresh: bool) -> Folder:
        kept = None
        for folder in self._others():
            if kept is None and not fresh and _can_go_on(folder, head):
                kept = folder
            else:
                folder.remove()
        return kept or Folder.create(self._folder, head.library_id, head.epoch)

    def _swap(self, folder: Folder, source: IndexSource, deadline: float) -> bool:
        with locked(self._lock("write"), deadline) as mine:
            if not mine:
                return False
            _step(folder, source, _BATCH_ENTRIES, _BATCH_SECONDS, Runs())
            pointer = self._folder / "current.new"
            pointer.write_text(folder.path.name)
            sync(pointer)
            os.replace(pointer, self._pointer)
            sync(self._folder)
            for old in self._others():
                old.remove()
            return folder.generation().position == source.head()

    def _others(self) -> Iterator[Folder]:
        try:
            current = self._current_path()
        except (OSError, DamagedError):
            current = None
        for path in sorted(self._folder.glob("*/")):
            if path != current:
                yield Folder(path)


def _step(
    folder: Folder, source: IndexSource, entries: int, seconds: float, known: Runs
) -> tuple[Position, Position]:
    """Fold one batch; returns the position after it, and the head. Raises DamagedError for a folder that is foreign."""
    generation = folder.generation()
    position = generation.position
    head, batch = source.entries_after(position.stamp, entries)
    if not _fits(position, head):
        raise DamagedError("it is of another library or epoch, or ahead of the store")
    if batch:
        position = replace(position, stamp=folder.fold(generation, batch, seconds, known))
    return position, head


def _fits(position: Position, head: Position) -> bool:
    same = (position.library_id, position.epoch) == (head.library_id, head.epoch)
    return same and position.stamp <= head.stamp


def _can_go_on(folder: Folder, head: Position) -> bool:
    try:
        generation = folder.generation()
    except (OSError, DamagedError):
        return False
    return generation.is_current and _fits(generation.position, head)


@contextmanager
def _nothing_thrown_away() -> Iterator[None]:
    """A batch only grows until it is written: looking through it for garbage would take a tenth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@contextmanager
def _readable() -> Iterator[None]:
    """Whatever goes wrong in reading means one thing to the caller."""
    try:
        yield
    except Exception as error:
        raise IndexUnavailableError(
            f"The search index cannot be read ({error}); it is being made anew."
        ) from error


@contextmanager
def _writable() -> Iterator[None]:
    try:
        yield
    except PaperclipperError:
        raise
    except Exception as error:
        raise IndexUnavailableError(f"The search index cannot be written ({error}).") from error
