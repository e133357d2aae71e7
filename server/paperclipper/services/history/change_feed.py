"""The changes in a library since a cursor, for clients that maintain a copy."""

from paperclipper.errors import GoneError, InvalidInputError
from paperclipper.model import Change, Version
from paperclipper.store.access import libraries
from paperclipper.store.history import changes


def since(library_id: str, cursor: str | None, limit: int) -> tuple[str, list[Change]]:
    """Return the next cursor, and up to `limit` changes after `cursor`, or from the start if it is None.

    Raise GoneError for a cursor from another epoch: the library was restored, so the client must start over.
    """
    stamp = _stamp(library_id, cursor) if cursor else 0
    epoch, found = changes.since(library_id, stamp, limit)
    return str(Version(epoch, found[-1].stamp if found else stamp)), found


def _stamp(library_id: str, cursor: str) -> int:
    epoch, _, number = cursor.rpartition("-")
    if not number.isascii() or not number.isdigit() or len(number) > 18:
        raise InvalidInputError("This is not a cursor. Send the `next` of an earlier response.", "/since")
    if epoch != libraries.get(library_id).epoch:
        raise GoneError("This library was restored from a backup. Start again without a cursor.")
    return int(number)
