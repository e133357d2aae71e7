"""A change to the library: a transaction of the store that the index follows once it is on disk."""

from collections.abc import Iterator
from contextlib import contextmanager

from paperclipper.services import indexing
from paperclipper.store import database


@contextmanager
def change() -> Iterator[None]:
    """All that the block writes is on disk when it has ended, or nothing; the index is woken and not waited for."""
    with database.transaction():
        yield
    indexing.wake()
