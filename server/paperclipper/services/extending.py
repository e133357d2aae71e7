"""The browser extension that comes with this server: which version it is, and a folder of it to load into a browser."""

import json
import shutil
from functools import cache
from pathlib import Path

from paperclipper.errors import InvalidInputError

_FILES = Path(__file__).parents[1] / "extension"


@cache
def version() -> str:
    """The version that fits this server."""
    return str(_manifest(_FILES)["version"])


def put(folder: Path) -> None:
    """Put the extension's files into the folder, in place of an older version's: a browser goes on loading it there.

    Raises InvalidInputError for a folder that holds something else, OSError where it cannot be written.
    """
    if folder.exists() and any(folder.iterdir()) and not _is_ours(folder):
        raise InvalidInputError(f"{folder} holds something else. Choose an empty folder, or one that is not there yet.")
    fresh, old = (folder.with_name(f".{folder.name}.{word}") for word in ("new", "old"))
    for leftover in (fresh, old):
        shutil.rmtree(leftover, ignore_errors=True)
    fresh.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(_FILES, fresh)
    if folder.exists():
        folder.rename(old)
    fresh.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def _is_ours(folder: Path) -> bool:
    try:
        return bool(_manifest(folder)["key"] == _manifest(_FILES)["key"])
    except (OSError, ValueError, KeyError):
        return False


def _manifest(folder: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return found
