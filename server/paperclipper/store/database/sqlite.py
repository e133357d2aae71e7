"""What is particular to SQLite: its settings and checks, its one write lock, and the files of a database."""

import fcntl
import os
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import peewee
from peewee import SQL, fn

from paperclipper.errors import StoreError
from paperclipper.store.database import sqlite_errors
from paperclipper.store.database.sqlite_errors import translated_errors
from paperclipper.store.database.tables import TABLES, proxy

SEPARATOR = "\x1f"
_BUSY_MS = 10_000
# In order: the wait comes first, so that the switch to WAL waits too. FULL: what is acknowledged survives power loss.
_PRAGMAS = (
    ("busy_timeout", _BUSY_MS),
    ("journal_mode", "wal"),
    ("synchronous", "full"),
    ("foreign_keys", 1),
    ("fullfsync", 1),
    ("trusted_schema", 0),
    ("cell_size_check", 1),
    ("secure_delete", 1),  # what a purge takes away is overwritten
    ("journal_size_limit", 64 * 1024 * 1024),
    ("wal_autocheckpoint", 4000),  # pages, 16 MB: a clip writes some twenty
)
_file: tuple[int, int] | None = None  # device and inode of the database that this process opened


def use_file(path: Path) -> None:
    """Have this process's connections go to `path`. Opens none."""
    global _file
    # IMMEDIATE: a transaction that reads and then writes would else fail at once when another writes in between.
    database = peewee.SqliteDatabase(
        str(path), lock_type="IMMEDIATE", pragmas=_PRAGMAS, timeout=_BUSY_MS / 1000
    )
    proxy.initialize(database)
    _file = None


def remember_file(path: Path) -> None:
    """From now on, refuse to write if another file is at `path`."""
    global _file
    _file = _identity(path)


def _identity(path: Path) -> tuple[int, int]:
    found = os.stat(path)
    return found.st_dev, found.st_ino


def refuse_moved() -> None:
    """What is written to a file that was deleted or moved away would be saved nowhere."""
    if _file is None:
        return
    with suppress(OSError):
        if _identity(Path(proxy.database)) == _file:
            return
    raise sqlite_errors.damaged(
        "The database was deleted, moved or replaced while in use. Nothing was saved. Stop the server"
    )


def refuse_lost(path: Path) -> None:
    """An empty library is never begun in the place of one that was lost."""
    log = path.with_name(f"{path.name}-wal")
    if sqlite_errors.newest_backup(path.parent) or (log.exists() and log.stat().st_size):
        raise sqlite_errors.damaged(f"The database {path} is gone or empty, and was not")


def refuse_damaged() -> None:
    """Raise StoreDamagedError where SQLite's quick check finds something."""
    found = proxy.execute_sql("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        raise sqlite_errors.damaged(f"The database is damaged ({found})")


def applied_migrations(path: Path) -> set[str]:
    """The names of the migrations that a database file has had. Changes nothing."""
    with translated_errors(), closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as file:
        if not file.execute("SELECT 1 FROM sqlite_master WHERE name = 'schema_migration'").fetchone():
            return set()
        return {name for (name,) in file.execute("SELECT name FROM schema_migration")}


def assert_strict() -> None:
    """A rebuild by peewee's migrator drops STRICT without a word."""
    for table in TABLES:
        name = table._meta.table_name
        sql = proxy.execute_sql("SELECT sql FROM sqlite_master WHERE name = ?", (name,)).fetchone()[0]
        if "STRICT" not in sql:
            raise StoreError(f"The migration left the table {name} without STRICT.")


def vacuum() -> None:
    """Rewrite the file without free pages."""
    proxy.execute_sql("VACUUM")


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock on a file beside the database."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise sqlite_errors.unwritable(error) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def write_turn() -> Iterator[None]:
    """Queue with the writers of all workers and commands, before asking SQLite for its one write lock.

    SQLite's own waiters sleep and look again, so under load the lock stands idle while the unlucky starve; the kernel
    wakes the next of those who wait for a file's lock at once. What keeps two writers apart is still SQLite.
    """
    began = time.monotonic()
    with locked(Path(proxy.database).with_suffix(".write-lock")):
        if time.monotonic() - began > _BUSY_MS / 1000:
            raise sqlite_errors.busy()
        refuse_moved()
        yield


@contextmanager
def without_sync() -> Iterator[None]:
    """Commits in the block do not wait for the disk; a power cut may lose them."""
    proxy.execute_sql("PRAGMA synchronous = NORMAL")
    try:
        yield
    finally:
        proxy.execute_sql("PRAGMA synchronous = FULL")


def truncate_log() -> bool:
    """Fold the write-ahead log into the file and empty it; False where a reader or writer stood in the way."""
    busy = proxy.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    return not busy


def sizes() -> tuple[int, int]:
    """Bytes of the database file and of its write-ahead log."""
    files = (Path(proxy.database), Path(proxy.database + "-wal"))
    main, log = (file.stat().st_size if file.exists() else 0 for file in files)
    return main, log


def batched(values: Sequence[Any], size: int = 400) -> Iterator[Sequence[Any]]:
    """The values in so small parts that each fits into one statement, which has 32,766 places at most."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def group_concat(values: Any) -> Any:
    """An aggregate: the values as one text, parted by SEPARATOR, in no order."""
    return fn.GROUP_CONCAT(values, SQL(f"char({ord(SEPARATOR)})"))
