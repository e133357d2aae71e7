"""Running the server as a service, started at login and restarted after a crash.

The service is a systemd user unit (systemd.unit(5)) on Linux and a launch agent (launchd.plist(5)) on macOS.
Both run this installation of the program with a given data folder.
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
    """Install and start the service, or update and restart it. Return the path of its unit or launch agent.

    Raise DataFolderError if the service manager reports an error.
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
    """Stop and remove the service. Return False if it was not installed."""
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
    """Return a one-line description of the state of the service and the location of its log."""
    if not _file().exists():
        return "Not installed. Install it: paperclipper service install."
    if _is_mac():
        found = "loaded" if _run("launchctl", "print", _target(), quietly=True) else "not loaded"
        return f"{found}; log: {_log()}"
    found = _run("systemctl", "--user", "is-active", _NAME, quietly=True) or "unknown"
    return f"{found}; log: journalctl --user -u {_NAME}"


def definition(settings: Settings) -> str:
    """Return the text of the systemd unit or launch agent."""
    if _is_mac():
        return _launch_agent(_command(settings))
    return _UNIT.format(command=" ".join(_systemd_quoted(word) for word in _command(settings)))


def _command(settings: Settings) -> list[str]:
    # -P: the service starts in the home folder, where a file could shadow a module of the same name.
    serve = [sys.executable, "-P", "-m", "paperclipper", "serve", "--no-browser"]
    public = ["--public-url", settings.public] if settings.public else []
    return [*serve, "--data", str(settings.data), "--port", str(settings.port), *public]


def _systemd_quoted(word: str) -> str:
    """Quote an argument for a unit file, where %, $ and backslashes are special (systemd.service(5))."""
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
    """Return the output of a system command. Raise DataFolderError if it fails, unless `quietly`."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    except FileNotFoundError as error:
        raise DataFolderError(
            f"{command[0]} was not found on this system. Start paperclipper serve in another way."
        ) from error
    if done.returncode and not quietly:
        raise DataFolderError(f"{' '.join(command)}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout.strip()
