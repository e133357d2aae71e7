"""A copy of everything in one file, and back. One is made each day by itself, and old ones thin out."""

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
    """What a restore did. `previous` is where the database that it replaced lies now; None where there was none."""

    papers: int
    previous: Path | None


def backup(settings: Settings, file: Path) -> int:
    """Write a sound copy of the process's database to `file` and return its number of papers. Servers may go on.

    An existing file is replaced only by a sound copy. Raises InvalidInputError where it is the database
    itself, StoreError where the copy is not sound, OSError where it cannot be written.
    """
    if file.resolve() == settings.database.resolve():
        raise InvalidInputError(f"{file} is the database itself. Choose another file.")
    with database.connection():
        papers = copies.backup(file)
        backups.record(file)  # a purge asks which copies still hold what it takes away
        return papers


def make_daily_backup(today: date) -> Path | None:
    """Make this day's copy, unless it is there, and delete those that are not kept any longer.

    Raises StoreError, OSError where the copy cannot be made; older ones then stay.
    """
    folder = backups.folder()
    target = folder / f"paperclipper-{today.isoformat()}.db"
    if target.exists():
        return None
    folder.mkdir(exist_ok=True, mode=0o700)
    copies.backup(target)
    backups.record(target)
    found = _daily(folder)
    keep = days_to_keep(day for day, _ in found) | {
        today
    }  # a clock that jumped back makes today older than all others
    for day, path in found:
        if day not in keep:
            path.unlink(missing_ok=True)
    return target


def days_to_keep(days: Iterable[date]) -> set[date]:
    """Of these days those whose copies stay: the last 7, and the last of each of 4 weeks and of 12 months."""
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
    """The copies that were made here and are still in their place, newest first."""
    return backups.available()


def delete_backup(backup_id: str) -> None:
    """Delete a copy that was made here. Raises NotFoundError where it is gone, OSError where it cannot be deleted."""
    backup = backups.get(backup_id)
    backup.path.unlink()
    backups.delete_record(backup_id)


@dataclass(frozen=True)
class BackupStatus:
    """The copies of this database: when the newest was made, and how many those are that are made by themselves, where.

    `is_overdue` says that the daily one was not made of late; that none was made at all, too.
    """

    newest_at: datetime | None
    count: int
    folder: Path
    is_overdue: bool


def status() -> BackupStatus:
    """How the copies stand."""
    found, folder = list_backups(), backups.folder()
    newest_at = found[0].made_at if found else None
    is_overdue = newest_at is None or timestamps.now() - newest_at > _OVERDUE_AFTER
    return BackupStatus(newest_at, sum(copy.path.parent == folder for copy in found), folder, is_overdue)


def restore(settings: Settings, file: Path) -> Restored:
    """Put a backup in the database's place, which is kept beside it; `file` is only read.

    The copy is proved, migrated and given new epochs before it replaces anything. What belongs to this installation
    rather than to the papers stays: its id, so that browsers still know it, and the revocations of tokens. Raises
    DataFolderError while a server runs, StoreError where the backup is not sound or is newer than this program,
    OSError where it cannot be read.
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
    """What a restore must not undo."""

    instance_id: str | None = None
    revoked: dict[str, list[str]] = field(default_factory=dict)


def _read_installation(path: Path) -> _Installation:
    """Of the present database, as far as it can be read: a damaged one is why people restore."""
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
    """Make the copy this installation's own. Raises StoreDamagedError where it is newer than this program."""
    database.open_database(copy)
    with database.connection(), database.transaction():
        libraries.renew_epochs()
        if installation.instance_id:
            libraries.set_instance_id(installation.instance_id)
        for library_id, ids in installation.revoked.items():
            tokens.revoke(library_id, ids)
    database.checkpoint()  # only the file itself is put in place, not its log
