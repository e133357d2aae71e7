"""How the library is: its database, its index, its disk. Never raises for the sake of any of them."""

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from paperclipper.errors import StoreError
from paperclipper.services import backing_up, indexing
from paperclipper.store import database, papers


@dataclass(frozen=True)
class Health:
    """`problem` says in words what is wrong with the database, or nothing. Sizes are in bytes.

    `backed_up_at` is when the newest copy was made that is still there.
    """

    problem: str
    papers: int
    database_bytes: int
    log_bytes: int
    index_papers: int
    index_behind: int
    index_segments: int
    free_bytes: int
    backed_up_at: datetime | None

    @property
    def is_well(self) -> bool:
        """Whether everything saved can be read and found."""
        return not self.problem and not self.index_behind


def check(library_id: str, data: Path) -> Health:
    """Look at all of it, shallowly: nothing here takes longer than reading a page."""
    problem, count = _database(library_id)
    status = indexing.status(library_id)
    size, log = database.sizes()
    return Health(
        problem=problem,
        papers=count,
        database_bytes=size,
        log_bytes=log,
        index_papers=status.papers,
        index_behind=0 if problem else indexing.behind(library_id),
        index_segments=status.segments,
        free_bytes=shutil.disk_usage(data).free,
        backed_up_at=None if problem else next((copy.made_at for copy in backing_up.made()), None),
    )


def _database(library_id: str) -> tuple[str, int]:
    try:
        return "", papers.count(library_id)
    except StoreError as error:
        return str(error), 0
