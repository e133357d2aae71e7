"""Opening the database, connections, transactions and migrations.

A process uses a single database. Each thread has its own connection, which requests and commands open
with `connection()`.
"""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from playhouse import migrations

from paperclipper.errors import StoreDamagedError
from paperclipper.store.database import copies, sqlite, sqlite_errors
from paperclipper.store.database.sqlite_errors import BACKUPS, translated_errors
from paperclipper.store.database.tables import proxy

MIGRATIONS = Path(__file__).parent / "migrations"
_local = threading.local()
_after_change: Callable[[], None] | None = None


def open_database(path: Path) -> None:
    """Use `path` as this process's database, creating or migrating it under a lock.

    All connections are closed again. Raise StoreDamagedError if the file is damaged, was written by a newer
    version of this program, or is missing although it has backups. Raise StoreError for other failures.
    """
    sqlite.use_file(path)
    with translated_errors(), sqlite.locked(path.with_suffix(".migrate-lock")):
        existed = path.exists() and path.stat().st_size > 0
        if not existed:
            sqlite.refuse_lost(path)
        with connection():
            if existed:
                sqlite.refuse_damaged()
            _migrate()
    os.chmod(path, 0o600)
    sqlite.remember_file(path)


def needs_migration(path: Path) -> bool:
    """Return whether opening the file would migrate it. The file is not changed."""
    return not {migration.stem for migration in MIGRATIONS.glob("*.py")} <= sqlite.applied_migrations(path)


def _migrate() -> None:
    runner = migrations.Runner(proxy.obj, str(MIGRATIONS))
    newer = [m.name for m in runner.status() if m.path is None]
    if newer:
        raise StoreDamagedError(
            f"The database was written by a newer version of Paperclipper (it has {newer[0]}). "
            "Install that version."
        )
    pending = [m.name for m in runner.status() if m.applied is None]
    if pending:
        if runner.applied():
            _backup_before(pending[0])
        else:
            sqlite.refuse_lost(Path(proxy.database))
        runner.up()
        sqlite.assert_strict()
        sqlite.vacuum()  # free pages may still contain data deleted by an older version


def _backup_before(migration: str) -> None:
    """Back up the database before a migration."""
    folder = Path(proxy.database).parent / BACKUPS
    folder.mkdir(exist_ok=True, mode=0o700)
    copies.backup(folder / f"before-{migration}.db")


@contextmanager
def connection() -> Iterator[None]:
    """Open this thread's connection for the duration of the block. Blocks can be nested."""
    with translated_errors():
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
def lasting_connection() -> Iterator[None]:
    """Open this thread's connection and leave it open for the next request.

    Opening a connection takes longer than saving a clip.
    """
    with translated_errors():
        _connect()
        depth = getattr(_local, "depth", 0)
        _local.depth = depth + 1
        try:
            yield
        finally:
            _local.depth = depth
            if sqlite_errors.is_connection_invalid():
                proxy.close()


def _connect() -> None:
    if proxy.is_closed():
        sqlite.refuse_moved()  # SQLite would create an empty file
        proxy.connect()
        if not os.access(proxy.database, os.W_OK):
            sqlite_errors.invalidate_connection()  # SQLite opened the database read-only


@contextmanager
def transaction() -> Iterator[None]:
    """Run the block in a durable write transaction. Blocks can be nested.

    The write lock is acquired at the start of the block.
    """
    with (
        translated_errors(),
        nullcontext() if proxy.in_transaction() else sqlite.write_turn(),
        proxy.atomic(),
    ):
        yield


def call_after_change(hook: Callable[[], None] | None) -> None:
    """Set the hook to call in this process after each committed change. None removes the hook."""
    global _after_change
    _after_change = hook


@contextmanager
def change() -> Iterator[None]:
    """Run the block in a transaction, then call the hook set by `call_after_change`."""
    with transaction():
        yield
    if _after_change:
        _after_change()


@contextmanager
def unsynced_transaction() -> Iterator[None]:
    """Run the block in a write transaction without syncing to disk. It may be lost in a power failure.

    Blocks cannot be nested.
    """
    with translated_errors(), sqlite.write_turn(), sqlite.without_sync(), proxy.atomic():
        yield


@contextmanager
def snapshot() -> Iterator[None]:
    """Run the block in a read transaction: all reads see a consistent snapshot. Takes no write lock."""
    with translated_errors(), proxy.atomic("DEFERRED"):
        yield


def checkpoint() -> bool:
    """Checkpoint and truncate the write-ahead log. Return False if a reader or writer prevented it."""
    with connection():
        return sqlite.truncate_log()
