"""Store connections and transactions, for services and web requests."""

from contextlib import AbstractContextManager

from paperclipper.errors import StoreError
from paperclipper.store.database import database, sqlite_errors


def change() -> AbstractContextManager[None]:
    """Run the block in an atomic, durable transaction.

    The index is notified and catches up asynchronously.
    """
    return database.change()


def thread_connection() -> AbstractContextManager[None]:
    """Open this thread's connection for the block, and leave it open for the thread's next request."""
    return database.lasting_connection()


def store_error(error: Exception) -> StoreError | None:
    """Return the StoreError for a database error, or None for any other error."""
    return sqlite_errors.translate(error)
