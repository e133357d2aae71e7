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

from paperclipper.errors import StoreError, TooManyError
from paperclipper.model import Library, Scope, Token
from paperclipper.store.access import attempts, libraries, sessions, tokens
from paperclipper.store.database import database, timestamps

CODE_LIFE = timedelta(minutes=10)
SESSION_LIFE = timedelta(days=90)
_MOST_GUESSES, _GUESSING_TIME = 10, timedelta(minutes=15)
_USE_NOTED_EVERY = timedelta(minutes=10)
_SEEN_NOTED_EVERY = timedelta(hours=12)
_log = logging.getLogger(__name__)


def hash_secret(secret: str) -> str:
    """The SHA-256 under which a secret is kept."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def make_token(
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


def token_of(secret: str) -> Token | None:
    """The live token of this secret, or None for one that was revoked, or never was.

    Its use is noted at most every ten minutes, so that reading stays reading. Raises TooManyError where too many
    secrets of late never were one.
    """
    token = tokens.by_secret(hash_secret(secret))
    if token is None and not tokens.is_known(hash_secret(secret)):
        refuse_guesses("token")
    if token and (token.last_used_at is None or timestamps.now() - token.last_used_at > _USE_NOTED_EVERY):
        with _noting():
            tokens.set_used(token.id, timestamps.now())
    return token


@contextmanager
def _noting() -> Iterator[None]:
    """A write beside what was asked for: where the disk is full or the database held, reading goes on without it."""
    try:
        with database.transaction():
            yield
    except StoreError as error:
        _log.warning("A use was not noted: %s", error)


def refuse_guesses(kind: str) -> None:
    """Count one more wrong guess of this kind. Raises TooManyError from the one too many on.

    Only wrong guesses are refused: nobody is locked out by another's.
    """
    since = timestamps.now() - _GUESSING_TIME
    with database.transaction():
        if attempts.count_since(kind, since) < _MOST_GUESSES:
            attempts.add(kind, since)
            return
    wait = int(_GUESSING_TIME.total_seconds())
    raise TooManyError("Too many wrong ones of late. Wait some minutes, then try again.", wait)


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


def make_sign_in_code(library_id: str) -> str:
    """A code that opens one session of the personal page, once, within CODE_LIFE."""
    code = secrets.token_urlsafe(24)
    with database.transaction():
        sessions.add_code(hash_secret(code), library_id, timestamps.now() + CODE_LIFE)
    return code


def sign_in(code: str) -> str | None:
    """The secret of a new session for a live code, which is used up; None for any other."""
    at = timestamps.now()
    with database.transaction():
        library_id = sessions.take_code(hash_secret(code), at)
        return start_session(library_id) if library_id else None


def start_session(library_id: str) -> str:
    """The secret of a new session of a reader who has shown who they are."""
    secret, at = secrets.token_urlsafe(32), timestamps.now()
    with database.transaction():
        sessions.add(hash_secret(secret), library_id, at, at + SESSION_LIFE)
    return secret


def library_of_session(secret: str) -> str | None:
    """The library that a live session opens. Being seen makes it last, noted at most twice a day."""
    at, hashed = timestamps.now(), hash_secret(secret)
    found = sessions.find(hashed, at)
    if found is None:
        return None
    library_id, last_seen = found
    if at - last_seen > _SEEN_NOTED_EVERY:
        with _noting():
            sessions.renew(hashed, at, at + SESSION_LIFE)
    return library_id


def sign_out(secret: str) -> None:
    """End a session."""
    with database.transaction():
        sessions.end(hash_secret(secret))


def sign_out_everywhere(library_id: str) -> None:
    """End all sessions of the library, at once in all workers. Tokens go on."""
    with database.transaction():
        sessions.end_all(library_id)


def instance_id() -> str:
    """The id of this installation."""
    return libraries.instance_id()


def library(library_id: str) -> Library:
    """The library that a token or session opens."""
    return libraries.get(library_id)
