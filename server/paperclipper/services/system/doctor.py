"""What a reader can have wrong, checked one by one: each finding says what is, and a bad one what cures it.

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
from paperclipper.services.access import tokens as access
from paperclipper.services.search import indexing
from paperclipper.services.system import extension_folder, hello
from paperclipper.services.transfer import backups
from paperclipper.store.access import libraries
from paperclipper.store.database import copies, database, sqlite_errors, timestamps
from paperclipper.store.papers import papers

_LITTLE_ROOM = 500 * 1024 * 1024
_SYNCED = (
    "Dropbox",
    "OneDrive",
    "Google Drive",
    "GoogleDrive",
    "iCloud",
    "Mobile Documents",
    "Nextcloud",
    "Syncthing",
)
_MARKS = {".stfolder": "Syncthing", ".dropbox": "Dropbox", ".nextcloudsync.log": "Nextcloud"}
_REMOTE = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "9p", "afs"})


class Verdict(StrEnum):
    """How a check went."""

    GOOD = "good"
    CARE = "take care"
    BAD = "bad"


@dataclass(frozen=True)
class Finding:
    """What one check found; `cure` says what to do where it is not good."""

    about: str
    verdict: Verdict
    said: str
    cure: str = ""


Check = Callable[[Settings], Finding]


def examine(settings: Settings) -> Iterator[Finding]:
    """All checks, in the order in which one would mend; those that need the database only where it opens."""
    for check in (_folder, _place, _disk, _server, _versions, _extension):
        yield _made(check, settings)
    opened = _made(_database, settings)
    yield opened
    if opened.verdict is Verdict.GOOD:
        indexing.use_folder(settings.data)
        with database.connection():
            for check in (_clock, _index, _copies, _browsers):
                yield _made(check, settings)


def _made(check: Check, settings: Settings) -> Finding:
    try:
        return check(settings)
    except (PaperclipperError, OSError) as error:
        about = check.__name__.strip("_").capitalize()
        return Finding(about, Verdict.BAD, str(error), "Mend what it says, then run this once more.")


def _folder(settings: Settings) -> Finding:
    about = "Data folder"
    if not os.access(settings.data, os.R_OK | os.W_OK | os.X_OK):
        return Finding(
            about,
            Verdict.BAD,
            f"{settings.data} cannot be read and written.",
            "Give it back to yourself: chown.",
        )
    others = [
        path.name for path in (settings.data, *settings.data.iterdir()) if path.lstat().st_uid != os.getuid()
    ]
    if others:
        cure = f"sudo chown -R {os.getuid()} {shlex.quote(str(settings.data))}, and never start it with sudo."
        return Finding(about, Verdict.BAD, f"Another user owns {', '.join(sorted(others)[:3])}.", cure)
    open_to_others = [
        path.name for path in (settings.data, settings.database) if path.exists() and _is_open(path)
    ]
    if open_to_others:
        cure = f"chmod -R go-rwx {shlex.quote(str(settings.data))}"
        return Finding(
            about, Verdict.CARE, f"Others on this machine may read {' and '.join(open_to_others)}.", cure
        )
    return Finding(about, Verdict.GOOD, f"{settings.data}, yours alone.")


def _is_open(path: Path) -> bool:
    return bool(stat.S_IMODE(path.stat().st_mode) & 0o077)


def _place(settings: Settings) -> Finding:
    """SQLite's log needs a local disk, and a program that copies files behind its back damages it."""
    about, move = (
        "Place",
        "Stop the server, move the folder to a local disk, and give its new place with --data.",
    )
    synced = _synced_by(settings.data.resolve())
    if synced:
        return Finding(
            about,
            Verdict.BAD,
            f"The data folder lies in {synced}, which copies files while they change.",
            move,
        )
    kind = _kind_of_disk(settings.data)
    if kind in _REMOTE:
        return Finding(about, Verdict.BAD, f"The data folder lies on a network disk ({kind}).", move)
    return Finding(about, Verdict.GOOD, "On a local disk, synchronised by nobody as far as can be seen.")


def _synced_by(folder: Path) -> str | None:
    """By the folders' names, or by what such programs leave in the folder that they watch."""
    named = (name for name in _SYNCED if any(name in part for part in folder.parts))
    marked = (
        name
        for mark, name in _MARKS.items()
        if any((above / mark).exists() for above in (folder, *folder.parents))
    )
    return next(chain(named, marked), None)


def _kind_of_disk(folder: Path) -> str:
    try:
        mounts = [line.split() for line in Path("/proc/mounts").read_text().splitlines()]
    except OSError:
        return ""
    holding_it = [(point, kind) for _, point, kind, *_ in mounts if folder.resolve().is_relative_to(point)]
    return max(holding_it, key=lambda mount: len(mount[0]), default=("", ""))[1]


def _disk(settings: Settings) -> Finding:
    free = shutil.disk_usage(settings.data).free
    room = f"{free / 1e9:.1f} GB free."
    if free < _LITTLE_ROOM:
        return Finding(
            "Disk",
            Verdict.BAD if free < _LITTLE_ROOM // 10 else Verdict.CARE,
            room,
            "Make room on this disk.",
        )
    return Finding("Disk", Verdict.GOOD, room)


