"""What changed in a library since a cursor: for clients that keep a copy."""

from paperclipper.errors import GoneError, InvalidInputError
from paperclipper.model import Change, Version
from paperclipper.store.access import libraries
from paperclipper.store.history import changes


def since(library_id: str, cursor: str | None, limit: int) -> tuple[str, list[Change]]:
    """The cursor to go on from, and up to `limit` changes after `cursor` (None: from the beginning).

    Raises GoneError for a cursor of another epoch: the library was restored, start anew.
    """
    stamp = _stamp(library_id, cursor) if cursor else 0
    epoch, found = changes.since(library_id, stamp, limit)
    return str(Version(epoch, found[-1].stamp if found else stamp)), found


def _stamp(library_id: str, cursor: str) -> int:
    epoch, _, number = cursor.rpartition("-")
    if not number.isascii() or not number.isdigit() or len(number) > 18:
        raise InvalidInputError("This is not a cursor: send the `next` of an earlier answer.", "/since")
    if epoch != libraries.get(library_id).epoch:
        raise GoneError(
            "This library was restored from a backup since. Read everything anew, without a cursor."
        )
    return int(number)
