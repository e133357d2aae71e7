"""Passwords of libraries, for signing in from other machines.

A password is stored as its scrypt hash (RFC 7914) with a random salt and the cost parameters.
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
# The minimum memory cost (32 MB) recommended by OWASP for interactive use. Takes about 0.1 seconds.
_N, _R, _P = 2**15, 8, 1
_scrypt_lock = threading.Lock()  # prevents password guessing from exhausting a worker's threads and memory
_MAX_MEMORY = 64 * 1024 * 1024
# Verified if the library does not exist, so that response times do not reveal which names exist.
_DUMMY_HASH = f"{_N}:{_R}:{_P}:{'00' * 16}:{'00' * 32}"


def set_password(library_id: str, password: str | None) -> None:
    """Set a library's password, or remove it if `password` is None.

    This ends all sessions and invalidates all sign-in links of the library. Raise InvalidInputError if the
    password is too short or too long.
    """
    if password is not None and not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        raise InvalidInputError(f"A password must have {MIN_LENGTH} to {MAX_LENGTH} characters.", "/password")
    with database.transaction():
        libraries.set_password_hash(library_id, None if password is None else _hash(password))
        sessions.sign_out_everywhere(library_id)


def has_password(library_id: str) -> bool:
    """Return whether the library has a password."""
    return libraries.password_hash(library_id) is not None


def any_password_set() -> bool:
    """Return whether any library has a password."""
    return libraries.any_password()


def sign_in(name: str, password: str) -> str | None:
    """Return the secret of a new session, or None if the name or the password is wrong.

    Raise TooManyRequestsError after too many failures. The correct password is always accepted.
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
