"""The built package by itself, without this repository: server, page and extension are in it."""

import json
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

import pytest

import running

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The `paperclipper` command of an environment in which only the built package, and what it needs, lies."""
    folder = tmp_path_factory.mktemp("wheel")
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    tracked = subprocess.run(listing, cwd=ROOT, capture_output=True, check=True).stdout
    packed = folder / "source.tar"
    # Built from a copy: a build leaves its own folders beside the source.
    subprocess.run(["tar", "-cf", packed, "--null", "-T", "-"], cwd=ROOT, input=tracked, check=True)
    source = folder / "source"
    source.mkdir()
    subprocess.run(["tar", "-xf", packed, "-C", source], check=True)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    build = [*pip, "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, source]
    subprocess.run(build, check=True, capture_output=True)
    environment = folder / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    site = next(environment.glob("lib/python*/site-packages"))
    # What it needs is here already; the package itself comes from the wheel, which stands before it.
    (site / "needs.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    (wheel,) = folder.glob("*.whl")
    install = [*pip, "--python", environment / "bin/python", "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*install, "--force-reinstall", wheel], check=True, capture_output=True)
    return environment / "bin/paperclipper"


def run(*line):
    done = subprocess.run(line, capture_output=True, text=True, cwd="/", timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_package_is_not_this_repository(installed):
    where = run(installed.with_name("python"), "-c", "import paperclipper; print(paperclipper.__file__)").strip()
    assert Path(where).is_relative_to(installed.parents[1])


def test_it_serves_the_page_and_says_which_extension_fits(installed, tmp_path):
    port = running.free_port()
    line = [installed, "serve", "--data", tmp_path / "data", "--port", str(port), "--no-browser"]
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(line, stdout=log, stderr=log, cwd="/")
    try:
        server = running.Server(tmp_path / "data", port, process, tmp_path / "log")
        until = time.monotonic() + 30
        while not (hello := _hello(server)):
            assert time.monotonic() < until, server.log.read_text()
            time.sleep(0.05)
        manifest = json.loads((ROOT / "extension/manifest.json").read_text())
        assert hello.json()["extension_version"] == manifest["version"]
        for path in ("/sign-in", "/static/base.css"):
            assert server.ask("GET", path, token=()).status == 200
    finally:
        process.terminate()
        process.wait(30)


def _hello(server):
    try:
        return server.ask("GET", "/api/v1/hello", token=())
    except OSError:
        return None


def test_it_puts_the_extension_into_a_folder_and_brings_it_up_to_date(installed, tmp_path):
    folder = tmp_path / "extension"
    assert str(folder) in run(installed, "extension", folder)
    there = {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}
    here = {path.relative_to(ROOT / "extension") for path in (ROOT / "extension").rglob("*") if path.is_file()}
    assert there == here
    (folder / "popup.js").write_text("old")
    run(installed, "extension", folder)
    assert (folder / "popup.js").read_bytes() == (ROOT / "extension/popup.js").read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == ["extension"]


def test_it_does_not_put_it_over_something_else(installed, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    done = subprocess.run([installed, "extension", tmp_path], capture_output=True, text=True)
    assert (done.returncode, (tmp_path / "mine.txt").read_text()) == (1, "mine")
    assert "holds something else" in done.stderr
