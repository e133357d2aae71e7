"""The server reports failures of its disk, files and clock, with a fix, and loses nothing.

The failures are real ones of the kernel: a limit on file sizes for a full disk, permissions for a folder that
cannot be written, a lock of another program, pages overwritten in the file. For damage to the index see
test_durability.py, for a second server on the folder test_serving.py.
"""

import contextlib
import os
import random
import resource
import shutil
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

import running
from builders import uuid7
from paperclipper.store.database import copies
from running import startup_error
from server.test_durability import a_clip, ids, save, search, wait_until_right

PAGE = 4096
# Root ignores permissions by means of these two capabilities.
WITHOUT_ROOT_RIGHTS = (
    ("setpriv", "--bounding-set", "-dac_override,-dac_read_search") if os.geteuid() == 0 else ()
)
DAY = 24 * 3600


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with running.running(tmp_path_factory.mktemp("failing") / "data", before=WITHOUT_ROOT_RIGHTS) as server:
        save(server, 0, "before")
        yield server


@pytest.fixture(scope="module")
def stopped(tmp_path_factory):
    """The data folder of a stopped server, and its papers. Some notes are longer than a database page."""
    data = tmp_path_factory.mktemp("stopped") / "data"
    with running.running(data) as server:
        papers = [save(server, n, "paged") for n in range(40)]
        for paper in papers[:10]:
            note = {"paper": paper["id"], "kind": "note", "body": "Folded twice. " * 700}
            assert server.ask("PUT", f"/api/v1/annotations/{uuid7()}", note).status == 201
        wait_until_right(server, {"paged": ids(papers)})
        _await_daily_backup(data)
    running.command("backup", str(data / "backups/mine.db"), data=data)
    return data, papers


@pytest.fixture
def saved(stopped, tmp_path):
    """A copy of that data folder for one test."""
    return shutil.copytree(stopped[0], tmp_path / "data"), stopped[1]


def _await_daily_backup(data):
    until = time.monotonic() + 30
    while not list((data / "backups").glob("paperclipper-*.db")):
        assert time.monotonic() < until, "no backup was made automatically"
        time.sleep(0.1)


def try_to_save(server, word):
    """Try to save a clip."""
    return server.ask("PUT", f"/api/v1/clips/{uuid7()}", a_clip(time.monotonic_ns(), word))


def assert_problem(answer, status, *words):
    """Assert that the response is a problem of this status whose detail contains these words."""
    assert answer.status == status, answer.body
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert all(word in problem["detail"] for word in words), problem


def assert_reading_works(server, cookie):
    """Through the API and on the page, also for tokens and sessions whose first use is to be recorded."""
    for path in ("/api/v1/papers", "/api/v1/papers?q=before", "/api/v1/changes", "/api/v1/health"):
        answer = server.ask("GET", path)
        assert answer.status == 200, answer.body
    assert server.ask("GET", "/", headers={"Cookie": cookie}, token=()).status == 200


# A full disk


@contextlib.contextmanager
def full_disk(server):
    """Keep the server's files, including its log, from growing beyond their first byte."""
    processes = [server.process.pid, *server.workers()]
    before = {pid: resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in processes}
    for pid, (_, hard) in before.items():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (1, hard))
    try:
        yield
    finally:
        for pid, limits in before.items():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)


def test_reading_works_on_a_full_disk(server):
    cookie = server.session()
    server.token("read", "clip", "write")
    with full_disk(server):
        for _ in range(20):
            assert_problem(
                try_to_save(server, "roomless"), 507, "disk is full", "Nothing was written", "free some space"
            )
            assert_reading_works(server, cookie)
    saved = {try_to_save(server, "roomless").json()["paper"]["id"] for _ in range(20)}
    wait_until_right(server, {"roomless": saved})


def test_every_worker_keeps_the_database_open(tmp_path):
    """On a full disk, a worker that opens the database first could not read: SQLite creates files."""
    with running.running(tmp_path / "data") as unasked:
        until = time.monotonic() + 20
        while not all(has_open(pid, unasked.data / "paperclipper.db") for pid in unasked.workers()):
            assert time.monotonic() < until
            time.sleep(0.05)


def has_open(pid, path):
    return os.path.realpath(path) in [os.path.realpath(each) for each in Path(f"/proc/{pid}/fd").iterdir()]


