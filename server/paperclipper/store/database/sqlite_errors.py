"""Translation of errors from SQLite and the file system into the program's own errors.

A connection is not reused after an error (`invalidate_connection`): SQLite opens unwritable files in
read-only mode, and the connection then remains read-only.
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
"""The name of the folder for automatic backups, next to the database."""
_local = threading.local()


@contextmanager
def translated_errors() -> Iterator[None]:
    """Translate database errors raised in the block into the program's own errors."""
    try:
        yield
    except (peewee.DatabaseError, sqlite3.DatabaseError) as error:
        ours = translate(error)
        if ours is None:
            raise
        raise ours from error


def translate(error: BaseException) -> StoreError | None:
    """Return the StoreError for a database error, or None for any other error, such as a bug."""
    if not isinstance(error, peewee.DatabaseError | sqlite3.DatabaseError):
        return None
    if isinstance(error, peewee.IntegrityError | peewee.ProgrammingError):
        return None
    invalidate_connection()
    return _translate(str(_cause(error)))


def invalidate_connection() -> None:
    """Mark this thread's connection to be closed after use rather than reused."""
    _local.doubted = True


def is_connection_invalid() -> bool:
    """Return whether this thread's connection was invalidated since the last call."""
    found: bool = getattr(_local, "doubted", False)
    _local.doubted = False
    return found


def _cause(error: Exception) -> BaseException:
    """Return the original error. On a full disk, SQLite rolls back first, so peewee's rollback fails."""
    cause = error.__context__ if "no transaction is active" in str(error) else None
    while isinstance(
        cause, peewee.DatabaseError | sqlite3.DatabaseError
    ) and "no transaction is active" in str(cause):
        cause = cause.__context__
    return cause or error


def busy() -> StoreBusyError:
    """Return the error for a database that was locked for too long."""
    return StoreBusyError("Another program is using the database. Nothing was written; try again.")


def unwritable(error: OSError) -> StoreFullError:
    """Return the error for a file next to the database that cannot be opened for writing."""
    invalidate_connection()
    return _full() if error.errno in (errno.ENOSPC, errno.EDQUOT) else _read_only()


def _full() -> StoreFullError:
    return StoreFullError(
        "The disk is full or cannot be written to. Nothing was written; free some space and try again."
    )


def _read_only() -> StoreFullError:
    return StoreFullError("The data folder cannot be written to. Check its permissions, then try again.")


def damaged(problem: str) -> StoreDamagedError:
    """Return the error for a damaged or missing database; the message explains how to restore a backup."""
    return StoreDamagedError(
        f"{' '.join(problem.split())}. Restore a backup: {restore_command(Path(proxy.database).parent)}."
    )


def restore_command(data: Path) -> str:
    """Return the command that restores the newest backup of a data folder."""
    newest = newest_backup(data)
    return f"paperclipper restore {shlex.quote(str(newest)) if newest else 'FILE'}"


def newest_backup(data: Path) -> Path | None:
    """Return the newest backup file in a data folder, or None. Does not use the database."""
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
    return StoreError(f"The database failed: {message}.")
