"""What a reader can have wrong, checked one by one: each result says what is, and a bad one what cures it.

A check never raises and changes nothing.
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
from itertools import chain
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
    """How a check went."""

    OK = "good"
    WARNING = "take care"
    ERROR = "bad"


@dataclass(frozen=True)
class CheckResult:
    """What one check found; `fix` says what to do where it is not good."""

    name: str
    status: Status
    detail: str
    fix: str = ""


Check = Callable[[Settings], CheckResult]


def run_checks(settings: Settings) -> Iterator[CheckResult]:
    """All checks, in the order in which one would mend; those that need the database only where it opens."""
    for check in (_folder, _location, _disk, _server, _versions, _extension):
        yield _run(check, settings)
    opened = _run(_database, settings)
    yield opened
    if opened.status is Status.OK:
        indexing.use_folder(settings.data)
        with database.connection():
            for check in (_clock, _index, _backups, _browsers):
                yield _run(check, settings)


def _run(check: Check, settings: Settings) -> CheckResult:
    try:
        return check(settings)
    except (PaperclipperError, OSError) as error:
        name = check.__name__.strip("_").capitalize()
        return CheckResult(name, Status.ERROR, str(error), "Mend what it says, then run this once more.")


def _folder(settings: Settings) -> CheckResult:
    name = "Data folder"
    if not os.access(settings.data, os.R_OK | os.W_OK | os.X_OK):
        return CheckResult(
            name,
            Status.ERROR,
            f"{settings.data} cannot be read and written.",
            "Give it back to yourself: chown.",
        )
    others = [
        path.name for path in (settings.data, *settings.data.iterdir()) if path.lstat().st_uid != os.getuid()
    ]
    if others:
        fix = f"sudo chown -R {os.getuid()} {shlex.quote(str(settings.data))}, and never start it with sudo."
        return CheckResult(name, Status.ERROR, f"Another user owns {', '.join(sorted(others)[:3])}.", fix)
    open_to_others = [
        path.name for path in (settings.data, settings.database) if path.exists() and _is_open(path)
    ]
    if open_to_others:
        fix = f"chmod -R go-rwx {shlex.quote(str(settings.data))}"
        return CheckResult(
            name, Status.WARNING, f"Others on this machine may read {' and '.join(open_to_others)}.", fix
        )
    return CheckResult(name, Status.OK, f"{settings.data}, yours alone.")


def _is_open(path: Path) -> bool:
    return bool(stat.S_IMODE(path.stat().st_mode) & 0o077)


def _location(settings: Settings) -> CheckResult:
    """SQLite's log needs a local disk, and a program that copies files behind its back damages it."""
    name, move = (
        "Place",
        "Stop the server, move the folder to a local disk, and give its new place with --data.",
    )
    synced = _sync_program(settings.data.resolve())
    if synced:
        return CheckResult(
            name,
            Status.ERROR,
            f"The data folder lies in {synced}, which copies files while they change.",
            move,
        )
    kind = _file_system(settings.data)
    if kind in _NETWORK_FILE_SYSTEMS:
        return CheckResult(name, Status.ERROR, f"The data folder lies on a network disk ({kind}).", move)
    return CheckResult(name, Status.OK, "On a local disk, synchronised by nobody as far as can be seen.")


def _sync_program(folder: Path) -> str | None:
    """By the folders' names, or by what such programs leave in the folder that they watch."""
    named = (name for name in _SYNC_PROGRAMS if any(name in part for part in folder.parts))
    marked = (
        name
        for mark, name in _SYNC_MARKERS.items()
        if any((above / mark).exists() for above in (folder, *folder.parents))
    )
    return next(chain(named, marked), None)


def _file_system(folder: Path) -> str:
    try:
        mounts = [line.split() for line in Path("/proc/mounts").read_text().splitlines()]
    except OSError:
        return ""
    containing = [(point, kind) for _, point, kind, *_ in mounts if folder.resolve().is_relative_to(point)]
    return max(containing, key=lambda mount: len(mount[0]), default=("", ""))[1]


def _disk(settings: Settings) -> CheckResult:
    free = shutil.disk_usage(settings.data).free
    free_space = f"{free / 1e9:.1f} GB free."
    if free < _LOW_SPACE:
        return CheckResult(
            "Disk",
            Status.ERROR if free < _LOW_SPACE // 10 else Status.WARNING,
            free_space,
            "Make room on this disk.",
        )
    return CheckResult("Disk", Status.OK, free_space)


def _database(settings: Settings) -> CheckResult:
    name = "Database"
    fix = f"Stop the server, then: {sqlite_errors.restoring(settings.data)}"
    if not settings.database.exists():
        if sqlite_errors.newest_copy(settings.data):
            return CheckResult(name, Status.ERROR, "It is gone; backups of it are here.", fix)
        return CheckResult(name, Status.WARNING, "There is none yet.", "paperclipper serve makes it.")
    try:
        if database.is_behind(settings.database):
            renewing = "Start the server (anew): it makes a copy, then brings it up to date."
            return CheckResult(name, Status.WARNING, "Of an older version of Paperclipper.", renewing)
        database.open_database(settings.database)
        with database.connection():
            fault = copies.fault()
            count = sum(papers.count(library.id) for library in libraries.every())
    except StoreDamagedError as error:
        fault, count = str(error), 0
    if fault:
        return CheckResult(name, Status.ERROR, fault, fix)
    return CheckResult(name, Status.OK, f"Sound, with {count:,} papers.")


