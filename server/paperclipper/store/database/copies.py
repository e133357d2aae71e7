"""Whole copies of the database file: made under other programs' writes, proved sound, put in the file's place."""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from paperclipper.errors import StoreDamagedError
from paperclipper.store.database.sqlite_errors import translated_errors
from paperclipper.store.database.tables import proxy


def backup(target: Path) -> int:
    """Write a sound copy of the live database to `target` and return its number of papers.

    The copy is made by SQLite's online backup under other programs' writes, then opened and checked. Raises
    StoreError if the copy is not sound; an existing target is replaced only by a sound copy.
    """
    partial = target.with_name(target.name + ".partial")
    partial.unlink(missing_ok=True)
    os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        with translated_errors(), closing(sqlite3.connect(partial)) as copy:
            # All pages in one step: between steps another's write would make it begin anew. In WAL mode nobody waits.
            proxy.connection().backup(copy)
        papers = check_copy(partial)
        os.replace(partial, target)
    finally:
        partial.unlink(missing_ok=True)
    fsync_folder(target.parent)
    return papers


def integrity_problem() -> str:
    """What SQLite finds wrong with this process's database, every page and row of it; nothing where it is sound."""
    found = str(proxy.execute_sql("PRAGMA integrity_check(1)").fetchone()[0])
    if found != "ok":
        return found
    return "rows that point nowhere" if proxy.execute_sql("PRAGMA foreign_key_check").fetchone() else ""


def check_copy(path: Path) -> int:
    """The number of papers in a database file, which is proved sound first. Raises StoreDamagedError."""
    with translated_errors(), closing(sqlite3.connect(path)) as copy:
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
    """Best effort: a damaged file is kept as it is."""
    try:
        with closing(sqlite3.connect(path)) as live:
            live.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.DatabaseError:
        return


def fsync_folder(folder: Path) -> None:
    """Have the folder itself on disk when this returns."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
