"""How the library is: its database, its index, its disk. Never raises for the sake of any of them."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from paperclipper.errors import StoreError
from paperclipper.services.search import indexing
from paperclipper.services.transfer import backups
from paperclipper.services.transfer.backups import Copies
from paperclipper.store.database import database, sqlite
from paperclipper.store.papers import papers


@dataclass(frozen=True)
class Health:
    """`problem` says in words what is wrong with the database, or nothing. Sizes are in bytes.

    `copies` is None where the database cannot tell.
    """

    problem: str
    papers: int
    database_bytes: int
    log_bytes: int
    index_papers: int
    index_behind: int
    index_segments: int
    free_bytes: int
    copies: Copies | None

    @property
    def is_well(self) -> bool:
        """Whether everything saved can be read and found."""
        return not self.problem and not self.index_behind


def check(library_id: str, data: Path) -> Health:
    """Look at all of it, shallowly: nothing here takes longer than reading a page."""
    store = _store(library_id)
    status = indexing.status(library_id)
    size, log = sqlite.sizes()
    return Health(
        problem=store.problem,
        papers=store.papers,
        database_bytes=size,
        log_bytes=log,
        index_papers=status.papers,
        index_behind=store.behind,
        index_segments=status.segments,
        free_bytes=shutil.disk_usage(data).free,
        copies=store.copies,
    )


@dataclass(frozen=True)
class _Store:
    """What the database can tell."""

    problem: str = ""
    papers: int = 0
    behind: int = 0
    copies: Copies | None = None


def _store(library_id: str) -> _Store:
    try:
        with database.connection():
            return _Store("", papers.count(library_id), indexing.behind(library_id), backups.standing())
    except StoreError as error:
        return _Store(str(error))
