"""The database file: opening, connections, transactions, migrations, backup. The only place for SQLite's own ways.

One process serves one database. Every connection is a thread's own; requests and commands take one by `connection()`.
"""

import fcntl
import os
import shutil
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path
from typing import Any

import peewee
from peewee import SQL, fn
from playhouse import migrations

from paperclipper.errors import StoreBusyError, StoreDamagedError, StoreError, StoreFullError
from paperclipper.store.tables import TABLES, proxy

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


def open_database(path: Path) -> None:
    """Make `path` this process's database, creating or migrating it under a lock. Opens no lasting connection.

    Raises StoreDamagedError for a file that is not sound or is newer than this program, StoreError for others.
    """
    existed = path.exists()
    # IMMEDIATE: a transaction that reads and then writes would else fail at once when another writes in between.
    database = peewee.SqliteDatabase(str(path), lock_type="IMMEDIATE", pragmas=_PRAGMAS, timeout=_BUSY_MS / 1000)
    proxy.initialize(database)
    with _errors(), _locked(path.with_suffix(".migrate-lock")), connection():
        if existed:
            _refuse_damaged()
        _migrate()
    os.chmod(path, 0o600)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _refuse_damaged() -> None:
    found = proxy.execute_sql("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        raise StoreDamagedError(f"The database is damaged ({found}). Restore a backup: paperclipper restore FILE.")


def _migrate() -> None:
    runner = migrations.Runner(proxy.obj, str(MIGRATIONS))
    newer = [m.name for m in runner.status() if m.path is None]
    if newer:
        raise StoreDamagedError(
            f"The database was written by a newer version of Paperclipper (it has {newer[0]}). Install that version."
        )
    if any(m.applied is None for m in runner.status()):
        runner.up()
        _assert_strict()
        proxy.execute_sql("VACUUM")  # what an older program deleted may still lie in free pages


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
    with _errors():
        depth = getattr(_local, "depth", 0)
        if not depth:
            proxy.connect(reuse_if_open=True)
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
    with _errors():
        proxy.connect(reuse_if_open=True)
        depth = getattr(_local, "depth", 0)
        _local.depth = depth + 1
        try:
            yield
        finally:
            _local.depth = depth


@contextmanager
def transaction() -> Iterator[None]:
    """A write transaction, on disk when the block has ended; nests. Takes the write lock at once."""
    with _errors(), nullcontext() if proxy.in_transaction() else _write_turn(), proxy.atomic():
        yield


@contextmanager
def _write_turn() -> Iterator[None]:
    """Queue with the writers of all workers and commands, before asking SQLite for its one write lock.

    SQLite's own waiters sleep and look again, so under load the lock stands idle while the unlucky starve; the kernel
    wakes the next of those who wait for a file's lock at once. What keeps two writers apart is still SQLite.
    """
    began = time.monotonic()
    with _locked(Path(proxy.database).with_suffix(".write-lock")):
        if time.monotonic() - began > _BUSY_MS / 1000:
            raise _busy()
        yield


@contextmanager
def snapshot() -> Iterator[None]:
    """A read transaction: all reads in the block see one state. Never takes the write lock."""
    with _errors(), proxy.atomic("DEFERRED"):
        yield


def in_parts(values: Sequence[Any], size: int = 400) -> Iterator[Sequence[Any]]:
    """The values in so small parts that each fits into one statement, which has 32,766 places at most."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def joined(values: Any) -> Any:
    """An aggregate: the values as one text, parted by SEPARATOR, in no order."""
    return fn.GROUP_CONCAT(values, SQL(f"char({ord(SEPARATOR)})"))


@contextmanager
def _errors() -> Iterator[None]:
    try:
        yield
    except (peewee.OperationalError, peewee.DatabaseError, sqlite3.OperationalError, sqlite3.DatabaseError) as error:
        if isinstance(error, peewee.IntegrityError | peewee.ProgrammingError):
            raise
        raise _translate(str(_cause(error))) from error


def _cause(error: Exception) -> BaseException:
    """SQLite itself rolls back when the disk is full, so that our own rollback fails after it."""
    cause = error.__context__ if "no transaction is active" in str(error) else None
    while isinstance(cause, peewee.DatabaseError | sqlite3.DatabaseError) and "no transaction is active" in str(cause):
        cause = cause.__context__
    return cause or error


def _busy() -> StoreBusyError:
    return StoreBusyError("Another program holds the database. Nothing was written; try again.")


def _translate(message: str) -> StoreError:
    if "locked" in message or "busy" in message:
        return _busy()
    if "full" in message or "disk I/O" in message:
        return StoreFullError("The disk is full or cannot be written. Nothing was written; make room and try again.")
    if "readonly" in message or "unable to open" in message:
        return StoreFullError("The data folder cannot be written. Check its permissions, then try again.")
    if "malformed" in message or "not a database" in message:
        return StoreDamagedError("The database is damaged. Restore a backup: paperclipper restore FILE.")
    return StoreError(f"The database answered: {message}.")


def backup(target: Path) -> int:
    """Write a sound copy of the live database to `target` and return its number of papers.

    The copy is made by SQLite's online backup under other programs' writes, then opened and checked. Raises
    StoreError if the copy is not sound; an existing target is replaced only by a sound copy.
    """
    partial = target.with_name(target.name + ".partial")
    partial.unlink(missing_ok=True)
    os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    with _errors(), closing(sqlite3.connect(partial)) as copy:
        # All pages in one step: between steps another's write would make it begin anew. In WAL mode nobody waits.
        proxy.connection().backup(copy)
    papers = check_copy(partial)
    os.replace(partial, target)
    _sync_folder(target.parent)
    return papers


def check_copy(path: Path) -> int:
    """The number of papers in a database file, which is proved sound first. Raises StoreDamagedError."""
    with _errors(), closing(sqlite3.connect(path)) as copy:
        copy.execute("PRAGMA journal_mode = DELETE")
        if copy.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
            raise StoreDamagedError(f"{path} is not a sound database.")
        if copy.execute("PRAGMA foreign_key_check").fetchone():
            raise StoreDamagedError(f"{path} has rows that point nowhere.")
        tables = {row[0] for row in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if "paper" not in tables:
            raise StoreDamagedError(f"{path} is not a Paperclipper database.")
        count: int = copy.execute("SELECT count(*) FROM paper").fetchone()[0]
        return count


def replace_with(copy: Path, path: Path, keep: Path) -> None:
    """Put a checked copy in the database's place; what it replaces is kept as `keep`. No server may run."""
    for suffix in ("-wal", "-shm"):
        if path.exists():
            _fold_wal(path)
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    if path.exists():
        os.replace(path, keep)
    partial = path.with_name(path.name + ".partial")
    shutil.copyfile(copy, partial)
    os.chmod(partial, 0o600)
    with open(partial, "rb") as file:
        os.fsync(file.fileno())
    os.replace(partial, path)
    _sync_folder(path.parent)


def _fold_wal(path: Path) -> None:
    """Best effort: a damaged file is kept as it is."""
    try:
        with closing(sqlite3.connect(path)) as live:
            live.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.DatabaseError:
        return


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


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
