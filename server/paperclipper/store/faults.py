"""What SQLite says went wrong, as our own errors."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import peewee

from paperclipper.errors import StoreBusyError, StoreDamagedError, StoreError, StoreFullError


@contextmanager
def translated() -> Iterator[None]:
    """Raises our own errors for what the database would not."""
    try:
        yield
    except (peewee.OperationalError, peewee.DatabaseError, sqlite3.OperationalError, sqlite3.DatabaseError) as error:
        if isinstance(error, peewee.IntegrityError | peewee.ProgrammingError):
            raise
        raise _translate(str(_cause(error))) from error


def _cause(error: Exception) -> BaseException:
    """SQLite itself rolls back when the disk is full, so that our own rollback fails after it."""
    cause = error.__context__ if "no transaction is active" in str(error) else None
    while isinstance(cause, peewee.DatabaseError | sqlite3.DatabaseError) and "no transaction is active" in str(cause):
        cause = cause.__context__
    return cause or error


def busy() -> StoreBusyError:
    """Another process held the database too long."""
    return StoreBusyError("Another program holds the database. Nothing was written; try again.")


def _translate(message: str) -> StoreError:
    if "locked" in message or "busy" in message:
        return busy()
    if "full" in message or "disk I/O" in message:
        return StoreFullError("The disk is full or cannot be written. Nothing was written; make room and try again.")
    if "readonly" in message or "unable to open" in message:
        return StoreFullError("The data folder cannot be written. Check its permissions, then try again.")
    if "malformed" in message or "not a database" in message:
        return StoreDamagedError("The database is damaged. Restore a backup: paperclipper restore FILE.")
    return StoreError(f"The database answered: {message}.")
