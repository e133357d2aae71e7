"""The clock of a library: every synchronised row that a transaction changes gets its own stamp.

(library, changed) is unique, so a batch of changes may end at any row. The row lock that `UPDATE` takes makes
commit order equal stamp order on any database; on SQLite the single writer does.
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
    """Advance the clock by one and return the stamp for the caller's row. Call this inside a transaction."""
    return advance_by(library_id, 1)[0]


def advance_by(library_id: str, count: int) -> list[Version]:
    """Advance the clock by `count` and return the stamps for the caller's rows, in order.

    Call this inside a transaction.
    """
    row = _ADVANCE.row(count=count, library=library_id)
    if row is None:
        raise NotFoundError("library", library_id)
    epoch, last = row
    return [Version(epoch, changed) for changed in range(last - count + 1, last + 1)]
