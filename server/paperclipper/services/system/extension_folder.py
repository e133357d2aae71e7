"""The browser extension that comes with this server: which version it is, and a folder of it to load into a browser."""

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
    """The version that fits this server."""
    return str(_manifest(_SOURCE)["version"])


def install(where: Path, settings: Settings) -> Path:
    """Put the extension's files into the folder, in place of an older version's: a browser goes on loading it there.

    The folder, which is remembered for `folder`. Raises InvalidInputError for one that holds something else, OSError
    where it cannot be written.
    """
    folder = where.resolve()
    if folder.exists() and any(folder.iterdir()) and not _is_ours(folder):
        raise InvalidInputError(
            f"{folder} holds something else. Choose an empty folder, or one that is not there yet."
        )
    fresh, old = (folder.with_name(f".{folder.name}.{word}") for word in ("new", "old"))
    for leftover in (fresh, old):
        shutil.rmtree(leftover, ignore_errors=True)
    fresh.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(_SOURCE, fresh)
    if folder.exists():
        folder.rename(old)
    fresh.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
    data_folder.prepare_folder(settings)
    (settings.data / _LOCATION_FILE).write_text(str(folder), encoding="utf-8")
    return folder


def installed_folder(settings: Settings) -> Path | None:
    """Where it was put last; None where it never was."""
    try:
        return Path((settings.data / _LOCATION_FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None


def installed_version(folder: Path) -> str | None:
    """The version of the files that lie there; None where they are not there."""
    return str(_manifest(folder)["version"]) if _is_ours(folder) else None


def _is_ours(folder: Path) -> bool:
    try:
        return bool(_manifest(folder)["key"] == _manifest(_SOURCE)["key"])
    except (OSError, ValueError, KeyError):
        return False


def _manifest(folder: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return found
