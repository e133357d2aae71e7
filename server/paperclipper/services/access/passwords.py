"""Passwords of libraries, for signing in where others reach the server.

A password is kept as scrypt's (RFC 7914) result with a salt of its own, under the costs that are written with it.
"""

import hashlib
import hmac
import secrets
import threading

from paperclipper.errors import InvalidInputError
from paperclipper.services.access import attempts, sessions
from paperclipper.store.access import libraries
from paperclipper.store.database import database

MIN_LENGTH, MAX_LENGTH = 10, 200
# OWASP's smallest recommended memory (32 MB) for interactive use: about a tenth of a second.
_N, _R, _P = 2**15, 8, 1
_scrypt_lock = threading.Lock()  # guesses must not take all threads of a worker, nor its memory
_MAX_MEMORY = 64 * 1024 * 1024
# Checked where there is no such library, so that the time of an answer does not tell which names exist.
_DUMMY_HASH = f"{_N}:{_R}:{_P}:{'00' * 16}:{'00' * 32}"


def set_password(library_id: str, password: str | None) -> None:
    """Give a library a password, or with None take it away. All its sessions end.

    Raises InvalidInputError for one that is too short or too long.
    """
    if password is not None and not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        raise InvalidInputError(f"A password is {MIN_LENGTH} to {MAX_LENGTH} characters.", "/password")
    with database.transaction():
        libraries.set_password_hash(library_id, None if password is None else _hash(password))
        sessions.sign_out_everywhere(library_id)


def has_password(library_id: str) -> bool:
    """Whether the library can be entered with a password."""
    return libraries.password_hash(library_id) is not None


def any_password_set() -> bool:
    """Whether any library can be."""
    return libraries.any_password()


def sign_in(name: str, password: str) -> str | None:
    """The secret of a new session, where the library of this name has this password; else None.

    Raises TooManyRequestsError after too many wrong ones; the right one is never refused.
    """
    library = libraries.find(name)
    hashed = libraries.password_hash(library.id) if library else None
    matches = _matches(password, hashed or _DUMMY_HASH)
    if library and hashed and matches:
        return sessions.start(library.id)
    attempts.record_failure("password")
    return None


def _hash(password: str) -> str:
    salt = secrets.token_bytes(16)
    return f"{_N}:{_R}:{_P}:{salt.hex()}:{_scrypt(password, salt, _N, _R, _P).hex()}"


def _matches(password: str, hashed: str) -> bool:
    n, r, p, salt, key = hashed.split(":")
    found = _scrypt(password, bytes.fromhex(salt), int(n), int(r), int(p))
    return hmac.compare_digest(found, bytes.fromhex(key))


def _scrypt(password: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    typed = password.encode("utf-8", "surrogatepass")
    with _scrypt_lock:
        return hashlib.scrypt(typed, salt=salt, n=n, r=r, p=p, maxmem=_MAX_MEMORY, dklen=32)
