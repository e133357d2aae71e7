"""The database file: opening, connections, transactions, migrations. With copies.py the only place for SQLite's ways.

One process serves one database. Every connection is a thread's own; requests and commands take one by `connection()`.
"""

import fcntl
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any

import peewee
from peewee import SQL, fn
from playhouse import migrations

from paperclipper.errors import StoreDamagedError, StoreError
from paperclipper.store.database import copies, sqlite_errors
from paperclipper.store.database.sqlite_errors import BACKUPS, translated
from paperclipper.store.database.tables import TABLES, proxy

MIGRATIONS = Path(__file__).parent / "migrations"
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
_local = threading.local()
_file: tuple[int, int] | None = None  # device and inode of the database that this process opened
_after_change: Callable[[], None] | None = None


def open_database(path: Path) -> None:
    """Make `path` this process's database, creating or migrating it under a lock. Opens no lasting connection.

    Raises StoreDamagedError for a file that is not sound, is newer than this program, or is gone from where its backups
    are; StoreError for others.
    """
    global _file
    # IMMEDIATE: a transaction that reads and then writes would else fail at once when another writes in between.
    database = peewee.SqliteDatabase(
        str(path), lock_type="IMMEDIATE", pragmas=_PRAGMAS, timeout=_BUSY_MS / 1000
    )
    proxy.initialize(database)
    _file = None
    with translated(), _locked(path.with_suffix(".migrate-lock")):
        existed = path.exists() and path.stat().st_size > 0
        if not existed:
            _refuse_lost(path)
        with connection():
            if existed:
                _refuse_damaged()
            _migrate()
    os.chmod(path, 0o600)
    _file = _identity(path)


def _identity(path: Path) -> tuple[int, int]:
    found = os.stat(path)
    return found.st_dev, found.st_ino


def _refuse_lost(path: Path) -> None:
    """An empty library is never begun in the place of one that was lost."""
    log = path.with_name(f"{path.name}-wal")
    if sqlite_errors.newest_copy(path.parent) or (log.exists() and log.stat().st_size):
        raise sqlite_errors.damaged(f"The database {path} is gone or empty, and was not")


