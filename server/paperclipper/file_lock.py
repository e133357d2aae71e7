"""Interprocess locks on files that are never deleted. The kernel releases a lock when its process exits."""

import errno
import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_POLL_SECONDS = 0.01


@contextmanager
def locked(path: Path, deadline: float) -> Iterator[bool]:
    """Lock the file for the duration of the block. Yield whether the lock was acquired.

    `deadline` is a value of `time.monotonic`. If it has passed, the lock is tried once. The lock also
    excludes other threads of this process.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        yield acquire(descriptor, deadline)
    finally:
        os.close(descriptor)


def acquire(descriptor: int, deadline: float) -> bool:
    """Acquire an exclusive lock, waiting until the deadline. Return whether it was acquired."""
    while not try_lock(descriptor):
        if time.monotonic() >= deadline:
            return False
        time.sleep(_POLL_SECONDS)
    return True


def wait(descriptor: int) -> None:
    """Acquire an exclusive lock, waiting in the kernel's queue without a deadline."""
    fcntl.flock(descriptor, fcntl.LOCK_EX)


def try_lock(descriptor: int, *, shared: bool = False) -> bool:
    """Try to acquire a lock without waiting. Return whether it was acquired."""
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno not in (errno.EAGAIN, errno.EACCES):
            raise
        return False
    return True
