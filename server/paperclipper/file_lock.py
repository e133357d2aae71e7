"""Locks between processes, on files that are never deleted. The kernel releases them when a process ends."""

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
    """Lock the file during the block. Yield whether the lock was acquired before the deadline.

    The deadline is a value of `time.monotonic`; if it has passed, the lock is tried once. The lock also
    excludes other threads of this process.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        yield acquire(descriptor, deadline)
    finally:
        os.close(descriptor)


def acquire(descriptor: int, deadline: float) -> bool:
    """Lock the open file exclusively, waiting until the deadline. Return whether it was locked."""
    while not try_lock(descriptor):
        if time.monotonic() >= deadline:
            return False
        time.sleep(_POLL_SECONDS)
    return True


def wait(descriptor: int) -> None:
    """Lock the open file exclusively, waiting in the kernel's queue for as long as it takes."""
    fcntl.flock(descriptor, fcntl.LOCK_EX)


def try_lock(descriptor: int, *, shared: bool = False) -> bool:
    """Lock the open file without waiting. Return whether it was locked."""
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno not in (errno.EAGAIN, errno.EACCES):
            raise
        return False
    return True
