"""Backups made by this installation: their locations, and whether they still contain purged texts."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from uuid import uuid4

from paperclipper.errors import NotFoundError
from paperclipper.model import Backup
from paperclipper.store.database import timestamps
from paperclipper.store.database.sqlite import batched
from paperclipper.store.database.sqlite_errors import BACKUPS
from paperclipper.store.database.tables import BackupRow, proxy


def record(path: Path) -> None:
    """Record a backup, replacing any earlier record with the same path."""
    made = {"made_at": timestamps.now()}
    insert = BackupRow.insert(id=str(uuid4()), path=str(path.resolve()), **made)
    insert.on_conflict(conflict_target=[BackupRow.path], update=made).execute()


def available() -> list[Backup]:
    """Return the backups whose files still exist, newest first, including automatic backups."""
    _record_automatic()
    query = BackupRow.select().order_by(BackupRow.made_at.desc())
    found = [Backup(row.id, Path(row.path), row.made_at) for row in query]
    return [backup for backup in found if backup.path.is_file()]


def _record_automatic() -> None:
    """Record backups made before migrations, because the table may not have existed at that time."""
    recorded = {row.path for row in BackupRow.select(BackupRow.path)}
    for path in folder().glob("*.db"):
        if str(path.resolve()) not in recorded:
            record(path)


def folder() -> Path:
    """Return the folder of automatic backups."""
    return Path(proxy.database).resolve().parent / BACKUPS


def get(backup_id: str) -> Backup:
    """Return the backup with this id. Raise NotFoundError if its file no longer exists."""
    for backup in available():
        if backup.id == backup_id:
            return backup
    raise NotFoundError("backup", backup_id)


def delete_record(backup_id: str) -> None:
    """Delete the record of a backup whose file no longer exists."""
    BackupRow.delete().where(BackupRow.id == backup_id).execute()


def contains(backup: Backup, paper_ids: Sequence[str], annotation_ids: Sequence[str]) -> bool:
    """Return whether the backup contains the text of any of these papers or annotations.

    Also return True if the backup cannot be read.
    """
    try:
        with closing(sqlite3.connect(f"file:{backup.path}?mode=ro", uri=True)) as copy:
            text = "coalesce(exact, body)"
            return _contains(copy, "paper", "title", paper_ids) or _contains(
                copy, "annotation", text, annotation_ids
            )
    except sqlite3.DatabaseError:
        return True


def _contains(copy: sqlite3.Connection, table: str, column: str, ids: Sequence[str]) -> bool:
    for part in batched(ids):
        placeholders = ", ".join("?" for _ in part)
        text = f"SELECT 1 FROM {table} WHERE {column} <> '' AND id IN ({placeholders}) LIMIT 1"  # noqa: S608
        if copy.execute(text, tuple(part)).fetchone():
            return True
    return False
