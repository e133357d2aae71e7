"""Wrong guesses at a token or a password: counted, and refused past a limit."""

from datetime import timedelta

from paperclipper.errors import TooManyRequestsError
from paperclipper.store.access import attempts
from paperclipper.store.database import database, timestamps

_MAX_FAILURES, _WINDOW = 10, timedelta(minutes=15)


def record_failure(kind: str) -> None:
    """Count one more wrong guess of this kind. Raises TooManyRequestsError from the one too many on.

    Only wrong guesses are refused: nobody is locked out by another's.
    """
    since = timestamps.now() - _WINDOW
    with database.transaction():
        if attempts.count_since(kind, since) < _MAX_FAILURES:
            attempts.add(kind, since)
            return
    wait = int(_WINDOW.total_seconds())
    raise TooManyRequestsError("Too many wrong ones of late. Wait some minutes, then try again.", wait)
