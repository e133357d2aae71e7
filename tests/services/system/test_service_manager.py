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

# What systemctl does here: it writes down what it was asked, and fails where it is told to.
SYSTEMCTL = """#!/bin/sh
echo "$*" >> "$HOME/asked"
case "$*" in *is-active*) echo active ;; esac
[ ! -e "$HOME/refuse" ] || { echo "no bus" >&2; exit 1; }
"""


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home whose systemctl writes down what it is asked."""
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


def test_it_is_installed_started_asked_after_and_removed(home):
    assert service_manager.status().startswith("Not installed")
    file = service_manager.install(SETTINGS)
    assert file == home / ".config/systemd/user/paperclipper.service"
    assert asked(home) == [
        "--user daemon-reload",
        "--user enable paperclipper",
        "--user restart paperclipper",
    ]
    assert service_manager.status() == "active; its log: journalctl --user -u paperclipper"
    assert service_manager.remove()
    assert asked(home)[-1] == "--user disable --now paperclipper"
    assert not file.exists()
    assert not service_manager.remove()


def test_the_unit_runs_this_program_over_this_folder_and_again_after_a_crash(home):
    unit = service_manager.definition(SETTINGS)
    (line,) = [line for line in unit.splitlines() if line.startswith("ExecStart=")]
    words = [
        word.replace("%%", "%").replace("$$", "$") for word in shlex.split(line.removeprefix("ExecStart="))
    ]
    assert words[:5] == [sys.executable, "-P", "-m", "paperclipper", "serve"]
    assert words[-3:] == [str(SETTINGS.data), "--port", "8399"]
    assert "Restart=on-failure" in unit
    behind = service_manager.definition(dataclasses.replace(SETTINGS, public="https://papers.example"))
    assert '"--public-url" "https://papers.example"' in behind


def test_systemd_finds_no_fault_with_the_unit(home, tmp_path):
    unit = tmp_path / "paperclipper.service"
    unit.write_text(service_manager.definition(SETTINGS))
    runtime = os.environ | {"XDG_RUNTIME_DIR": str(tmp_path)}
    if not shutil.which("systemd-analyze"):
        return  # nobody here to ask
    line = ["systemd-analyze", "--user", "verify", str(unit)]
    done = subprocess.run(line, env=runtime, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_file_in_the_home_is_not_taken_for_a_part_of_the_program(home):
    (home / "click.py").write_text("raise SystemExit('not this one')")
    (line,) = [
        line for line in service_manager.definition(SETTINGS).splitlines() if line.startswith("ExecStart=")
    ]
    serve = shlex.split(line.removeprefix("ExecStart="))[:5]
    done = subprocess.run([*serve, "--help"], cwd=home, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


def test_what_the_system_says_against_it_is_told(home):
    (home / "refuse").touch()
    with pytest.raises(DataFolderError, match="no bus"):
        service_manager.install(SETTINGS)


def test_a_system_without_its_command_is_told(home, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    with pytest.raises(DataFolderError, match="no systemctl"):
        service_manager.install(SETTINGS)


def test_the_agent_of_a_mac_says_the_same(home, monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    agent = plistlib.loads(service_manager.definition(SETTINGS).encode())
    assert agent["ProgramArguments"][-3:] == [str(SETTINGS.data), "--port", "8399"]
    assert agent["RunAtLoad"]
    assert agent["KeepAlive"] == {"SuccessfulExit": False}
