"""Checks of the installation. Each result describes a finding and how to fix it.

Checks never raise and never change anything.
"""

import os
import shlex
import shutil
import socket
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from paperclipper import __version__, data_folder
from paperclipper.config import HOST, Settings
from paperclipper.errors import IndexUnavailableError, PaperclipperError, StoreDamagedError
from paperclipper.services.access import tokens
from paperclipper.services.search import indexing
from paperclipper.services.system import extension_folder, hello
from paperclipper.services.transfer import backups
from paperclipper.store.access import libraries
from paperclipper.store.database import copies, database, sqlite_errors, timestamps
from paperclipper.store.papers import papers

_LOW_SPACE = 500 * 1024 * 1024
_SYNC_PROGRAMS = (
    "Dropbox",
    "OneDrive",
    "Google Drive",
    "GoogleDrive",
    "iCloud",
    "Mobile Documents",
    "Nextcloud",
    "Syncthing",
)
_SYNC_MARKERS = {".stfolder": "Syncthing", ".dropbox": "Dropbox", ".nextcloudsync.log": "Nextcloud"}
_NETWORK_FILE_SYSTEMS = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "9p", "afs"})


class Status(StrEnum):
    """The outcome of a check."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True)
class CheckResult:
    """The result of a check. `fix` explains how to fix the problem, unless the status is OK."""

    name: str
    status: Status
    detail: str
    fix: str = ""


@dataclass(frozen=True)
class _Outcome:
    status: Status
    detail: str
    fix: str = ""


Check = Callable[[Settings], _Outcome]


def _ok(detail: str) -> _Outcome:
    return _Outcome(Status.OK, detail)


def _warning(detail: str, fix: str) -> _Outcome:
    return _Outcome(Status.WARNING, detail, fix)


def _error(detail: str, fix: str) -> _Outcome:
    return _Outcome(Status.ERROR, detail, fix)


def run_checks(settings: Settings) -> Iterator[CheckResult]:
    """Run the checks, in the order to fix problems in. Some run only if the database can be opened."""
    for name, check in _CHECKS:
        yield _run(name, check, settings)
    database_result = _run("Database", _database, settings)
    yield database_result
    if database_result.status is Status.OK:
        indexing.use_folder(settings.data)
        with database.connection():
            for name, check in _CHECKS_WITH_DATABASE:
                yield _run(name, check, settings)


def _run(name: str, check: Check, settings: Settings) -> CheckResult:
    try:
        outcome = check(settings)
    except (PaperclipperError, OSError) as error:
        outcome = _error(str(error), "Fix this, then run the command again.")
    return CheckResult(name, outcome.status, outcome.detail, outcome.fix)


def _folder(settings: Settings) -> _Outcome:
    data = settings.data
    if not os.access(data, os.R_OK | os.W_OK | os.X_OK):
        return _error(f"{data} cannot be read and written.", "Change its owner back to yourself: chown.")
    foreign = [path.name for path in (data, *data.iterdir()) if path.lstat().st_uid != os.getuid()]
    if foreign:
        fix = f"sudo chown -R {os.getuid()} {shlex.quote(str(data))}, and never start Paperclipper with sudo."
        return _error(f"{', '.join(sorted(foreign)[:3])} belongs to another user.", fix)
    shared = [path.name for path in (data, settings.database) if path.exists() and _is_open_to_others(path)]
    if shared:
        fix = f"chmod -R go-rwx {shlex.quote(str(data))}"
        return _warning(f"Other users of this machine can read {' and '.join(shared)}.", fix)
    return _ok(f"{data}, accessible only to you.")


def _is_open_to_others(path: Path) -> bool:
    return bool(stat.S_IMODE(path.stat().st_mode) & 0o077)


def _location(settings: Settings) -> _Outcome:
    """Check the disk: SQLite's write-ahead log needs a local disk; file synchronisation corrupts it."""
    fix = "Stop the server, move the folder to a local disk, and pass its new path with --data."
    program = _sync_program(settings.data.resolve())
    if program:
        return _error(
            f"The data folder is synchronised by {program}, which copies files while they change.", fix
        )
    file_system = _file_system(settings.data)
    if file_system in _NETWORK_FILE_SYSTEMS:
        return _error(f"The data folder is on a network file system ({file_system}).", fix)
    return _ok("On a local disk; no synchronisation program detected.")


def _sync_program(folder: Path) -> str | None:
    """Return the program that appears to synchronise the folder, based on folder names and marker files."""
    for program in _SYNC_PROGRAMS:
        if any(program in part for part in folder.parts):
            return program
    for marker, program in _SYNC_MARKERS.items():
        if any((parent / marker).exists() for parent in (folder, *folder.parents)):
            return program
    return None


def _file_system(folder: Path) -> str:
    """Return the file system type of the folder's mount point, or an empty string if unknown."""
    try:
        mounts = [line.split() for line in Path("/proc/mounts").read_text().splitlines()]
    except OSError:
        return ""
    containing = [(point, kind) for _, point, kind, *_ in mounts if folder.resolve().is_relative_to(point)]
    return max(containing, key=lambda mount: len(mount[0]), default=("", ""))[1]


