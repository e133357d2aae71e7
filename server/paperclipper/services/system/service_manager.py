"""Running by itself: the system starts the server when its reader logs in, and again after a crash.

On Linux a systemd user unit (systemd.unit(5)), on macOS a launch agent (launchd.plist(5)). Both run the program that
this is, over one data folder.
"""

import os
import plistlib
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from paperclipper.config import Settings, launch_agents_folder, systemd_units_folder
from paperclipper.errors import DataFolderError

_NAME = "paperclipper"
_LABEL = "net.paperclipper.server"
_UNIT = """[Unit]
Description=Paperclipper, a library of papers
StartLimitIntervalSec=0

[Service]
ExecStart={command}
Restart=on-failure
RestartSec=2

[Install]
WantedBy=default.target
"""


def install(settings: Settings) -> Path:
    """Have the server run from now on; the file that says so. Again: it is written anew and the server started anew.

    Raises DataFolderError where the system would not.
    """
    file = _file()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(definition(settings), encoding="utf-8")
    if _is_mac():
        _run("launchctl", "bootout", _target(), quietly=True)
        _run("launchctl", "bootstrap", _domain(), str(file))
    else:
        _run("systemctl", "--user", "daemon-reload")
        _run("systemctl", "--user", "enable", _NAME)
        _run("systemctl", "--user", "restart", _NAME)
    return file


def remove() -> bool:
    """Have it run no more; False where it was not installed."""
    file = _file()
    if not file.exists():
        return False
    if _is_mac():
        _run("launchctl", "bootout", _target(), quietly=True)
    else:
        _run("systemctl", "--user", "disable", "--now", _NAME)
    file.unlink()
    return True


def status() -> str:
    """What the system says of it, in a line, and where its log is."""
    if not _file().exists():
        return "Not installed: paperclipper service install."
    if _is_mac():
        found = "loaded" if _run("launchctl", "print", _target(), quietly=True) else "not loaded"
        return f"{found}; its log: {_log()}"
    found = _run("systemctl", "--user", "is-active", _NAME, quietly=True) or "unknown"
    return f"{found}; its log: journalctl --user -u {_NAME}"


def definition(settings: Settings) -> str:
    """The unit or agent."""
    if _is_mac():
        return _launch_agent(_command(settings))
    return _UNIT.format(command=" ".join(_systemd_quoted(word) for word in _command(settings)))


def _command(settings: Settings) -> list[str]:
    # -P: it is started in the reader's home, where a file that is called like a module would be taken for it.
    serve = [sys.executable, "-P", "-m", "paperclipper", "serve", "--no-browser"]
    public = ["--public-url", settings.public] if settings.public else []
    return [*serve, "--data", str(settings.data), "--port", str(settings.port), *public]


def _systemd_quoted(word: str) -> str:
    """systemd.service(5), "Command lines": quotes keep spaces, and %, $ and backslashes mean something."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"'


def _launch_agent(command: Sequence[str]) -> str:
    wanted = {
        "Label": _LABEL,
        "ProgramArguments": list(command),
        "RunAtLoad": True,
        "KeepAlive": {"SuccessfulExit": False},
        "StandardErrorPath": str(_log()),
        "StandardOutPath": str(_log()),
    }
    return plistlib.dumps(wanted).decode()


def _file() -> Path:
    return (
        launch_agents_folder() / f"{_LABEL}.plist"
        if _is_mac()
        else systemd_units_folder() / f"{_NAME}.service"
    )


def _log() -> Path:
    return Path.home() / "Library/Logs/paperclipper.log"


def _is_mac() -> bool:
    return sys.platform == "darwin"


def _domain() -> str:
    return f"gui/{os.getuid()}"


def _target() -> str:
    return f"{_domain()}/{_LABEL}"


def _run(*command: str, quietly: bool = False) -> str:
    """What the system's own command prints. Raises DataFolderError where it fails, unless `quietly`."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - the system's own
    except FileNotFoundError as error:
        raise DataFolderError(
            f"This system has no {command[0]}. Run paperclipper serve by other means."
        ) from error
    if done.returncode and not quietly:
        raise DataFolderError(f"{' '.join(command)}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout.strip()
