"""Backing up the database to a single file, and restoring it.

A backup is made every day, and old backups are deleted according to a retention schedule.
"""

import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from paperclipper import data_folder
from paperclipper.config import Settings
from paperclipper.errors import InvalidInputError, StoreError
from paperclipper.model import Backup
from paperclipper.store import backups
from paperclipper.store.access import libraries, tokens
from paperclipper.store.database import copies, database, timestamps

_DAYS, _WEEKS, _MONTHS = 7, 4, 12
_OVERDUE_AFTER = timedelta(days=2)
_DAILY = re.compile(r"paperclipper-(\d{4}-\d{2}-\d{2})\.db")


@dataclass(frozen=True)
class Restored:
    """The result of a restore. `previous` is the file of the replaced database, or None if there was none."""

    papers: int
    previous: Path | None


def backup(settings: Settings, file: Path) -> int:
    """Back up the database to `file` and return its number of papers. Servers may be running.

    The copy is checked, and replaces an existing file only if it is valid. Raise InvalidInputError if `file`
    is the database itself, StoreError if the copy is damaged, or OSError if it cannot be written.
    """
    if file.resolve() == settings.database.resolve():
        raise InvalidInputError(f"{file} is the database itself. Choose another file.")
    with database.connection():
        papers = copies.backup(file)
        backups.record(file)  # allows a purge to list the backups that still contain purged text
        return papers


def make_daily_backup(today: date) -> Path | None:
    """Make the day's backup unless it exists, and delete expired backups. Return the new file, or None.

    Raise StoreError or OSError if the backup fails. In that case, no backup is deleted.
    """
    folder = backups.folder()
    target = folder / f"paperclipper-{today.isoformat()}.db"
    if target.exists():
        return None
    folder.mkdir(exist_ok=True, mode=0o700)
    copies.backup(target)
    backups.record(target)
    found = _daily(folder)
    # Always keep today's backup. If the clock was set back, it is older than all others.
    keep = days_to_keep(day for day, _ in found) | {today}
    for day, path in found:
        if day not in keep:
            path.unlink(missing_ok=True)
    return target


def days_to_keep(days: Iterable[date]) -> set[date]:
    """Return the days whose backups to keep: the last 7 days, and the last day of 4 weeks and 12 months."""
    newest_first = sorted(set(days), reverse=True)
    weeks: dict[tuple[int, int], date] = {}
    months: dict[tuple[int, int], date] = {}
    for day in newest_first:
        weeks.setdefault(day.isocalendar()[:2], day)
        months.setdefault((day.year, day.month), day)
    return {*newest_first[:_DAYS], *list(weeks.values())[:_WEEKS], *list(months.values())[:_MONTHS]}


def _daily(folder: Path) -> list[tuple[date, Path]]:
    found = ((_DAILY.fullmatch(path.name), path) for path in folder.iterdir())
    return [(date.fromisoformat(match[1]), path) for match, path in found if match]


def list_backups() -> list[Backup]:
    """Return this installation's backups whose files still exist, newest first."""
    return backups.available()


def delete_backup(backup_id: str) -> None:
    """Delete a backup. Raise NotFoundError if it no longer exists, or OSError if it cannot be deleted."""
    backup = backups.get(backup_id)
    backup.path.unlink()
    backups.delete_record(backup_id)


@dataclass(frozen=True)
class BackupStatus:
    """The time of the newest backup, the number of backups in the folder, and whether a backup is overdue.

    A backup is overdue if there is no recent backup.
    """

    newest_at: datetime | None
    count: int
    folder: Path
    is_overdue: bool


def status() -> BackupStatus:
    """Return the status of the backups."""
    found, folder = list_backups(), backups.folder()
    newest_at = found[0].made_at if found else None
    is_overdue = newest_at is None or timestamps.now() - newest_at > _OVERDUE_AFTER
    return BackupStatus(newest_at, sum(copy.path.parent == folder for copy in found), folder, is_overdue)


def restore(settings: Settings, file: Path) -> Restored:
    """Replace the database with a backup, keeping the previous database next to it. `file` is not modified.

    The copy is checked, migrated and given new epochs before it replaces the database. The installation's id
    is preserved so that browsers still recognise it, and so are token revocations.
    Raise DataFolderError if a server is running, StoreError if the backup is damaged or newer than this
    program, OSError if it cannot be read.
    """
    previous = settings.data / f"paperclipper-before-restore-{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}.db"
    with (
        data_folder.lock(settings.data, None),
        TemporaryDirectory(dir=settings.data, prefix="restore-") as folder,
    ):
        installation = _read_installation(settings.database)
        copy = Path(folder) / "copy.db"
        shutil.copyfile(file, copy)
        papers = copies.check_copy(copy)
        _adopt(copy, installation)
        copies.replace_with(copy, settings.database, previous)
    database.open_database(settings.database)
    if not previous.exists():
        return Restored(papers, None)
    with database.connection():
        backups.record(previous)
    return Restored(papers, previous)


@dataclass(frozen=True)
class _Installation:
    """Installation data that a restore must preserve."""

    instance_id: str | None = None
    revoked: dict[str, list[str]] = field(default_factory=dict)


def _read_installation(path: Path) -> _Installation:
    """Read the data from the current database as far as possible, because the database may be damaged."""
    if not path.exists():
        return _Installation()
    try:
        database.open_database(path)
        with database.connection():
            return _Installation(
                libraries.instance_id(), {each.id: _revoked(each.id) for each in libraries.list_all()}
            )
    except StoreError:
        return _Installation()


def _revoked(library_id: str) -> list[str]:
    return [token.id for token in tokens.of_library(library_id) if token.revoked_at]


def _adopt(copy: Path, installation: _Installation) -> None:
    """Make the copy the database of this installation.

    Raise StoreDamagedError if it is newer than this program.
    """
    database.open_database(copy)
    with database.connection(), database.transaction():
        libraries.renew_epochs()
        if installation.instance_id:
            libraries.set_instance_id(installation.instance_id)
        for library_id, ids in installation.revoked.items():
            tokens.revoke(library_id, ids)
    database.checkpoint()  # the write-ahead log is not moved into place with the database file