def test_no_server_starts_on_a_full_disk(saved):
    data, papers = saved
    assert "free some space" in startup_error(data, before=("prlimit", "--fsize=1:"))
    assert copies.check_copy(data / "paperclipper.db") == len(papers)


# A folder that cannot be written


@contextlib.contextmanager
def unwritable(folder):
    """Make the folder and everything in it read-only."""
    modes = {path: path.stat().st_mode for path in (folder, *folder.rglob("*"))}
    for path in modes:
        path.chmod(0o500 if path.is_dir() else 0o400)
    try:
        yield
    finally:
        for path, mode in modes.items():
            path.chmod(mode)


def test_reading_works_in_a_folder_that_cannot_be_written(server):
    cookie = server.session()
    with unwritable(server.data):
        for _ in range(20):
            assert_problem(
                try_to_save(server, "unwritten"), 507, "cannot be written", "Check its permissions"
            )
            assert_reading_works(server, cookie)
    # Connections opened in the meantime are read-only, so none of them may be kept.
    saved = {try_to_save(server, "unwritten").json()["paper"]["id"] for _ in range(20)}
    wait_until_right(server, {"unwritten": saved})


def test_no_server_starts_on_a_folder_that_cannot_be_written(saved):
    data, papers = saved
    with unwritable(data):
        error = startup_error(data, before=WITHOUT_ROOT_RIGHTS)
    assert "Permission denied" in error
    assert "Check its permissions" in error
    assert copies.check_copy(data / "paperclipper.db") == len(papers)


def test_saving_works_while_the_index_cannot_be_written_and_searches_report_it(server):
    before = search(server, "before")[0]
    with unwritable(server.data / "index"):
        saved = [save(server, n, "unindexed") for n in range(5)]
        assert search(server, "unindexed") == (set(), 5)
        saved += [
            save(server, n, "unindexed") for n in range(5, 210)
        ]  # more than 200 are indexed by a child process
        assert search(server, "unindexed") == (set(), 210)
        assert search(server, "before") == (before, 210)
        health = server.ask("GET", "/api/v1/health").json()
        assert (health["healthy"], health["index"]["behind"]) == (False, 210)
    assert len(saved) == 210
    _await_index(server)


def _await_index(server):
    until = time.monotonic() + 60
    while search(server, "unindexed")[1]:
        assert time.monotonic() < until, "the index stays behind"
        time.sleep(0.2)
    assert server.ask("GET", "/api/v1/papers?q=unindexed").json()["total"] == 210


# A database locked by another program


