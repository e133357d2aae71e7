"""One server per data folder: a lock on a file in it, which also says who holds it and where to reach it.

The lock is the kernel's (flock) and ends with its holder and the holder's forked workers, however they end. The file is
never deleted: a lock on a deleted file would exclude nobody.
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
# Workers whose master was killed notice it within a second, and hold the folder until then.
_WAIT_SECONDS = 1.5


@contextmanager
def umask(mask: int) -> Iterator[int]:
    """What is written for the time of the block has none of these rights; yields the mask there was before.

    SQLite and Whoosh make files of their own accord, so under PRIVATE_UMASK whatever is made is its owner's alone.
    """
    before = os.umask(mask)
    try:
        yield before
    finally:
        os.umask(before)


@contextmanager
def private_folder(settings: Settings) -> Iterator[None]:
    """The data folder, ready, and whatever is made for the time of the block its owner's alone."""
    with umask(PRIVATE_UMASK):
        prepare_folder(settings)
        yield


def prepare_folder(settings: Settings) -> None:
    """Make the data folder, readable by its owner alone. Raises DataFolderError."""
    try:
        settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        settings.data.chmod(0o700)
        settings.index.mkdir(exist_ok=True, mode=0o700)
    except OSError as error:
        raise _unusable(settings.data, error) from error


def _unusable(data: Path, error: OSError) -> DataFolderError:
    """What the system said against the data folder, and what to do."""
    cure = "Give yourself the right to write there and make room on its disk, or choose another folder with --data."
    return DataFolderError(f"The data folder {data} cannot be used: {error.strerror}. {cure}")


@dataclass(frozen=True)
class LockHolder:
    """The process that holds a data folder; `port` is None for one that does not serve, such as a restore.

    `public` is the origin by which other machines reach it.
    """

    pid: int
    port: int | None
    public: str = ""

    def __str__(self) -> str:
        return f"process {self.pid}, " + (f"port {self.port}" if self.port else "a restore")


@contextmanager
def lock(data: Path, port: int | None, public: str = "") -> Iterator[None]:
    """Hold the data folder for the time of the block. Raises DataFolderError, naming who holds it, if another does."""
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
        # Closed, not unlocked: a forked worker passes here too, and must not free what its master holds.
        os.close(descriptor)


def _write_holder(descriptor: int, data: Path, who: LockHolder) -> None:
    try:
        written = os.pwrite(descriptor, json.dumps(asdict(who)).encode(), 0)
        os.ftruncate(descriptor, written)
    except OSError as error:
        raise _unusable(data, error) from error


def lock_holder(data: Path) -> LockHolder | None:
    """Who holds the data folder now; None where nobody does."""
    try:
        with open(data / _LOCK_FILE, encoding="utf-8") as file:
            return None if file_lock.try_lock(file.fileno(), shared=True) else _parse(file.read())
    except FileNotFoundError:
        return None


def _in_use(data: Path) -> str:
    return (
        f"Another Paperclipper ({lock_holder(data) or 'just starting'}) uses the data folder {data}. "
        "Stop it first, or choose another folder with --data."
    )


def _parse(text: str) -> LockHolder | None:
    """None in the moment between a holder's lock and its first word."""
    return LockHolder(**json.loads(text)) if text else None
