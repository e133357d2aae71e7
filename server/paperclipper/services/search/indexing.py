"""Keeping each library's search index in step with its store.

A write wakes this process's catching-up thread and waits for nothing. A search asks for a fresh index and waits at most
two seconds. What would take longer, a child process does. Nothing here raises for the index's sake, except what a
person asked for by name (rebuild, verify).
"""

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from paperclipper.errors import IndexUnavailableError, StoreError
from paperclipper.file_lock import locked
from paperclipper.model import IndexEntry, Position
from paperclipper.search import (
    Difference,
    IndexStatus,
    Progress,
    SearchIndex,
    WhooshIndex,
)
from paperclipper.store import purges
from paperclipper.store.access import libraries
from paperclipper.store.database.database import connection
from paperclipper.store.search import feed

MAX_BEHIND = 200
"""Beyond so many papers behind, a child process does the work."""
_TURN_SECONDS = 10.0
_QUIET_SECONDS, _MAX_WAIT_SECONDS = 0.2, 3.0
_PROBE_SECONDS = 0.05  # longer than another process takes to see whether the lock is free
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class LibrarySource:
    """The store's feed of one library, as search reads it."""

    library_id: str

    def head(self) -> Position:
        """As `IndexSource` says."""
        return feed.head(self.library_id)

    def entries_after(self, stamp: int, limit: int) -> tuple[Position, list[IndexEntry]]:
        """As `IndexSource` says."""
        return feed.entries_after(self.library_id, stamp, limit)


class _ProcessState:
    """What this process holds; a forked child begins with its own. `data` is the data folder."""

    def __init__(self, data: Path) -> None:
        self.pid = os.getpid()
        self.data = data
        self.indexes: dict[str, SearchIndex] = {}
        self.lock = threading.Lock()
        self.wake_up = threading.Event()
        self.thread: threading.Thread | None = None
        self.background_process: subprocess.Popen[bytes] | None = None


_state: _ProcessState | None = None


def use_folder(data: Path) -> None:
    """Keep the indexes of this process, and of those forked from it, under `data`/index."""
    global _state
    _state = _ProcessState(data)


def _current_state() -> _ProcessState:
    global _state
    if _state is None:
        raise RuntimeError("indexing.use_folder was not called")
    if _state.pid != os.getpid():
        _state = _ProcessState(_state.data)
    return _state


def index_of(library_id: str) -> SearchIndex:
    """The library's index."""
    state = _current_state()
    with state.lock:
        return state.indexes.setdefault(
            library_id, WhooshIndex(state.data / "index" / library_id, state.data / "locks")
        )


def open_all() -> None:
    """Open every library's index, so that the first search need not."""
    for library in libraries.list_all():
        index_of(library.id).status()


# Following the store


def wake() -> None:
    """Have the indexes caught up soon. To be called after each write, when it is on disk; returns at once."""
    state = _current_state()
    state.wake_up.set()
    with state.lock:
        if state.thread is None or not state.thread.is_alive():
            state.thread = threading.Thread(
                target=_catch_up_loop, args=(state,), name="catch-up", daemon=True
            )
            state.thread.start()


def _catch_up_loop(state: _ProcessState) -> None:
    while True:
        state.wake_up.wait()
        _wait_until_quiet(state)
        try:
            with connection():
                for library in libraries.list_all():
                    _catch_up_or_delegate(library.id, time.monotonic() + _TURN_SECONDS)
                if purges.any_pending():
                    _start_background_process()  # it cleans the files, too
                    state.wake_up.set()
        except (IndexUnavailableError, StoreError, OSError) as error:
            _log.warning("Catching up the index: %s", error)


def _wait_until_quiet(state: _ProcessState) -> None:
    """Until no write came for a moment: read one by one, papers cost three times as much, and writers pay for it.

    Searches do not wait for this; they catch up themselves.
    """
    until = time.monotonic() + _MAX_WAIT_SECONDS
    while state.wake_up.is_set() and time.monotonic() < until:
        state.wake_up.clear()
        time.sleep(_QUIET_SECONDS)
    state.wake_up.clear()  # before the work: a write during it wakes again


