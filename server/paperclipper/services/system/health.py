"""The health of a library: database, index, disk and backups. Failures are reported, not raised."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from paperclipper.errors import StoreError
from paperclipper.services.search import indexing
from paperclipper.services.transfer import backups
from paperclipper.services.transfer.backups import BackupStatus
from paperclipper.store.database import database, sqlite
from paperclipper.store.papers import papers


@dataclass(frozen=True)
class Health:
    """The state of a library and its storage.

    `problem` describes a problem with the database, or is empty. `backups` is None if the database cannot be
    read.
    """

    problem: str
    papers: int
    database_bytes: int
    log_bytes: int
    index_papers: int
    index_behind: int
    index_segments: int
    free_bytes: int
    backups: BackupStatus | None

    @property
    def is_well(self) -> bool:
        """Whether all saved data can be read and searched."""
        return not self.problem and not self.index_behind


def check(library_id: str, data: Path) -> Health:
    """Return the health of a library, using only fast checks."""
    store = _check_store(library_id)
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
        backups=store.backups,
    )


@dataclass(frozen=True)
class _StoreHealth:
    """The part of the health check that requires the database."""

    problem: str = ""
    papers: int = 0
    behind: int = 0
    backups: BackupStatus | None = None


def _check_store(library_id: str) -> _StoreHealth:
    try:
        with database.connection():
            return _StoreHealth("", papers.count(library_id), indexing.behind(library_id), backups.status())
    except StoreError as error:
        return _StoreHealth(str(error))
