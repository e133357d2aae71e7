"""The data folder, which is private to its owner and locked by the server that uses it.

The lock is an flock on a file that also records the process and its port. The kernel releases the lock when
that process and its forked workers have exited, even after a crash. The file is never deleted, because a lock
on a deleted file excludes no other process.
"""

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from paperclipper import file_lock
from paperclipper.config import Settings
from paperclipper.errors import DataFolderError

PRIVATE_UMASK = 0o077
_LOCK_FILE = "server.lock"
# If the master process is killed, its workers hold the lock for up to a second until they notice.
_WAIT_SECONDS = 1.5


@contextmanager
def umask(mask: int) -> Iterator[int]:
    """Set the umask for the duration of the block. Yield the previous umask.

    With PRIVATE_UMASK, the files that SQLite and Whoosh create are readable by their owner only.
    """
    before = os.umask(mask)
    try:
        yield before
    finally:
        os.umask(before)


@contextmanager
def private_folder(settings: Settings) -> Iterator[None]:
    """Prepare the data folder. Files created within the block are readable by their owner only."""
    with umask(PRIVATE_UMASK):
        prepare_folder(settings)
        yield


def prepare_folder(settings: Settings) -> None:
    """Create the data folder, accessible to its owner only. Raise DataFolderError if that fails."""
    try:
        settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        settings.data.chmod(0o700)
        settings.index.mkdir(exist_ok=True, mode=0o700)
    except OSError as error:
        raise _unusable(settings.data, error) from error


def _unusable(data: Path, error: OSError) -> DataFolderError:
    fix = "Check its permissions and the free disk space, or choose another folder with --data."
    return DataFolderError(f"The data folder {data} cannot be used: {error.strerror}. {fix}")


@dataclass(frozen=True)
class LockHolder:
    """The process that has locked a data folder. `port` is None for a restore, which is not a server.

    `public` is the origin at which other machines reach the server, or empty.
    """

    pid: int
    port: int | None
    public: str = ""

    def __str__(self) -> str:
        return f"process {self.pid}, " + (f"port {self.port}" if self.port else "a restore")


@contextmanager
def lock(data: Path, port: int | None, public: str = "") -> Iterator[None]:
    """Lock the data folder for the duration of the block.

    Raise DataFolderError if another process has locked it.
    """
    try:
        descriptor = os.open(data / _LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise _unusable(data, error) from error
    try:
        if not file_lock.acquire(descriptor, time.monotonic() + _WAIT_SECONDS):
            raise DataFolderError(_in_use(data))
        _write_holder(descriptor, data, LockHolder(os.getpid(), port, public))
        yield
    finally:
        # Close without unlocking: forked workers get here too and must not release their master's lock.
        os.close(descriptor)


def _write_holder(descriptor: int, data: Path, who: LockHolder) -> None:
    try:
        written = os.pwrite(descriptor, json.dumps(asdict(who)).encode(), 0)
        os.ftruncate(descriptor, written)
    except OSError as error:
        raise _unusable(data, error) from error


def lock_holder(data: Path) -> LockHolder | None:
    """Return the process that has locked the data folder, or None."""
    try:
        with open(data / _LOCK_FILE, encoding="utf-8") as file:
            return None if file_lock.try_lock(file.fileno(), shared=True) else _parse(file.read())
    except FileNotFoundError:
        return None


def _in_use(data: Path) -> str:
    return (
        f"The data folder {data} is in use by another Paperclipper ({lock_holder(data) or 'starting'}). "
        "Stop it, or choose another folder with --data."
    )


def _parse(text: str) -> LockHolder | None:
    """Parse the lock file. Return None if its holder has not written to it yet."""
    return LockHolder(**json.loads(text)) if text else None