def _catch_up_or_delegate(library_id: str, deadline: float) -> None:
    if behind(library_id) > MAX_BEHIND:
        _start_background_process()
        return
    reached = index_of(library_id).catch_up(LibrarySource(library_id), deadline)
    index_of(library_id).merge_segments()
    if not reached:
        _current_state().wake_up.set()


def behind(library_id: str) -> int:
    """How many papers the index that would answer now has still to read; all, where it must be made anew."""
    return _count_behind(library_id, index_of(library_id).status())


def _count_behind(library_id: str, status: IndexStatus) -> int:
    # The head is asked for after the position: asked before, it would lag behind an index that others carry on.
    head = feed.head(library_id)
    position = status.position if status.is_current else status.rebuilding
    if position == head and status.is_current:
        return 0
    if position is None or position.epoch != head.epoch or position.stamp > head.stamp:
        return feed.count_after(library_id, 0)
    # An index that is being made in another's place is not right before it answers.
    return feed.count_after(library_id, position.stamp) or int(not status.is_current)


def ensure_fresh(library_id: str, wait_seconds: float = 2.0) -> int:
    """Bring the index up to the store, waiting so long at most; returns how many papers it is behind even so."""
    status = index_of(library_id).status()
    missing = _count_behind(library_id, status)
    try:
        if missing > MAX_BEHIND:
            _start_background_process()
            return missing
        if missing or status.position is None:
            index_of(library_id).catch_up(LibrarySource(library_id), time.monotonic() + wait_seconds)
    except (IndexUnavailableError, OSError) as error:
        _log.warning("Catching up the index: %s", error)
    return missing and behind(library_id)


def _start_background_process() -> None:
    """Start a process that catches up, unless one is running. A forked process would keep this one's locks."""
    state = _current_state()
    with state.lock, _catch_up_lock(state) as acquired:
        if acquired and not _is_running(state.background_process):
            state.background_process = _run_catch_up(state.data)


def _run_catch_up(data: Path) -> subprocess.Popen[bytes]:
    """Run `paperclipper index catch-up` at a low priority: saving and searching come first."""
    command = ["nice", sys.executable, "-m", "paperclipper", "index", "catch-up", "--data", str(data)]
    return subprocess.Popen(  # noqa: S603 - our own program
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _is_running(process: subprocess.Popen[bytes] | None) -> bool:
    if process is None:
        return False
    if process.poll() is None:
        return True
    if process.returncode:
        _log.warning(
            "The background process for the search index exited with %s. To see why: paperclipper index catch-up",
            process.returncode,
        )
    return False


@contextmanager
def _catch_up_lock(state: _ProcessState) -> Iterator[bool]:
    folder = state.data / "locks"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with locked(folder / "catch-up.lock", time.monotonic() + _PROBE_SECONDS) as acquired:
        yield acquired


def catch_up_all(progress: Progress | None = None) -> bool:
    """Catch up every library's index to the end; the child process does this. False where another one is at it.

    Raises IndexUnavailableError.
    """
    with _catch_up_lock(_current_state()) as acquired:
        if not acquired:
            return False
        for library in libraries.list_all():
            _catch_up_to_the_end(library.id, progress)
        return True


def _catch_up_to_the_end(library_id: str, progress: Progress | None) -> None:
    index, source = index_of(library_id), LibrarySource(library_id)
    reached = False
    while not reached:
        reached = index.catch_up(source, time.monotonic() + _TURN_SECONDS, progress)
        index.merge_segments()  # each batch adds a segment, and the next batch takes longer the more there are


def scrub(library_id: str) -> bool:
    """Leave nothing of papers that are gone in the files of an index that has caught up; False: try again later.

    Raises IndexUnavailableError.
    """
    return not behind(library_id) and index_of(library_id).scrub()


# What a person asks for


def status(library_id: str) -> IndexStatus:
    """How the index stands. Never raises for its sake."""
    return index_of(library_id).status()


def rebuild(library_id: str, progress: Progress | None = None) -> None:
    """Make the index anew, while the present one answers. Raises IndexUnavailableError."""
    index_of(library_id).rebuild(LibrarySource(library_id), progress)


def verify(library_id: str, *, deep: bool = False) -> list[Difference]:
    """As `SearchIndex.verify`, against the store."""
    return index_of(library_id).verify(LibrarySource(library_id), deep=deep)
