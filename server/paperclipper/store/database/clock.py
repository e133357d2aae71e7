"""The clock of a library: every synchronised row that a transaction changes takes a stamp of its own.

(library, changed) is unique, so any batch of changes may end anywhere. The row lock that `UPDATE` takes makes commit
order equal stamp order on any engine; on SQLite the single writer does.
"""

from paperclipper.errors import NotFoundError
from paperclipper.model import Version
from paperclipper.store.database.queries import Query, parameter
from paperclipper.store.database.tables import LibraryRow

_ADVANCE: Query[tuple[str, int]] = Query(
    LibraryRow.update(clock=LibraryRow.clock + parameter("count"))
    .where(LibraryRow.id == parameter("library"))
    .returning(LibraryRow.epoch, LibraryRow.clock)
)


def advance(library_id: str) -> Version:
    """Move the clock on by one; the caller's row takes the stamp. Only inside a transaction."""
    return advance_by(library_id, 1)[0]


def advance_by(library_id: str, count: int) -> list[Version]:
    """Move the clock on by `count`; the caller's rows take a stamp each, in order. Only inside a transaction."""
    row = _ADVANCE.row(count=count, library=library_id)
    if row is None:
        raise NotFoundError("library", library_id)
    epoch, last = row
    return [Version(epoch, changed) for changed in range(last - count + 1, last + 1)]
