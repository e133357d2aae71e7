"""Who may use a library: tokens for programs, sessions for the personal page. Secrets leave here once, as text.

A secret is 32 random bytes; only its SHA-256 is kept. Scopes: CONTRIBUTING.md, "Access".
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
    """The SHA-256 under which a secret is kept."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def create(
    library_id: str, name: str, scopes: Iterable[Scope], origin: str | None = None
) -> tuple[Token, str]:
    """A new token and its secret, which nobody can read again.

    The secret starts with `pcl_`, so that scanners for leaked secrets can know it.
    """
    token = Token(str(uuid4()), library_id, name, frozenset(scopes), origin, timestamps.now())
    secret = f"pcl_{token.id[:8]}_{secrets.token_urlsafe(32)}"
    with database.transaction():
        tokens.add(token, hash_secret(secret))
    return token, secret


def authenticate(secret: str) -> Token | None:
    """The live token of this secret, or None for one that was revoked, or never was.

    Its use is noted at most every ten minutes, so that reading stays reading. Raises TooManyRequestsError where too many
    secrets of late never were one.
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
    """A write beside what was asked for: where the disk is full or the database held, reading goes on without it."""
    try:
        with database.transaction():
            yield
    except StoreError as error:
        _log.warning("A use was not noted: %s", error)


def list_tokens(library_id: str) -> list[Token]:
    """The library's tokens, newest first."""
    return tokens.of_library(library_id)


def revoke(library_id: str, token_id: str) -> None:
    """End a token, at once in all workers; ended or unknown is no error."""
    with database.transaction():
        tokens.revoke(library_id, [token_id])


def is_paired(origin: str) -> bool:
    """Whether a live token is bound to this Origin: only such pages may read answers across origins."""
    return tokens.is_paired(origin)
