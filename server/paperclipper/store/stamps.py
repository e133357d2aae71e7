"""The clock of a library: every synchronised row that a transaction changes takes a stamp of its own.

(library, changed) is unique, so any batch of changes may end anywhere. The row lock that `UPDATE` takes makes commit
order equal stamp order on any engine; on SQLite the single writer does.
"""

from paperclipper.errors import NotFoundError
from paperclipper.model import Version
from paperclipper.store.tables import LibraryRow


def take(library_id: str) -> Version:
    """Move the clock on by one; the caller's row takes the stamp. Only inside a transaction."""
    updated = LibraryRow.update(clock=LibraryRow.clock + 1).where(LibraryRow.id == library_id)
    rows = list(updated.returning(LibraryRow.epoch, LibraryRow.clock).tuples().execute())
    if not rows:
        raise NotFoundError("library", library_id)
    return Version(epoch=rows[0][0], changed=rows[0][1])
