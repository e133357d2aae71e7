import os
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import settings

from paperclipper.services.search import indexing
from paperclipper.store.access import libraries
from paperclipper.store.database import database

# The tests' own process may only connect to this machine too.
sys.path.append(str(Path(__file__).parent / "no_egress"))
import sitecustomize  # noqa: F401

IN_CI = bool(os.environ.get("CI"))
SHARED_DATA = Path(__file__).parents[2] / "shared/data"
_skipped: list[str] = []

# Failures must not depend on the day: the same examples every time, and no example database.
settings.register_profile("default", deadline=None, max_examples=60, derandomize=True, database=None)
settings.register_profile("nightly", settings.get_profile("default"), max_examples=300)


def pytest_configure(config):
    nightly = "nightly" in config.option.markexpr.replace("not nightly", "")
    settings.load_profile("nightly" if nightly else "default")


@pytest.fixture
def store(tmp_path, monkeypatch):
    """The id of the default library of a new database, with a connection of this thread."""
    # The indexing thread never ends: it would outlive its test.
    monkeypatch.setattr(indexing, "wake", lambda: None)
    threads = set(threading.enumerate())
    database.open_database(tmp_path / "paperclipper.db")
    with database.connection():
        yield libraries.default().id
    database.call_after_change(None)
    assert set(threading.enumerate()) <= threads


@pytest.fixture(scope="session")
def shared_data():
    """The folder of real data next to the repository, which only some machines have."""
    if not SHARED_DATA.is_dir():
        absent = f"the real data is not at {SHARED_DATA}"
        pytest.fail(absent) if IN_CI else pytest.skip(absent)
    return SHARED_DATA


def pytest_runtest_logreport(report):
    if report.skipped and not hasattr(report, "wasxfail"):
        _skipped.append(report.nodeid)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session, exitstatus):
    if IN_CI and _skipped and exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter):
    if IN_CI and _skipped:
        terminalreporter.section("Skipped tests, which CI counts as failures")
        for nodeid in _skipped:
            terminalreporter.line(nodeid)