def _disk(settings: Settings) -> _Outcome:
    free = shutil.disk_usage(settings.data).free
    detail, fix = f"{free / 1e9:.1f} GB free.", "Free some space on this disk."
    if free < _LOW_SPACE // 10:
        return _error(detail, fix)
    if free < _LOW_SPACE:
        return _warning(detail, fix)
    return _ok(detail)


def _server(settings: Settings) -> _Outcome:
    holder = data_folder.lock_holder(settings.data)
    if holder is None or holder.port is None:
        return _no_server(settings.port)
    if hello.fetch(holder.port) is None:
        fix = "Look at its log (paperclipper service status), stop that process, and start the server again."
        return _error(f"It has locked the data folder ({holder}), but does not respond.", fix)
    return _ok(f"Running, {holder}.")


def _no_server(port: int) -> _Outcome:
    if _is_in_use(port):
        detail = f"Not running, and port {port} is in use by another program."
        return _warning(detail, "Choose another port: paperclipper serve --port PORT")
    return _warning("Not running.", "paperclipper serve, or paperclipper service install")


def _is_in_use(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) == 0


def _versions(settings: Settings) -> _Outcome:
    holder = data_folder.lock_holder(settings.data)
    server = hello.fetch(holder.port) if holder and holder.port else None
    if server is None:
        return _ok(f"Paperclipper {__version__}.")
    if server.version != __version__:
        fix = "Restart the server with the same options: paperclipper service install, or serve."
        return _warning(
            f"The running server is version {server.version}, but {__version__} is installed.", fix
        )
    return _ok(f"Paperclipper {__version__}; the running server is the same version.")


def _extension(settings: Settings) -> _Outcome:
    wanted, folder = extension_folder.version(), extension_folder.installed_folder(settings)
    if folder is None:
        return _ok(f"Version {wanted} is compatible with this server.")
    installed = extension_folder.installed_version(folder)
    if installed != wanted:
        found = f"{folder} contains version {installed}" if installed else f"It is no longer in {folder}"
        fix = f"paperclipper extension {shlex.quote(str(folder))}, then press Reload in its popup."
        return _warning(f"{found}; this server needs {wanted}.", fix)
    return _ok(f"Version {wanted} is installed in {folder} and compatible with this server.")


def _database(settings: Settings) -> _Outcome:
    restore = f"Stop the server, then run: {sqlite_errors.restore_command(settings.data)}"
    if not settings.database.exists():
        if sqlite_errors.newest_backup(settings.data):
            return _error("The database file is missing, but there are backups.", restore)
        return _warning("There is no database yet.", "paperclipper serve creates it.")
    try:
        if database.needs_migration(settings.database):
            fix = "Restart the server: it makes a backup, then migrates the database."
            return _warning("Created by an older version of Paperclipper.", fix)
        database.open_database(settings.database)
        with database.connection():
            fault = copies.integrity_problem()
            count = sum(papers.count(library.id) for library in libraries.list_all())
    except StoreDamagedError as error:
        return _error(str(error), restore)
    return _error(fault, restore) if fault else _ok(f"No damage found; {count:,} papers.")


def _clock(settings: Settings) -> _Outcome:
    newest = papers.newest_change()
    if newest and newest > timestamps.now() + timedelta(minutes=5):
        return _warning(
            f"The last change is dated {newest:%d %b %Y %H:%M}, in the future: the clock was set back.",
            "Set the clock of this machine. Nothing is lost: the order of changes does not depend on it.",
        )
    return _ok("Not behind the last change.")


def _index(settings: Settings) -> _Outcome:
    library_ids = [library.id for library in libraries.list_all()]
    try:
        behind = sum(map(indexing.behind, library_ids))
        if behind:
            return _warning(f"{behind:,} papers behind.", "paperclipper index catch-up")
        differences = sum(len(indexing.verify(library_id)) for library_id in library_ids)
    except IndexUnavailableError as error:
        return _warning(str(error), "paperclipper index rebuild")
    if differences:
        return _error(f"{differences:,} papers differ.", "paperclipper index rebuild")
    return _ok("It matches the library.")


def _backups(settings: Settings) -> _Outcome:
    status = backups.status()
    if status.newest_at is None:
        fix = "Run paperclipper backup FILE, or keep the server running: it makes one every day."
        return _warning("There is no backup yet.", fix)
    detail = f"The newest is from {status.newest_at:%d %b %Y}."
    if status.is_overdue:
        return _warning(detail, "Keep the server running, or run paperclipper backup FILE.")
    return _ok(detail)


def _browsers(settings: Settings) -> _Outcome:
    issued = [token for library in libraries.list_all() for token in tokens.list_tokens(library.id)]
    paired = [token for token in issued if token.origin and not token.revoked_at]
    if not paired:
        return _warning("No browser is connected.", "Press Connect on the options page of the extension.")
    used = max((token.last_used_at for token in paired if token.last_used_at), default=None)
    last = f", last used on {used:%d %b %Y}" if used else ", not used yet"
    return _ok(f"{len(paired)} connected{last}.")


_CHECKS: tuple[tuple[str, Check], ...] = (
    ("Data folder", _folder),
    ("Location", _location),
    ("Disk", _disk),
    ("Server", _server),
    ("Versions", _versions),
    ("Extension", _extension),
)
_CHECKS_WITH_DATABASE: tuple[tuple[str, Check], ...] = (
    ("Clock", _clock),
    ("Search index", _index),
    ("Backups", _backups),
    ("Browsers", _browsers),
)
