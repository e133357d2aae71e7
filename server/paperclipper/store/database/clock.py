"""The logical clock of a library: each synchronised row changed in a transaction gets a unique stamp.

(library, changed) is unique, so a batch of changes can end at any row. Commit order equals stamp order
because `UPDATE` locks the library's row; SQLite allows only one writer anyway.
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
    """Advance the clock by one and return the new stamp. Must be called inside a transaction."""
    return advance_by(library_id, 1)[0]


def advance_by(library_id: str, count: int) -> list[Version]:
    """Advance the clock by `count` and return the new stamps in ascending order.

    Must be called inside a transaction.
    """
    row = _ADVANCE.row(count=count, library=library_id)
    if row is None:
        raise NotFoundError("library", library_id)
    epoch, last = row
    return [Version(epoch, changed) for changed in range(last - count + 1, last + 1)]
