"""Sessions of the personal page, and the sign-in codes that start them."""

import secrets
from datetime import timedelta

from paperclipper.services.access.tokens import hash_secret, incidental_write
from paperclipper.store.access import sessions
from paperclipper.store.database import database, timestamps

CODE_LIFETIME = timedelta(minutes=10)
SESSION_LIFETIME = timedelta(days=90)
_RENEWAL_INTERVAL = timedelta(hours=12)


def create_sign_in_code(library_id: str) -> str:
    """Return a one-time code for signing in to the personal page, valid for CODE_LIFETIME."""
    code = secrets.token_urlsafe(24)
    with database.transaction():
        sessions.add_code(hash_secret(code), library_id, timestamps.now() + CODE_LIFETIME)
    return code


def sign_in(code: str) -> str | None:
    """Consume a sign-in code. Return the secret of a new session, or None if the code is not valid."""
    at = timestamps.now()
    with database.transaction():
        library_id = sessions.take_code(hash_secret(code), at)
        return start(library_id) if library_id else None


def start(library_id: str) -> str:
    """Start a session for an authenticated reader. Return its secret."""
    secret, at = secrets.token_urlsafe(32), timestamps.now()
    with database.transaction():
        sessions.add(hash_secret(secret), library_id, at, at + SESSION_LIFETIME)
    return secret


def library_id_of(secret: str) -> str | None:
    """Return the library id of a valid session, or None. Use extends the session, at most twice a day."""
    at, hashed = timestamps.now(), hash_secret(secret)
    found = sessions.find(hashed, at)
    if found is None:
        return None
    library_id, last_seen = found
    if at - last_seen > _RENEWAL_INTERVAL:
        with incidental_write():
            sessions.renew(hashed, at, at + SESSION_LIFETIME)
    return library_id


def sign_out(secret: str) -> None:
    """End a session."""
    with database.transaction():
        sessions.end(hash_secret(secret))


def sign_out_everywhere(library_id: str) -> None:
    """End all sessions of the library, immediately in all workers. API tokens remain valid."""
    with database.transaction():
        sessions.end_all(library_id)
