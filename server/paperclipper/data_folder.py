"""One server per data folder: a lock on a file in it, which also says who holds it and where to reach it.

The lock is the kernel's (flock) and ends with its holder and the holder's forked workers, however they end. The file is
never deleted: a lock on a deleted file would exclude nobody.
"""

import errno
import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from paperclipper import config
from paperclipper.config import Settings
from paperclipper.errors import DataFolderError
from paperclipper.store.database import database

_FILE = "server.lock"
# Workers whose master was killed notice it within a second, and hold the folder until then.
_WAIT_SECONDS = 1.5
_POLL_SECONDS = 0.05


@dataclass(frozen=True)
class Holder:
    """The process that holds a data folder; `port` is None for one that does not serve, such as a restore.

    `public` is the origin by which other machines reach it.
    """

    pid: int
    port: int | None
    public: str = ""

    def __str__(self) -> str:
        return f"process {self.pid}, " + (f"port {self.port}" if self.port else "a restore")


@contextmanager
def held(data: Path, port: int | None, public: str = "") -> Iterator[None]:
    """Hold the data folder for the time of the block. Raises DataFolderError, naming who holds it, if another does."""
    try:
        descriptor = os.open(data / _FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise config.unusable(data, error) from error
    try:
        if not _locked(descriptor):
            raise DataFolderError(_taken(data))
        _sign(descriptor, data, Holder(os.getpid(), port, public))
        yield
    finally:
        # Closed, not unlocked: a forked worker passes here too, and must not free what its master holds.
        os.close(descriptor)


def _sign(descriptor: int, data: Path, who: Holder) -> None:
    try:
        written = os.pwrite(descriptor, json.dumps(asdict(who)).encode(), 0)
        os.ftruncate(descriptor, written)
    except OSError as error:
        raise config.unusable(data, error) from error


def holder(data: Path) -> Holder | None:
    """Who holds the data folder now; None where nobody does."""
    try:
        with open(data / _FILE, encoding="utf-8") as file:
            return None if _tried(file.fileno(), fcntl.LOCK_SH) else _parse(file.read())
    except FileNotFoundError:
        return None


def open_beside(settings: Settings) -> None:
    """Open the database for a command that may run beside the server.

    Raises DataFolderError where a server of an older version is still running: its tables must not change under it.
    """
    server = holder(settings.data)
    if server and server.port and settings.database.exists() and database.is_behind(settings.database):
        raise DataFolderError(
            f"The server that runs ({server}) is of an older version than this command. Start it anew: that brings "
            "the database up to date."
        )
    database.open_database(settings.database)


def _taken(data: Path) -> str:
    return (
        f"Another Paperclipper ({holder(data) or 'just starting'}) uses the data folder {data}. "
        "Stop it first, or choose another folder with --data."
    )


def _parse(text: str) -> Holder | None:
    """None in the moment between a holder's lock and its first word."""
    return Holder(**json.loads(text)) if text else None


def _locked(descriptor: int) -> bool:
    deadline = time.monotonic() + _WAIT_SECONDS
    while not _tried(descriptor, fcntl.LOCK_EX):
        if time.monotonic() >= deadline:
            return False
        time.sleep(_POLL_SECONDS)
    return True


def _tried(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno not in (errno.EAGAIN, errno.EACCES):
            raise
        return False
    return True