def is_behind(path: Path) -> bool:
    """Whether an older program made the file, so that opening it would change its form. Changes nothing itself."""
    with translated(), closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as file:
        made_by_us = file.execute("SELECT 1 FROM sqlite_master WHERE name = 'schema_migration'").fetchone()
        done = (
            {name for (name,) in file.execute("SELECT name FROM schema_migration")} if made_by_us else set()
        )
    return not {migration.stem for migration in MIGRATIONS.glob("*.py")} <= done


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise sqlite_errors.unwritable(error) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _refuse_damaged() -> None:
    found = proxy.execute_sql("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        raise sqlite_errors.damaged(f"The database is damaged ({found})")


def _migrate() -> None:
    runner = migrations.Runner(proxy.obj, str(MIGRATIONS))
    newer = [m.name for m in runner.status() if m.path is None]
    if newer:
        raise StoreDamagedError(
            f"The database was written by a newer version of Paperclipper (it has {newer[0]}). Install that version."
        )
    pending = [m.name for m in runner.status() if m.applied is None]
    if pending:
        if runner.applied():
            _copy_before(pending[0])
        else:
            _refuse_lost(Path(proxy.database))
        runner.up()
        _assert_strict()
        proxy.execute_sql("VACUUM")  # what an older program deleted may still lie in free pages


def _copy_before(migration: str) -> None:
    """Whatever a migration does, what was before it is kept."""
    folder = Path(proxy.database).parent / BACKUPS
    folder.mkdir(exist_ok=True, mode=0o700)
    copies.backup(folder / f"before-{migration}.db")


def _assert_strict() -> None:
    """A rebuild by peewee's migrator drops STRICT without a word."""
    for table in TABLES:
        name = table._meta.table_name
        sql = proxy.execute_sql("SELECT sql FROM sqlite_master WHERE name = ?", (name,)).fetchone()[0]
        if "STRICT" not in sql:
            raise StoreError(f"The migration left the table {name} without STRICT.")


@contextmanager
def connection() -> Iterator[None]:
    """This thread's connection for the time of the block; nests."""
    with translated():
        depth = getattr(_local, "depth", 0)
        if not depth:
            _connect()
        _local.depth = depth + 1
        try:
            yield
        finally:
            _local.depth = depth
            if not depth:
                proxy.close()


@contextmanager
def kept_connection() -> Iterator[None]:
    """This thread's connection, which stays open for the thread's next request: opening one costs more than a clip."""
    with translated():
        _connect()
        depth = getattr(_local, "depth", 0)
        _local.depth = depth + 1
        try:
            yield
        finally:
            _local.depth = depth
            if sqlite_errors.is_doubted():
                proxy.close()


def _connect() -> None:
    if proxy.is_closed():
        _refuse_moved()  # SQLite would begin an empty file
        proxy.connect()
        if not os.access(proxy.database, os.W_OK):
            sqlite_errors.doubt()  # SQLite has opened it for reading


def _refuse_moved() -> None:
    """What is written to a file that was deleted or moved away would be saved nowhere."""
    if _file is None:
        return
    with suppress(OSError):
        if _identity(Path(proxy.database)) == _file:
            return
    raise sqlite_errors.damaged(
        "The database was deleted, moved or replaced while in use. Nothing was saved. Stop the server"
    )


@contextmanager
def transaction() -> Iterator[None]:
    """A write transaction, on disk when the block has ended; nests. Takes the write lock at once."""
    with translated(), nullcontext() if proxy.in_transaction() else _write_turn(), proxy.atomic():
        yield


def call_after_change(hook: Callable[[], None] | None) -> None:
    """Have `hook` called in this process after every change, once it is on disk; None for no hook."""
    global _after_change
    _after_change = hook


@contextmanager
def change() -> Iterator[None]:
    """A transaction whose end is reported to the hook of `call_after_change`."""
    with transaction():
        yield
    if _after_change:
        _after_change()


@contextmanager
def fleeting_transaction() -> Iterator[None]:
    """A write transaction that a power cut may lose; it spares the wait for the disk. Does not nest."""
    with translated(), _write_turn():
        proxy.execute_sql("PRAGMA synchronous = NORMAL")
        try:
            with proxy.atomic():
                yield
        finally:
            proxy.execute_sql("PRAGMA synchronous = FULL")


@contextmanager
def _write_turn() -> Iterator[None]:
    """Queue with the writers of all workers and commands, before asking SQLite for its one write lock.

    SQLite's own waiters sleep and look again, so under load the lock stands idle while the unlucky starve; the kernel
    wakes the next of those who wait for a file's lock at once. What keeps two writers apart is still SQLite.
    """
    began = time.monotonic()
    with _locked(Path(proxy.database).with_suffix(".write-lock")):
        if time.monotonic() - began > _BUSY_MS / 1000:
            raise sqlite_errors.busy()
        _refuse_moved()
        yield


@contextmanager
def snapshot() -> Iterator[None]:
    """A read transaction: all reads in the block see one state. Never takes the write lock."""
    with translated(), proxy.atomic("DEFERRED"):
        yield


def in_parts(values: Sequence[Any], size: int = 400) -> Iterator[Sequence[Any]]:
    """The values in so small parts that each fits into one statement, which has 32,766 places at most."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def joined(values: Any) -> Any:
    """An aggregate: the values as one text, parted by SEPARATOR, in no order."""
    return fn.GROUP_CONCAT(values, SQL(f"char({ord(SEPARATOR)})"))


def checkpoint() -> bool:
    """Fold the write-ahead log into the file and empty it; False where a reader or writer stood in the way."""
    with connection():
        busy = proxy.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        return not busy


def sizes() -> tuple[int, int]:
    """Bytes of the database file and of its write-ahead log."""
    files = (Path(proxy.database), Path(proxy.database + "-wal"))
    main, log = (file.stat().st_size if file.exists() else 0 for file in files)
    return main, log
