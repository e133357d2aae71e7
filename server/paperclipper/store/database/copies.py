"""Copying the whole database file while it is in use, verifying copies, and restoring them."""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from paperclipper.errors import StoreDamagedError
from paperclipper.store.database.sqlite_errors import translated_errors
from paperclipper.store.database.tables import proxy


def backup(target: Path) -> int:
    """Write a verified copy of the live database to `target` and return its number of papers.

    SQLite's online backup API copies the database even while other processes write to it. The copy is then
    checked, and replaces an existing target only if it is valid. Raise StoreError if it is not.
    """
    partial = target.with_name(target.name + ".partial")
    partial.unlink(missing_ok=True)
    os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        with translated_errors(), closing(sqlite3.connect(partial)) as copy:
            # Copy all pages in one step, because a write between steps would restart the backup.
            # In WAL mode, this blocks neither readers nor writers.
            proxy.connection().backup(copy)
        papers = check_copy(partial)
        os.replace(partial, target)
    finally:
        partial.unlink(missing_ok=True)
    fsync_folder(target.parent)
    return papers


def integrity_problem() -> str:
    """Return the first problem found by SQLite's full integrity check, or an empty string."""
    found = str(proxy.execute_sql("PRAGMA integrity_check(1)").fetchone()[0])
    if found != "ok":
        return found
    return (
        "rows that refer to missing rows" if proxy.execute_sql("PRAGMA foreign_key_check").fetchone() else ""
    )


def check_copy(path: Path) -> int:
    """Verify a database file and return its number of papers. Raise StoreDamagedError if it is not valid."""
    with translated_errors(), closing(sqlite3.connect(path)) as copy:
        copy.execute("PRAGMA journal_mode = DELETE")
        if copy.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
            raise StoreDamagedError(f"{path} is a damaged database.")
        if copy.execute("PRAGMA foreign_key_check").fetchone():
            raise StoreDamagedError(f"{path} has rows that refer to missing rows.")
        tables = {row[0] for row in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if "paper" not in tables:
            raise StoreDamagedError(f"{path} is not a Paperclipper database.")
        count: int = copy.execute("SELECT count(*) FROM paper").fetchone()[0]
        return count


def replace_with(copy: Path, path: Path, keep: Path) -> None:
    """Replace the database with a verified copy and keep the old file as `keep`. No server may be running."""
    for suffix in ("-wal", "-shm"):
        if path.exists():
            _checkpoint(path)
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    if path.exists():
        os.replace(path, keep)
    partial = path.with_name(path.name + ".partial")
    shutil.copyfile(copy, partial)
    os.chmod(partial, 0o600)
    with open(partial, "rb") as file:
        os.fsync(file.fileno())
    os.replace(partial, path)
    fsync_folder(path.parent)


def _checkpoint(path: Path) -> None:
    """Checkpoint the write-ahead log. If the database is damaged, leave it unchanged."""
    try:
        with closing(sqlite3.connect(path)) as live:
            live.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.DatabaseError:
        return


def fsync_folder(folder: Path) -> None:
    """Flush the folder's directory entries to disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
