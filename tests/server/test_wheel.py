"""The built package without this repository: it contains the server, the page and the extension."""

import json
import re
import shutil
import sqlite3
import subprocess
import sys
import sysconfig
import time
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

import running
from builders import uuid7

ROOT = Path(__file__).resolve().parents[2]


PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
# A later version has another version number, a matching extension and one more table.
LATER = "9.9.9"
MIGRATION = """def up(migrator, db):
    db.execute_sql("CREATE TABLE later (id TEXT NOT NULL PRIMARY KEY) STRICT")
    db.execute_sql("INSERT INTO later SELECT id FROM paper")
"""


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """A copy of this repository, because a build leaves its own folders in the source."""
    folder = tmp_path_factory.mktemp("source")
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    tracked = subprocess.run(listing, cwd=ROOT, capture_output=True, check=True).stdout
    packed = folder.with_suffix(".tar")
    subprocess.run(["tar", "-cf", packed, "--null", "-T", "-"], cwd=ROOT, input=tracked, check=True)
    subprocess.run(["tar", "-xf", packed, "-C", folder], check=True)
    return folder


@pytest.fixture(scope="module")
def wheel(source):
    return build(source)


@pytest.fixture(scope="module")
def later_wheel(source, tmp_path_factory):
    folder = tmp_path_factory.mktemp("later") / "source"
    shutil.copytree(source, folder, symlinks=True, ignore=shutil.ignore_patterns("build", "wheel"))
    for file in ("pyproject.toml", "extension/manifest.json"):
        text = (folder / file).read_text()
        (folder / file).write_text(re.sub(r'("?version"?\s*[:=]\s*)"[\d.]+"', rf'\1"{LATER}"', text, count=1))
    (folder / "server/paperclipper/store/database/migrations/9999_later.py").write_text(MIGRATION)
    return build(folder)


def build(source):
    line = [
        *PIP,
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--wheel-dir",
        source / "wheel",
        source,
    ]
    subprocess.run(line, check=True, capture_output=True)
    return next((source / "wheel").glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    return install(wheel, environment(tmp_path_factory.mktemp("wheel")))


def environment(folder):
    """Create a virtual environment with the dependencies only, before the wheel is installed."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "venv"], check=True)
    site = next((folder / "venv").glob("lib/python*/site-packages"))
    (site / "needs.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    return folder / "venv/bin"


def install(wheel, programs):
    """Install the wheel. Return the path of its `paperclipper` command."""
    line = [
        *PIP,
        "--python",
        programs / "python",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--force-reinstall",
    ]
    subprocess.run([*line, wheel], check=True, capture_output=True)
    return programs / "paperclipper"


@pytest.fixture
def data(tmp_path_factory):
    return tmp_path_factory.mktemp("folder") / "data"


def run(*line):
    done = subprocess.run(line, capture_output=True, text=True, cwd="/", timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_package_is_not_this_repository(installed):
    where = run(
        installed.with_name("python"), "-c", "import paperclipper; print(paperclipper.__file__)"
    ).strip()
    assert Path(where).is_relative_to(installed.parents[1])


@contextmanager
def serving(installed, data, port):
    line = [installed, "serve", "--data", data, "--port", str(port), "--no-browser"]
    log = data.with_suffix(".log")
    with log.open("w") as output:
        process = subprocess.Popen(line, stdout=output, stderr=output, cwd="/")
    try:
        server = running.Server(data, port, process, log)
        until = time.monotonic() + 30
        while not _hello(server):
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.05)
        yield server
    finally:
        process.terminate()
        process.wait(30)


def test_it_serves_the_page_and_reports_the_extension_version(installed, tmp_path):
    with serving(installed, tmp_path / "data", running.free_port()) as server:
        manifest = json.loads((ROOT / "extension/manifest.json").read_text())
        assert _hello(server).json()["extension_version"] == manifest["version"]
        for path in ("/sign-in", "/static/base.css"):
            assert server.ask("GET", path, token=()).status == 200


def a_clip(title):
    page = {"kind": "digest", "url": "https://huggingface.co/papers"}
    return {"clipped_at": "2026-03-09T08:30:00Z", "source": "data", "page": page, "paper": {"title": title}}


def test_it_can_be_upgraded_in_place_while_its_server_runs(wheel, later_wheel, tmp_path):
    data, port, origin = tmp_path / "data", running.free_port(), "chrome-extension://abcdefghijklmnop"
    installed = install(wheel, environment(tmp_path))
    with serving(installed, data, port) as server:
        headers = {"Authorization": f"Bearer {server.pair(origin, server.session())}", "Origin": origin}
        clip = f"/api/v1/clips/{uuid7()}"
        assert server.ask("PUT", clip, a_clip("Otters that count"), headers, token=()).status == 201

        install(later_wheel, installed.parent)
        report = run(installed, "doctor", "--data", data)
        assert f"but {LATER} is installed" in report
        assert "Created by an older version of Paperclipper" in report
        refused = subprocess.run([installed, "token", "list", "--data", data], capture_output=True, text=True)
        assert (refused.returncode, refused.stdout) == (1, "")
        assert "Restart the server" in refused.stderr
        waiting = f"/api/v1/clips/{uuid7()}"
        assert server.ask("PUT", waiting, a_clip("Otters that wait"), headers, token=()).status == 201
    with pytest.raises(OSError, match="refused"):
        server.ask("PUT", waiting, a_clip("Otters that wait"), headers, token=())

    with serving(installed, data, port) as server:
        assert _hello(server).json() | {"version": LATER, "extension_version": LATER} == _hello(server).json()
        assert server.ask("PUT", waiting, a_clip("Otters that wait"), headers, token=()).status == 200
        found = server.ask("GET", "/api/v1/papers?q=otters", headers=headers, token=()).json()
        assert {item["title"] for item in found["items"]} == {"Otters that count", "Otters that wait"}
        assert f"Paperclipper {LATER}; the running server is the same version." in run(
            installed, "doctor", "--data", data
        )
    assert [path.name for path in (data / "backups").glob("before-*")] == ["before-9999_later.db"]
    with closing(sqlite3.connect(data / "paperclipper.db")) as database:
        assert database.execute("SELECT count(*) FROM later").fetchone() == (2,)


def _hello(server):
    try:
        return server.ask("GET", "/api/v1/hello", token=())
    except OSError:
        return None


def test_the_extension_is_installed_in_a_folder_and_updated(installed, data, tmp_path):
    folder = tmp_path / "extension"
    assert str(folder) in run(installed, "extension", folder, "--data", data)
    there = {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}
    here = {
        path.relative_to(ROOT / "extension") for path in (ROOT / "extension").rglob("*") if path.is_file()
    }
    assert there == here
    (folder / "popup/popup.js").write_text("old")
    run(installed, "extension", folder, "--data", data)
    assert (folder / "popup/popup.js").read_bytes() == (ROOT / "extension/popup/popup.js").read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == ["extension"]


def test_the_extension_does_not_overwrite_other_files(installed, data, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    done = subprocess.run([installed, "extension", tmp_path, "--data", data], capture_output=True, text=True)
    assert (done.returncode, (tmp_path / "mine.txt").read_text()) == (1, "mine")
    assert "contains something else" in done.stderr
