"""SQLite-specific code: settings, checks, the single write lock, and the database files."""

import os
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import peewee
from peewee import SQL, fn

from paperclipper import file_lock
from paperclipper.errors import StoreError
from paperclipper.store.database import sqlite_errors
from paperclipper.store.database.sqlite_errors import translated_errors
from paperclipper.store.database.tables import TABLES, proxy

SEPARATOR = "\x1f"
_BUSY_MS = 10_000
# The order matters: the timeout must be set first so that it also applies to the switch to WAL mode.
# synchronous=FULL ensures that committed transactions survive a power failure.
_PRAGMAS = (
    ("busy_timeout", _BUSY_MS),
    ("journal_mode", "wal"),
    ("synchronous", "full"),
    ("foreign_keys", 1),
    ("fullfsync", 1),
    ("trusted_schema", 0),
    ("cell_size_check", 1),
    ("secure_delete", 1),  # overwrite purged data
    ("journal_size_limit", 64 * 1024 * 1024),
    ("wal_autocheckpoint", 4000),  # pages (16 MB); a clip writes about twenty pages
)
_file: tuple[int, int] | None = None  # device and inode of this process's database


def use_file(path: Path) -> None:
    """Set the database file for this process's connections. Does not open a connection."""
    global _file
    # IMMEDIATE: a deferred transaction fails if another process writes between its first read and write.
    database = peewee.SqliteDatabase(
        str(path), lock_type="IMMEDIATE", pragmas=_PRAGMAS, timeout=_BUSY_MS / 1000
    )
    proxy.initialize(database)
    _file = None


def remember_file(path: Path) -> None:
    """Remember the identity of the file at `path`, to refuse writes if it is later replaced."""
    global _file
    _file = _identity(path)


def _identity(path: Path) -> tuple[int, int]:
    found = os.stat(path)
    return found.st_dev, found.st_ino


def refuse_moved() -> None:
    """Raise StoreDamagedError if the file was deleted or moved, because writes to it would be lost."""
    if _file is None:
        return
    with suppress(OSError):
        if _identity(Path(proxy.database)) == _file:
            return
    raise sqlite_errors.damaged(
        "The database was deleted, moved or replaced while in use. Nothing was saved. Stop the server"
    )


def refuse_lost(path: Path) -> None:
    """Raise StoreDamagedError if a database existed but is missing, to avoid creating an empty one."""
    log = path.with_name(f"{path.name}-wal")
    if sqlite_errors.newest_backup(path.parent) or (log.exists() and log.stat().st_size):
        raise sqlite_errors.damaged(f"The database {path} is missing or empty, but was used before")


def refuse_damaged() -> None:
    """Raise StoreDamagedError if SQLite's quick check fails."""
    found = proxy.execute_sql("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        raise sqlite_errors.damaged(f"The database is damaged ({found})")


def applied_migrations(path: Path) -> set[str]:
    """Return the names of the migrations applied to a database file, without changing it."""
    with translated_errors(), closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as file:
        if not file.execute("SELECT 1 FROM sqlite_master WHERE name = 'schema_migration'").fetchone():
            return set()
        return {name for (name,) in file.execute("SELECT name FROM schema_migration")}


def assert_strict() -> None:
    """Raise StoreError if a table is not STRICT. peewee's migrator drops STRICT when it rebuilds a table."""
    for table in TABLES:
        name = table._meta.table_name
        sql = proxy.execute_sql("SELECT sql FROM sqlite_master WHERE name = ?", (name,)).fetchone()[0]
        if "STRICT" not in sql:
            raise StoreError(f"After the migration, the table {name} is not STRICT.")


def vacuum() -> None:
    """Rewrite the file without free pages."""
    proxy.execute_sql("VACUUM")


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock on a file next to the database for the duration of the block."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise sqlite_errors.unwritable(error) from error
    try:
        file_lock.wait(descriptor)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def write_turn() -> Iterator[None]:
    """Wait for a file lock shared by all writer processes before acquiring SQLite's single write lock.

    SQLite waits for its lock by polling, so under load the lock is often idle and some writers starve. For a
    file lock, the kernel wakes the next waiter immediately. SQLite still guarantees a single writer.
    """
    began = time.monotonic()
    with locked(Path(proxy.database).with_suffix(".write-lock")):
        if time.monotonic() - began > _BUSY_MS / 1000:
            raise sqlite_errors.busy()
        refuse_moved()
        yield


@contextmanager
def without_sync() -> Iterator[None]:
    """Do not sync commits in the block to disk. They may be lost in a power failure."""
    proxy.execute_sql("PRAGMA synchronous = NORMAL")
    try:
        yield
    finally:
        proxy.execute_sql("PRAGMA synchronous = FULL")


def truncate_log() -> bool:
    """Checkpoint and truncate the write-ahead log. Return False if a reader or writer prevented it."""
    busy = proxy.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    return not busy


def sizes() -> tuple[int, int]:
    """Return the sizes in bytes of the database file and of its write-ahead log."""
    files = (Path(proxy.database), Path(proxy.database + "-wal"))
    main, log = (file.stat().st_size if file.exists() else 0 for file in files)
    return main, log


def batched(values: Sequence[Any], size: int = 400) -> Iterator[Sequence[Any]]:
    """Split values into batches small enough for one statement (SQLite's limit is 32,766 parameters)."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def group_concat(values: Any) -> Any:
    """Return an aggregate that joins the values with SEPARATOR, in no particular order."""
    return fn.GROUP_CONCAT(values, SQL(f"char({ord(SEPARATOR)})"))
