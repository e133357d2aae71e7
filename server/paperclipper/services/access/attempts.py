"""Rate limiting of failed authentication attempts."""

from datetime import timedelta

from paperclipper.errors import TooManyRequestsError
from paperclipper.store.access import attempts
from paperclipper.store.database import database, timestamps

_MAX_FAILURES, _WINDOW = 10, timedelta(minutes=15)


def record_failure(kind: str) -> None:
    """Record a failed attempt of this kind. Raise TooManyRequestsError if there were too many recently.

    Only failed attempts are rejected, so that an attacker cannot lock out a legitimate user.
    """
    since = timestamps.now() - _WINDOW
    with database.transaction():
        if attempts.count_since(kind, since) < _MAX_FAILURES:
            attempts.add(kind, since)
            return
    wait = int(_WINDOW.total_seconds())
    raise TooManyRequestsError("Too many failed attempts. Wait a few minutes, then try again.", wait)
