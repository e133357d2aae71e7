"""The search index of one library, kept by Whoosh.

    <folder>/current       names the folder that answers; replaced by rename
    <folder>/<random>/     a Whoosh index; more than one while the next is being built
    <folder>/write.lock    held for each commit and merge of the folder that answers, and for the swap
    <folder>/build.lock    held by whoever builds the next folder

Must not know of the store: it reads a `Feed`.
"""

import logging
import math
import os
import re
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from paperclipper.errors import IndexUnavailableError, PaperclipperError
from paperclipper.model import Position
from paperclipper.search.durable import DamagedError, sync
from paperclipper.search.index import Feed, Found, Indexed, IndexStatus, Progress
from paperclipper.search.lock import locked
from paperclipper.search.query import Query
from paperclipper.search.whoosh_folder import Folder, Generation
from paperclipper.search.whoosh_snapshot import Snapshot

_BATCH_ENTRIES = 100
_BATCH_SECONDS = 0.4  # the commit itself takes the rest of half a second
_LARGEST_MERGE = 500  # papers; bounds how long a merge of the folder that answers holds the lock
_TRIES = 5
_log = logging.getLogger(__name__)


class WhooshIndex:
    """Implements `SearchIndex`. Searches of one process take turns."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._turn = threading.Lock()
        self._snapshot: Snapshot | None = None

    def close(self) -> None:
        """Free the descriptors; the index opens itself again when it is next used."""
        with self._turn:
            self._drop()

    def _drop(self) -> None:
        if self._snapshot:
            self._snapshot.close()
        self._snapshot = None

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

    def search(self, query: Query, limit: int, offset: int = 0) -> Found:
        """As the protocol says."""
        with self._turn, _readable():
            for _ in range(_TRIES):
                snapshot = self._refreshed()
                try:
                    return self._proved(snapshot, query, limit, offset)
                except FileNotFoundError:
                    continue  # a segment was merged away meanwhile
            raise DamagedError("segments go missing")

    def _proved(self, snapshot: Snapshot, query: Query, limit: int, offset: int) -> Found:
        """The answer, given only if every segment still is what was written after it was read."""
        try:
            found = snapshot.search(query, limit, offset)
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
        path = self._current_path()
        held = self._snapshot
        folder = held.folder if held and held.folder.path == path else Folder(path)
        if held and held.folder is folder and held.generation.number == folder.latest():
            folder.prove(held.generation.segments)
            return held
        self._snapshot = Snapshot(folder, folder.generation(), held)
        return self._snapshot

    def _current_path(self) -> Path:
        name = (self._folder / "current").read_text()
        if not re.fullmatch(r"[0-9a-f]{16}", name):
            raise DamagedError("the pointer names no folder")
        return self._folder / name

    def _rebuilding(self) -> Position | None:
        for folder in self._others():
            try:
                return folder.generation().position
            except Exception:
                _log.debug("%s is no index", folder.path)
        return None

    # Writing

    def catch_up(self, feed: Feed, deadline: float, progress: Progress | None = None) -> bool:
        """As the protocol says."""
        with _writable():
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            current = self._trusted(feed)
            reached = False
            if current is not None:
                reached = self._catch_up_current(feed, deadline, progress)
                current = self._trusted(feed)
            if current is None or not current.is_current:
                reached = self._build(feed, deadline, progress, fresh=False)
            return reached

    def rebuild(self, feed: Feed, progress: Progress | None = None) -> None:
        """As the protocol says."""
        with _writable():
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._build(feed, math.inf, progress, fresh=True)

    def _trusted(self, feed: Feed) -> Generation | None:
        """The generation that answers, unless it is foreign: damaged, of another library or epoch, ahead."""
        try:
            generation = Folder(self._current_path()).generation()
        except Exception as error:
            _log.info("The index is to be made anew: %s", error)
            return None
        # The head is read after the position: read before, it would be behind an index that others carry on.
        return generation if _fits(generation.position, feed.head()) else None

    def _catch_up_current(self, feed: Feed, deadline: float, progress: Progress | None) -> bool:
        while True:
            with locked(self._folder / "write.lock", deadline) as mine:
                if not mine:
                    return False
                folder = Folder(self._current_path())
                try:
                    position, head = _step(folder, feed)
                    folder.merge(_LARGEST_MERGE)
                except DamagedError:
                    return False
            if progress:
                progress(position, head)
            if position.stamp >= head.stamp or not _fits(position, head):
                return position == head
            if time.monotonic() >= deadline:
                return False

    def _build(self, feed: Feed, deadline: float, progress: Progress | None, *, fresh: bool) -> bool:
        """Make the next folder, or go on with it, and let it answer when it has reached the head."""
        with locked(self._folder / "build.lock", deadline) as mine:
            if not mine:
                return False
            if not fresh and (current := self._trusted(feed)) and current.is_current:
                return current.position == feed.head()  # another process was first
            folder = self._next(feed.head(), fresh=fresh)
            while True:
                position, head = _step(folder, feed)
                folder.merge(math.inf)
                if progress:
                    progress(position, head)
                if not _fits(position, head):
                    return False
                if position == head:
                    break
                if time.monotonic() >= deadline:
                    return False
            return self._swap(folder, feed, deadline)

    def _next(self, head: Position, *, fresh: bool) -> Folder:
        kept = None
        for folder in self._others():
            if kept is None and not fresh and _can_go_on(folder, head):
                kept = folder
            else:
                folder.remove()
        return kept or Folder.create(self._folder, head.library_id, head.epoch)

    def _swap(self, folder: Folder, feed: Feed, deadline: float) -> bool:
        with locked(self._folder / "write.lock", deadline) as mine:
            if not mine:
                return False
            _step(folder, feed)
            pointer = self._folder / "current.new"
            pointer.write_text(folder.path.name)
            sync(pointer)
            os.replace(pointer, self._folder / "current")
            sync(self._folder)
            for old in self._others():
                old.remove()
            return folder.generation().position == feed.head()

    def _others(self) -> Iterator[Folder]:
        try:
            current = self._current_path()
        except (OSError, DamagedError):
            current = None
        for path in sorted(self._folder.glob("*/")):
            if path != current:
                yield Folder(path)


def _step(folder: Folder, feed: Feed) -> tuple[Position, Position]:
    """Fold one batch; returns the position after it, and the head."""
    generation = folder.generation()
    position = generation.position
    head, entries = feed.entries_after(position.stamp, _BATCH_ENTRIES)
    if entries and _fits(position, head):
        stamp = folder.fold(generation, entries, _BATCH_SECONDS)
        position = Position(position.library_id, position.epoch, stamp)
    return position, head


def _fits(position: Position, head: Position) -> bool:
    same = (position.library_id, position.epoch) == (head.library_id, head.epoch)
    return same and position.stamp <= head.stamp


def _can_go_on(folder: Folder, head: Position) -> bool:
    try:
        generation = folder.generation()
    except Exception:
        return False
    return generation.is_current and _fits(generation.position, head)


@contextmanager
def _readable() -> Iterator[None]:
    """Whatever goes wrong in reading means one thing to the caller."""
    try:
        yield
    except Exception as error:
        raise IndexUnavailableError(f"The search index cannot be read ({error}); it is being made anew.") from error


@contextmanager
def _writable() -> Iterator[None]:
    try:
        yield
    except PaperclipperError:
        raise
    except Exception as error:
        raise IndexUnavailableError(f"The search index cannot be written ({error}).") from error
