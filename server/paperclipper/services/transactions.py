"""Reaching the store: a connection for the time of a request or command, and changes that the index follows."""

from contextlib import AbstractContextManager

from paperclipper.errors import StoreError
from paperclipper.store.database import database, sqlite_errors


def change() -> AbstractContextManager[None]:
    """All that the block writes is on disk when it has ended, or nothing; the index is woken and not waited for."""
    return database.change()


def thread_connection() -> AbstractContextManager[None]:
    """As `connected`, for a thread that serves one request after another: its connection stays open between them."""
    return database.lasting_connection()


def store_error(error: Exception) -> StoreError | None:
    """What the database would not, as an error of our own; None for any other fault."""
    return sqlite_errors.translate(error)
