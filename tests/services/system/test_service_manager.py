import dataclasses
import os
import plistlib
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from paperclipper import config
from paperclipper.errors import DataFolderError
from paperclipper.services.system import service_manager

# Records its arguments, and fails if there is a file "refuse".
SYSTEMCTL = """#!/bin/sh
echo "$*" >> "$HOME/asked"
case "$*" in *is-active*) echo active ;; esac
[ ! -e "$HOME/refuse" ] || { echo "no bus" >&2; exit 1; }
"""


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home folder with a systemctl that records its arguments."""
    home = tmp_path / "home"
    tools = tmp_path / "tools"
    for folder in (home, tools):
        folder.mkdir()
    (tools / "systemctl").write_text(SYSTEMCTL)
    (tools / "systemctl").chmod(0o755)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.setenv("PATH", f"{tools}:{os.environ['PATH']}")
    monkeypatch.setattr(sys, "platform", "linux")
    return home


def asked(home):
    file = home / "asked"
    return file.read_text().splitlines() if file.exists() else []


SETTINGS = config.Settings(Path('/data of "mine" at 100%/$HOME'), 8399)


def test_the_service_is_installed_queried_and_removed(home):
    assert service_manager.status().startswith("Not installed")
    file = service_manager.install(SETTINGS)
    assert file == home / ".config/systemd/user/paperclipper.service"
    assert asked(home) == [
        "--user daemon-reload",
        "--user enable paperclipper",
        "--user restart paperclipper",
    ]
    assert service_manager.status() == "active; log: journalctl --user -u paperclipper"
    assert service_manager.remove()
    assert asked(home)[-1] == "--user disable --now paperclipper"
    assert not file.exists()
    assert not service_manager.remove()


def test_the_unit_runs_this_program_and_restarts_it_after_a_crash(home):
    unit = service_manager.definition(SETTINGS)
    (line,) = [line for line in unit.splitlines() if line.startswith("ExecStart=")]
    words = [
        word.replace("%%", "%").replace("$$", "$") for word in shlex.split(line.removeprefix("ExecStart="))
    ]
    assert words[:5] == [sys.executable, "-P", "-m", "paperclipper", "serve"]
    assert words[-3:] == [str(SETTINGS.data), "--port", "8399"]
    assert "Restart=on-failure" in unit
    proxied = service_manager.definition(dataclasses.replace(SETTINGS, public="https://papers.example"))
    assert '"--public-url" "https://papers.example"' in proxied


def test_systemd_accepts_the_unit(home, tmp_path):
    unit = tmp_path / "paperclipper.service"
    unit.write_text(service_manager.definition(SETTINGS))
    runtime = os.environ | {"XDG_RUNTIME_DIR": str(tmp_path)}
    if not shutil.which("systemd-analyze"):
        return
    line = ["systemd-analyze", "--user", "verify", str(unit)]
    done = subprocess.run(line, env=runtime, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_file_in_the_home_folder_is_not_imported(home):
    (home / "click.py").write_text("raise SystemExit('not this one')")
    (line,) = [
        line for line in service_manager.definition(SETTINGS).splitlines() if line.startswith("ExecStart=")
    ]
    serve = shlex.split(line.removeprefix("ExecStart="))[:5]
    done = subprocess.run([*serve, "--help"], cwd=home, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


def test_an_error_of_the_service_manager_is_reported(home):
    (home / "refuse").touch()
    with pytest.raises(DataFolderError, match="no bus"):
        service_manager.install(SETTINGS)


def test_a_missing_service_manager_is_reported(home, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    with pytest.raises(DataFolderError, match="systemctl was not found"):
        service_manager.install(SETTINGS)


def test_the_launch_agent_runs_the_same_command(home, monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    agent = plistlib.loads(service_manager.definition(SETTINGS).encode())
    assert agent["ProgramArguments"][-3:] == [str(SETTINGS.data), "--port", "8399"]
    assert agent["RunAtLoad"]
    assert agent["KeepAlive"] == {"SuccessfulExit": False}
