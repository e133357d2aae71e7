"""The browser extension bundled with the server, and the folder from which browsers load it."""

import json
import shutil
from functools import cache
from pathlib import Path

from paperclipper import data_folder
from paperclipper.config import Settings
from paperclipper.errors import InvalidInputError

_LOCATION_FILE = "extension-folder"
HOW_TO_LOAD = """\
Chromium: chrome://extensions, Developer mode, Load unpacked, this folder.
Firefox: about:debugging#/runtime/this-firefox, Load Temporary Add-on, manifest.json in it."""
_SOURCE = Path(__file__).parents[2] / "extension"


@cache
def version() -> str:
    """Return the version of the bundled extension."""
    return str(_manifest(_SOURCE)["version"])


def install(where: Path, settings: Settings) -> Path:
    """Install or update the extension in a folder from which browsers can load it. Return its resolved path.

    The path is saved for `installed_folder`. Raise InvalidInputError if the folder contains other files, or
    OSError if it cannot be written.
    """
    folder = where.resolve()
    if folder.exists() and any(folder.iterdir()) and not _is_ours(folder):
        raise InvalidInputError(
            f"{folder} contains something else. Choose an empty folder, or one that does not exist yet."
        )
    _replace(folder)
    data_folder.prepare_folder(settings)
    (settings.data / _LOCATION_FILE).write_text(str(folder), encoding="utf-8")
    return folder


def _replace(folder: Path) -> None:
    new, old = folder.with_name(f".{folder.name}.new"), folder.with_name(f".{folder.name}.old")
    for leftover in (new, old):
        shutil.rmtree(leftover, ignore_errors=True)
    new.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(_SOURCE, new)
    if folder.exists():
        folder.rename(old)
    new.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def installed_folder(settings: Settings) -> Path | None:
    """Return the folder of the last installation, or None if the extension was never installed."""
    try:
        return Path((settings.data / _LOCATION_FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None


def installed_version(folder: Path) -> str | None:
    """Return the version of the extension in the folder, or None if it is not installed there."""
    return str(_manifest(folder)["version"]) if _is_ours(folder) else None


def _is_ours(folder: Path) -> bool:
    try:
        return bool(_manifest(folder)["key"] == _manifest(_SOURCE)["key"])
    except (OSError, ValueError, KeyError):
        return False


def _manifest(folder: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return found