def _clock(settings: Settings) -> CheckResult:
    newest = papers.newest_change()
    if newest and newest > timestamps.now() + timedelta(minutes=5):
        detail = f"The last change is of {newest:%d %b %Y %H:%M}, which is to come: the clock went back."
        return CheckResult(
            "Clock",
            Status.WARNING,
            detail,
            "Set this machine's clock. Nothing is lost: order does not hang on it.",
        )
    return CheckResult("Clock", Status.OK, "Not behind what was saved.")


def _index(settings: Settings) -> CheckResult:
    try:
        behind = sum(indexing.behind(library.id) for library in libraries.every())
        wrong = sum(len(indexing.verify(library.id)) for library in libraries.every()) if not behind else 0
    except IndexUnavailableError as error:
        return CheckResult("Search index", Status.WARNING, str(error), "paperclipper index rebuild")
    if behind:
        return CheckResult(
            "Search index", Status.WARNING, f"{behind:,} papers behind.", "paperclipper index catch-up"
        )
    if wrong:
        return CheckResult(
            "Search index", Status.ERROR, f"{wrong:,} papers differ.", "paperclipper index rebuild"
        )
    return CheckResult("Search index", Status.OK, "It holds what the library has.")


def _backups(settings: Settings) -> CheckResult:
    found = backups.status()
    newest = found.newest_at
    if newest is None:
        fix = "paperclipper backup FILE, or leave the server running: it makes one a day."
        return CheckResult("Backups", Status.WARNING, "There is none yet.", fix)
    if found.is_overdue:
        return CheckResult(
            "Backups",
            Status.WARNING,
            f"The newest is of {newest:%d %b %Y}.",
            "Leave the server running, or paperclipper backup FILE.",
        )
    return CheckResult("Backups", Status.OK, f"The newest is of {newest:%d %b %Y}.")


def _server(settings: Settings) -> CheckResult:
    name, running = "Server", data_folder.lock_holder(settings.data)
    if running is None or running.port is None:
        if _is_taken(settings.port):
            detail = f"None runs on this folder, and another program uses port {settings.port}."
            return CheckResult(name, Status.WARNING, detail, "paperclipper serve --port with another number")
        fix = "paperclipper serve, or paperclipper service install"
        return CheckResult(name, Status.WARNING, "None runs on this folder.", fix)
    if hello.fetch(running.port) is None:
        fix = "See its log (paperclipper service status says where), end that process, and start it anew."
        return CheckResult(name, Status.ERROR, f"It holds the folder ({running}) and does not answer.", fix)
    return CheckResult(name, Status.OK, f"Runs, {running}.")


def _versions(settings: Settings) -> CheckResult:
    name, running = "Versions", data_folder.lock_holder(settings.data)
    server = hello.fetch(running.port) if running and running.port else None
    if server and server.version != __version__:
        found = f"The server that runs is {server.version}, what is installed here {__version__}."
        return CheckResult(
            name,
            Status.WARNING,
            found,
            "Start the server anew, with the options that it had: paperclipper service install, or serve.",
        )
    return CheckResult(
        name,
        Status.OK,
        f"Paperclipper {__version__}, the server too." if server else f"Paperclipper {__version__}.",
    )


def _extension(settings: Settings) -> CheckResult:
    name, wanted, folder = (
        "Extension",
        extension_folder.version(),
        extension_folder.installed_folder(settings),
    )
    there = extension_folder.installed_version(folder) if folder else wanted
    if there != wanted:
        found = f"{folder} holds version {there}" if there else f"It is no longer in {folder}"
        fix = f"paperclipper extension {shlex.quote(str(folder))}, then Reload in its popup."
        return CheckResult(name, Status.WARNING, f"{found}; {wanted} fits this server.", fix)
    return CheckResult(
        name,
        Status.OK,
        f"Version {wanted} fits this server" + (f", and is in {folder}." if folder else "."),
    )


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) == 0


def _browsers(settings: Settings) -> CheckResult:
    issued = [token for library in libraries.every() for token in tokens.list_tokens(library.id)]
    paired = [token for token in issued if token.origin and not token.revoked_at]
    if not paired:
        return CheckResult(
            "Browsers",
            Status.WARNING,
            "No browser is connected.",
            "Press Connect in the options of the extension.",
        )
    used = max((token.last_used_at for token in paired if token.last_used_at), default=None)
    last = f", last heard of on {used:%d %b %Y}" if used else ", not heard of yet"
    return CheckResult("Browsers", Status.OK, f"{len(paired)} connected{last}.")
