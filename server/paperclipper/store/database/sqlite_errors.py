"""What SQLite and the files beside it say went wrong, as our own errors.

A thread's connection on which something failed is not used again (`invalidate_connection`): SQLite keeps one that it opened while the
files could not be written as one for reading, for good.
"""

import errno
import shlex
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import peewee

from paperclipper.errors import StoreBusyError, StoreDamagedError, StoreError, StoreFullError
from paperclipper.store.database.tables import proxy

BACKUPS = "backups"
"""The folder beside the database for the copies that are made by themselves."""
_local = threading.local()


@contextmanager
def translated_errors() -> Iterator[None]:
    """Raises our own errors for what the database would not."""
    try:
        yield
    except (peewee.DatabaseError, sqlite3.DatabaseError) as error:
        ours = translate(error)
        if ours is None:
            raise
        raise ours from error


def translate(error: BaseException) -> StoreError | None:
    """Our own error for what the database would not; None for any other fault, our own mistakes among them."""
    if not isinstance(error, peewee.DatabaseError | sqlite3.DatabaseError):
        return None
    if isinstance(error, peewee.IntegrityError | peewee.ProgrammingError):
        return None
    invalidate_connection()
    return _translate(str(_cause(error)))


def invalidate_connection() -> None:
    """Have this thread's connection closed after use, rather than kept."""
    _local.doubted = True


def is_connection_invalid() -> bool:
    """Whether something failed on this thread's connection since this was asked last."""
    found: bool = getattr(_local, "doubted", False)
    _local.doubted = False
    return found


def _cause(error: Exception) -> BaseException:
    """SQLite itself rolls back when the disk is full, so that our own rollback fails after it."""
    cause = error.__context__ if "no transaction is active" in str(error) else None
    while isinstance(
        cause, peewee.DatabaseError | sqlite3.DatabaseError
    ) and "no transaction is active" in str(cause):
        cause = cause.__context__
    return cause or error


def busy() -> StoreBusyError:
    """Another process held the database too long."""
    return StoreBusyError("Another program holds the database. Nothing was written; try again.")


def unwritable(error: OSError) -> StoreFullError:
    """A file beside the database could not be opened for writing."""
    invalidate_connection()
    return _full() if error.errno in (errno.ENOSPC, errno.EDQUOT) else _read_only()


def _full() -> StoreFullError:
    return StoreFullError(
        "The disk is full or cannot be written. Nothing was written; make room and try again."
    )


def _read_only() -> StoreFullError:
    return StoreFullError("The data folder cannot be written. Check its permissions, then try again.")


def damaged(said: str) -> StoreDamagedError:
    """The database is not what it was; says the cure."""
    return StoreDamagedError(
        f"{' '.join(said.split())}. Restore a backup: {restore_command(Path(proxy.database).parent)}."
    )


def restore_command(data: Path) -> str:
    """The command that puts the newest backup of a data folder in place."""
    newest = newest_backup(data)
    return f"paperclipper restore {shlex.quote(str(newest)) if newest else 'FILE'}"


def newest_backup(data: Path) -> Path | None:
    """The backup in a data folder that was written last, found without the database."""
    try:
        return max((data / BACKUPS).glob("*.db"), key=lambda path: path.stat().st_mtime, default=None)
    except OSError:
        return None


def _translate(message: str) -> StoreError:
    if "locked" in message or "busy" in message:
        return busy()
    if "full" in message or "disk I/O" in message:
        return _full()
    if "readonly" in message or "unable to open" in message:
        return _read_only()
    if "malformed" in message or "not a database" in message or "Could not decode" in message:
        return damaged("The database is damaged")
    return StoreError(f"The database answered: {message}.")