def _database(settings: Settings) -> Finding:
    about = "Database"
    cure = f"Stop the server, then: {sqlite_errors.restoring(settings.data)}"
    if not settings.database.exists():
        if sqlite_errors.newest_copy(settings.data):
            return Finding(about, Verdict.BAD, "It is gone; backups of it are here.", cure)
        return Finding(about, Verdict.CARE, "There is none yet.", "paperclipper serve makes it.")
    try:
        if database.is_behind(settings.database):
            renewing = "Start the server (anew): it makes a copy, then brings it up to date."
            return Finding(about, Verdict.CARE, "Of an older version of Paperclipper.", renewing)
        database.open_database(settings.database)
        with database.connection():
            fault = copies.fault()
            count = sum(papers.count(library.id) for library in libraries.every())
    except StoreDamagedError as error:
        fault, count = str(error), 0
    if fault:
        return Finding(about, Verdict.BAD, fault, cure)
    return Finding(about, Verdict.GOOD, f"Sound, with {count:,} papers.")


def _clock(settings: Settings) -> Finding:
    newest = papers.newest_change()
    if newest and newest > timestamps.now() + timedelta(minutes=5):
        said = f"The last change is of {newest:%d %b %Y %H:%M}, which is to come: the clock went back."
        return Finding(
            "Clock",
            Verdict.CARE,
            said,
            "Set this machine's clock. Nothing is lost: order does not hang on it.",
        )
    return Finding("Clock", Verdict.GOOD, "Not behind what was saved.")


def _index(settings: Settings) -> Finding:
    try:
        behind = sum(indexing.behind(library.id) for library in libraries.every())
        wrong = sum(len(indexing.verify(library.id)) for library in libraries.every()) if not behind else 0
    except IndexUnavailableError as error:
        return Finding("Search index", Verdict.CARE, str(error), "paperclipper index rebuild")
    if behind:
        return Finding(
            "Search index", Verdict.CARE, f"{behind:,} papers behind.", "paperclipper index catch-up"
        )
    if wrong:
        return Finding("Search index", Verdict.BAD, f"{wrong:,} papers differ.", "paperclipper index rebuild")
    return Finding("Search index", Verdict.GOOD, "It holds what the library has.")


def _copies(settings: Settings) -> Finding:
    found = backups.standing()
    newest = found.newest_at
    if newest is None:
        cure = "paperclipper backup FILE, or leave the server running: it makes one a day."
        return Finding("Backups", Verdict.CARE, "There is none yet.", cure)
    if found.is_old:
        return Finding(
            "Backups",
            Verdict.CARE,
            f"The newest is of {newest:%d %b %Y}.",
            "Leave the server running, or paperclipper backup FILE.",
        )
    return Finding("Backups", Verdict.GOOD, f"The newest is of {newest:%d %b %Y}.")


def _server(settings: Settings) -> Finding:
    about, running = "Server", data_folder.holder(settings.data)
    if running is None or running.port is None:
        if _is_taken(settings.port):
            said = f"None runs on this folder, and another program uses port {settings.port}."
            return Finding(about, Verdict.CARE, said, "paperclipper serve --port with another number")
        cure = "paperclipper serve, or paperclipper service install"
        return Finding(about, Verdict.CARE, "None runs on this folder.", cure)
    if hello.hello(running.port) is None:
        cure = "See its log (paperclipper service status says where), end that process, and start it anew."
        return Finding(about, Verdict.BAD, f"It holds the folder ({running}) and does not answer.", cure)
    return Finding(about, Verdict.GOOD, f"Runs, {running}.")


def _versions(settings: Settings) -> Finding:
    about, running = "Versions", data_folder.holder(settings.data)
    said = hello.hello(running.port) if running and running.port else None
    if said and said.version != __version__:
        found = f"The server that runs is {said.version}, what is installed here {__version__}."
        return Finding(
            about,
            Verdict.CARE,
            found,
            "Start the server anew, with the options that it had: paperclipper service install, or serve.",
        )
    return Finding(
        about,
        Verdict.GOOD,
        f"Paperclipper {__version__}, the server too." if said else f"Paperclipper {__version__}.",
    )


def _extension(settings: Settings) -> Finding:
    about, wanted, folder = "Extension", extension_folder.version(), extension_folder.folder(settings)
    there = extension_folder.version_in(folder) if folder else wanted
    if there != wanted:
        found = f"{folder} holds version {there}" if there else f"It is no longer in {folder}"
        cure = f"paperclipper extension {shlex.quote(str(folder))}, then Reload in its popup."
        return Finding(about, Verdict.CARE, f"{found}; {wanted} fits this server.", cure)
    return Finding(
        about,
        Verdict.GOOD,
        f"Version {wanted} fits this server" + (f", and is in {folder}." if folder else "."),
    )


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) == 0


def _browsers(settings: Settings) -> Finding:
    tokens = [token for library in libraries.every() for token in access.list_tokens(library.id)]
    paired = [token for token in tokens if token.origin and not token.revoked_at]
    if not paired:
        return Finding(
            "Browsers",
            Verdict.CARE,
            "No browser is connected.",
            "Press Connect in the options of the extension.",
        )
    used = max((token.last_used_at for token in paired if token.last_used_at), default=None)
    last = f", last heard of on {used:%d %b %Y}" if used else ", not heard of yet"
    return Finding("Browsers", Verdict.GOOD, f"{len(paired)} connected{last}.")
