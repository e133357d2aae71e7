"""Connections to the store and transactions on it, for services and for web requests."""

from contextlib import AbstractContextManager

from paperclipper.errors import StoreError
from paperclipper.store.database import database, sqlite_errors


def change() -> AbstractContextManager[None]:
    """Run the block in a transaction: all of it is on disk afterwards, or nothing.

    The index is notified and catches up later.
    """
    return database.change()


def thread_connection() -> AbstractContextManager[None]:
    """Open this thread's connection for the block, and keep it open for the thread's next request."""
    return database.lasting_connection()


def store_error(error: Exception) -> StoreError | None:
    """Return the StoreError for an error of the database, or None for any other error."""
    return sqlite_errors.translate(error)
