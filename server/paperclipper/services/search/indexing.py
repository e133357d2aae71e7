"""Keeps each library's search index up to date with the store.

Writes wake the catch-up thread of their process and do not wait for it. Searches bring the index up to date
first, waiting at most two seconds. Anything longer is left to a background process. Only operations requested
by the user, such as rebuild and verify, raise index errors.
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
"""If the index is more papers behind than this, a background process catches up."""
_TURN_SECONDS = 10.0
_QUIET_SECONDS, _MAX_WAIT_SECONDS = 0.2, 3.0
_PROBE_SECONDS = 0.05  # longer than a process holds the lock to test it
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class LibrarySource:
    """The papers of one library in the store, as the source of its index."""

    library_id: str

    def head(self) -> Position:
        """Return the current position: that of an up-to-date index."""
        return feed.head(self.library_id)

    def entries_after(self, stamp: int, limit: int) -> tuple[Position, list[IndexEntry]]:
        """Return the head, and up to `limit` entries with later stamps, in order."""
        return feed.entries_after(self.library_id, stamp, limit)


class _ProcessState:
    """The state of one process; a forked child creates its own. `data` is the data folder."""

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
    """Store the indexes of this process, and of processes forked from it, in `data`/index."""
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
    """Return the index of a library."""
    state = _current_state()
    with state.lock:
        return state.indexes.setdefault(
            library_id, WhooshIndex(state.data / "index" / library_id, state.data / "locks")
        )


def open_all() -> None:
    """Open the index of every library, so that the first search is fast."""
    for library in libraries.list_all():
        index_of(library.id).status()


# Catching up


def wake() -> None:
    """Start catching up soon, without waiting. Call this after each write is committed."""
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
                    _start_background_process()  # also scrubs the index files
                    state.wake_up.set()
        except (IndexUnavailableError, StoreError, OSError) as error:
            _log.warning("The search index could not be updated: %s", error)


def _wait_until_quiet(state: _ProcessState) -> None:
    """Wait until there have been no writes for a moment.

    Indexing papers one at a time takes three times as long as in batches, and slows down writes. Searches do
    not depend on this thread; they catch up on their own.
    """
    until = time.monotonic() + _MAX_WAIT_SECONDS
    while state.wake_up.is_set() and time.monotonic() < until:
        state.wake_up.clear()
        time.sleep(_QUIET_SECONDS)
    state.wake_up.clear()  # before the work, so that writes during it are not missed


def _catch_up_or_delegate(library_id: str, deadline: float) -> None:
    if behind(library_id) > MAX_BEHIND:
        _start_background_process()
        return
    reached = index_of(library_id).catch_up(LibrarySource(library_id), deadline)
    index_of(library_id).merge_segments()
    if not reached:
        _current_state().wake_up.set()


def behind(library_id: str) -> int:
    """Return how many papers the index is behind the store; all papers if it must be rebuilt."""
    return _count_behind(library_id, index_of(library_id).status())


def _count_behind(library_id: str, status: IndexStatus) -> int:
    # Read the head after the position: read before, it could be older than an index updated by others.
    head = feed.head(library_id)
    position = status.position if status.is_current else status.rebuilding
    if position == head and status.is_current:
        return 0
    if position is None or position.epoch != head.epoch or position.stamp > head.stamp:
        return feed.count_after(library_id, 0)
    # An index that is being rebuilt counts as behind until the new one is in use.
    return feed.count_after(library_id, position.stamp) or int(not status.is_current)


def ensure_fresh(library_id: str, wait_seconds: float = 2.0) -> int:
    """Bring the index up to date within `wait_seconds`. Return how many papers it is still behind."""
    status = index_of(library_id).status()
    missing = _count_behind(library_id, status)
    try:
        if missing > MAX_BEHIND:
            _start_background_process()
            return missing
        if missing or status.position is None:
            index_of(library_id).catch_up(LibrarySource(library_id), time.monotonic() + wait_seconds)
    except (IndexUnavailableError, OSError) as error:
        _log.warning("The search index could not be updated: %s", error)
    return missing and behind(library_id)


def _start_background_process() -> None:
    """Start a background process that catches up, unless one is running.

    It is not forked, because a forked process would inherit the locks of this process.
    """
    state = _current_state()
    with state.lock, _catch_up_lock(state) as acquired:
        if acquired and not _is_running(state.background_process):
            state.background_process = _run_catch_up(state.data)


def _run_catch_up(data: Path) -> subprocess.Popen[bytes]:
    """Run `paperclipper index catch-up` at low priority, so that saving and searching stay fast."""
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
            "Indexing in the background exited with status %s. Run: paperclipper index catch-up",
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
    """Bring the index of every library completely up to date, as the background process does.

    Return False if another process is already doing so. Raise IndexUnavailableError on failure.
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
        index.merge_segments()  # each batch adds a segment, and many segments make the next batch slower


def scrub(library_id: str) -> bool:
    """Rewrite the index files that still contain text of deleted papers.

    Return False if this is not possible yet, for example because the index is behind. Raise
    IndexUnavailableError on failure.
    """
    return not behind(library_id) and index_of(library_id).scrub()


# Operations requested by the user


def status(library_id: str) -> IndexStatus:
    """Return the state of the index. Index errors are never raised."""
    return index_of(library_id).status()


def rebuild(library_id: str, progress: Progress | None = None) -> None:
    """Rebuild the index. The current one stays in use until then. Raise IndexUnavailableError on failure."""
    index_of(library_id).rebuild(LibrarySource(library_id), progress)


def verify(library_id: str, *, deep: bool = False) -> list[Difference]:
    """Compare the index with the store, see `SearchIndex.verify`. Raise IndexUnavailableError on failure."""
    return index_of(library_id).verify(LibrarySource(library_id), deep=deep)