@contextlib.contextmanager
def locked_database(data):
    """Keep a write transaction of another program open."""
    with closing(sqlite3.connect(data / "paperclipper.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


def test_a_locked_database_is_reported_and_reading_works(server, saved):
    with locked_database(server.data), locked_database(saved[0]), ThreadPoolExecutor(1) as executor:
        error = executor.submit(startup_error, saved[0])
        assert_problem(try_to_save(server, "held"), 503, "Another program is using the database", "try again")
        assert server.ask("GET", "/api/v1/papers?q=before").status == 200
        assert "Another program is using the database" in error.result(), "a server started on it"
    assert try_to_save(server, "held").status == 201


# A database that is damaged, moved or deleted


def requests(papers):
    yield "PUT", f"/api/v1/clips/{uuid7()}", a_clip(time.monotonic_ns(), "later")
    for path in (
        "papers?limit=100",
        "papers?limit=100&q=paged",
        "changes?limit=500",
        "health",
        "tags",
        "days?days=30",
    ):
        yield "GET", f"/api/v1/{path}", None
    for paper in papers[::10]:
        yield "GET", f"/api/v1/papers/{paper['id']}", None


def test_each_of_twenty_damaged_pages_is_reported_and_never_an_internal_error(saved):
    data, papers = saved
    generator, reported = random.Random(20), 0
    with running.running(data) as server, (data / "paperclipper.db").open("r+b", buffering=0) as file:
        server.token("read", "clip")
        pages = os.fstat(file.fileno()).st_size // PAGE
        for number in range(20):
            offset = generator.randrange(1, pages) * PAGE
            intact = os.pread(file.fileno(), PAGE, offset)
            os.pwrite(file.fileno(), bytes(PAGE) if number % 2 else generator.randbytes(PAGE), offset)
            _empty_page_caches(data)
            reported += sum(_is_reported(server.ask(*request)) for request in requests(papers))
            os.pwrite(file.fileno(), intact, offset)
        _empty_page_caches(data)
        assert {server.ask(*request).status for request in requests(papers)} <= {200, 201, 404}
    assert reported > 10


def _empty_page_caches(data):
    """Empty every connection's page cache, with a commit by another program."""
    with closing(sqlite3.connect(data / "paperclipper.db")) as other:
        other.execute(f"PRAGMA user_version = {time.monotonic_ns() % 2**31}")


def _is_reported(answer):
    if answer.status == 503:
        assert_problem(answer, 503, "database is damaged", "paperclipper restore /")
    assert answer.status in (200, 201, 404, 503), answer.body
    return answer.status == 503


def test_a_damaged_database_is_restored_from_the_backup_named_in_the_error(saved):
    data, papers = saved
    database = data / "paperclipper.db"
    damaged = database.read_bytes()[: 3 * PAGE] + bytes(PAGE) * 20
    database.write_bytes(damaged)
    copy = _backup_named_in(startup_error(data))
    assert database.read_bytes() == damaged
    running.command("restore", copy, data=data)
    (kept,) = data.glob("paperclipper-before-restore-*.db")
    assert kept.read_bytes() == damaged
    with running.running(data) as server:
        wait_until_right(server, {"paged": ids(papers)})


def _backup_named_in(error):
    assert " Restore a backup: paperclipper restore " in error
    return error.rpartition(" ")[2].removesuffix(".\n")


def emptied(database):
    os.truncate(database, 0)


def recreated(database):
    database.unlink()
    with closing(sqlite3.connect(database)) as other:
        other.execute("PRAGMA user_version = 1")


@pytest.mark.parametrize("lose", [os.unlink, emptied, recreated])
def test_a_lost_database_is_not_replaced_by_an_empty_one(saved, lose):
    data, papers = saved
    lose(data / "paperclipper.db")
    copy = _backup_named_in(startup_error(data))
    assert copies.check_copy(Path(copy)) == len(papers)


def test_nothing_is_saved_to_a_database_that_was_moved(saved, tmp_path):
    data, papers = saved
    database, elsewhere = data / "paperclipper.db", tmp_path / "elsewhere.db"
    with running.running(data) as server:
        assert try_to_save(server, "before").status == 201
        database.rename(elsewhere)
        for _ in range(20):
            assert_problem(
                try_to_save(server, "nowhere"), 503, "moved", "Nothing was saved", "Stop the server"
            )
        assert not database.exists()
        elsewhere.rename(database)
        assert {try_to_save(server, "after").status for _ in range(20)} == {201}
        found = server.ask("GET", "/api/v1/papers?limit=100&q=growing").json()
        assert found["total"] == len(papers) + 21


# A clock that is set back


def test_setting_the_clock_back_changes_no_order_and_loses_nothing(tmp_path, monkeypatch):
    off_by = tmp_path / "off-by"
    off_by.write_text("0")
    wrong_clock = Path(__file__).with_name("wrong_clock.py")
    with running.running(
        tmp_path / "data", {"CLOCK_OFF_BY": str(off_by)}, program=(str(wrong_clock),)
    ) as server:
        cookie = server.session()
        first = [save(server, n, "earlier") for n in range(5)]
        cursor = server.ask("GET", "/api/v1/changes").json()["next"]
        off_by.write_text(str(-40 * DAY))
        present = time.time_ns
        monkeypatch.setattr(
            time, "time_ns", lambda: present() - 40 * DAY * 10**9
        )  # so that the ids of clients go back too
        second = [save(server, n, "afterwards") for n in range(5)]
        edited = _edit(server, first[0])
        assert edited["modified_at"] < first[0]["modified_at"], "the clock was not set back"
        wait_until_right(server, {"earlier": ids(first), "afterwards": ids(second)})
        assert _changed_since(server, cursor) == [*[paper["id"] for paper in second], first[0]["id"]]
        assert server.ask("GET", "/", headers={"Cookie": cookie}, token=()).status == 200


def _edit(server, paper):
    path = f"/api/v1/papers/{paper['id']}"
    answer = server.ask("PATCH", path, {"starred": True}, {"If-Match": f'"{paper["version"]}"'})
    assert answer.status == 200, answer.body
    return answer.json()


def _changed_since(server, cursor):
    items = server.ask("GET", f"/api/v1/changes?since={cursor}").json()["items"]
    stamps = [item["stamp"] for item in items]
    assert stamps == sorted(set(stamps))
    return [item["id"] for item in items if item["kind"] == "paper"]
