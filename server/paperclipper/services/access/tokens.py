"""API tokens, used by programs and extensions to access a library.

A secret contains 32 random bytes, and only its SHA-256 hash is stored. See "Access" in CONTRIBUTING.md for
the scopes.
"""

import hashlib
import logging
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

from paperclipper.errors import StoreError
from paperclipper.model import Scope, Token
from paperclipper.services.access import attempts
from paperclipper.store.access import tokens
from paperclipper.store.database import database, timestamps

_USE_RECORDED_EVERY = timedelta(minutes=10)
_log = logging.getLogger(__name__)


def hash_secret(secret: str) -> str:
    """Return the SHA-256 hash of a secret, as stored."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def create(
    library_id: str, name: str, scopes: Iterable[Scope], origin: str | None = None
) -> tuple[Token, str]:
    """Create an API token. Return the token and its secret, which cannot be retrieved later.

    The secret starts with `pcl_` so that secret scanners can recognise it.
    """
    token = Token(str(uuid4()), library_id, name, frozenset(scopes), origin, timestamps.now())
    secret = f"pcl_{token.id[:8]}_{secrets.token_urlsafe(32)}"
    with database.transaction():
        tokens.add(token, hash_secret(secret))
    return token, secret


def authenticate(secret: str) -> Token | None:
    """Return the token with this secret, or None if it was revoked or does not exist.

    The last use is recorded at most every ten minutes, so that most reads cause no writes. Raise
    TooManyRequestsError after too many attempts with unknown secrets.
    """
    token = tokens.by_secret(hash_secret(secret))
    if token is None and not tokens.has_existed(hash_secret(secret)):
        attempts.record_failure("token")
    if token and (token.last_used_at is None or timestamps.now() - token.last_used_at > _USE_RECORDED_EVERY):
        with incidental_write():
            tokens.set_used(token.id, timestamps.now())
    return token


@contextmanager
def incidental_write() -> Iterator[None]:
    """Run the block in a transaction. A failure is logged but not raised.

    Reads therefore succeed even if the disk is full or the database is locked.
    """
    try:
        with database.transaction():
            yield
    except StoreError as error:
        _log.warning("The last use was not recorded: %s", error)


def list_tokens(library_id: str) -> list[Token]:
    """Return the library's API tokens, newest first."""
    return tokens.of_library(library_id)


def revoke(library_id: str, token_id: str) -> None:
    """Revoke a token, immediately in all workers. Do nothing if it is already revoked or unknown."""
    with database.transaction():
        tokens.revoke(library_id, [token_id])


def is_paired(origin: str) -> bool:
    """Return whether a valid token is bound to this origin. Only paired origins may read responses (CORS)."""
    return tokens.is_paired(origin)
