"""Whatever is killed or damaged, acknowledged clips are kept, and searches are correct or report "behind"."""

import contextlib
import hashlib
import http.client
import json
import multiprocessing
import os
import random
import shutil
import signal
import sqlite3
import stat
import time
from contextlib import closing

import pytest

import running
from builders import uuid7

WRITERS = 4
PAGE = 4096
_WORDS = ("alder", "birch", "cedar", "dogwood", "elm", "fir", "ginkgo")


def a_clip(number, word):
    """Return a clip of an invented paper that is found by `word`."""
    return {
        "clipped_at": "2026-03-09T08:30:00Z",
        "source": "data",
        "page": {"kind": "digest", "url": "https://huggingface.co/papers"},
        "paper": {
            "title": f"Growing {word} {number}",
            "abstract": f"How the {word} number{number} grows, and why. " * 10,
            "url": f"https://trees.example/{word}/{number}",
        },
    }


def save(server, number, word):
    answer = server.ask("PUT", f"/api/v1/clips/{uuid7()}", a_clip(number, word))
    assert answer.status == 201, answer.body
    return answer.json()["paper"]


def search(server, word):
    """Return the ids found and how far the index is behind. Fail the test if the search fails."""
    answer = server.ask("GET", f"/api/v1/papers?limit=100&q={word}")
    assert answer.status == 200, answer.body
    found = answer.json()
    assert found["total"] == len(found["items"]) or found["total"] > 100
    return {item["id"] for item in found["items"]}, found["behind"]


def wait_until_right(server, expected, patience=60):
    """Search for every word until all papers are found. Incomplete results must be reported as behind."""
    until = time.monotonic() + patience
    while True:
        wrong = False
        for word, ids in expected.items():
            found, behind = search(server, word)
            assert found == ids or behind, f"{word}: {len(found)} of {len(ids)}, not behind"
            wrong |= bool(found != ids or behind)
        if not wrong:
            return
        assert time.monotonic() < until, "the results stay wrong"
        time.sleep(0.1)


# Killing workers, and all processes at once


def _write(port, token, name, acknowledged, stop):
    """Save clips until `stop` is set, repeating each under the same id until it is acknowledged."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    numbers = iter(range(1_000_000))
    with open(acknowledged, "w") as file:
        while not stop.is_set():
            clip_id, clip = uuid7(), a_clip(next(numbers), f"writer{name}")
            while _put(port, f"/api/v1/clips/{clip_id}", json.dumps(clip), headers) not in (200, 201):
                time.sleep(0.02)
            print(clip_id, file=file, flush=True)


def _put(port, path, body, headers):
    """Return the status, or None if the server closed the connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    with contextlib.closing(connection), contextlib.suppress(OSError, http.client.HTTPException):
        connection.request("PUT", path, body, headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status


@contextlib.contextmanager
def writers(server, folder):
    """Run processes that save clips during the block. Yield the files with their acknowledged ids."""
    context = multiprocessing.get_context("spawn")
    stop = context.Event()
    files = [folder / f"acknowledged{name}" for name in range(WRITERS)]
    token = server.token("read", "clip")
    processes = [
        context.Process(target=_write, args=(server.port, token, name, file, stop))
        for name, file in enumerate(files)
    ]
    for process in processes:
        process.start()
    try:
        yield files
    finally:
        stop.set()
        for process in processes:
            process.join(60)
            assert process.exitcode == 0


@pytest.mark.parametrize("kills", [12, pytest.param(50, marks=pytest.mark.nightly)])
def test_no_acknowledged_clip_is_lost_when_processes_are_killed(tmp_path, kills):
    chosen = random.Random(kills)
    server = running.start(tmp_path / "data")
    try:
        with writers(server, tmp_path) as files:
            _await_lines(files)
            for number in range(kills):
                time.sleep(chosen.uniform(0.1, 0.5))
                if number % 3:
                    os.kill(chosen.choice(server.workers()), signal.SIGKILL)
                else:
                    server = _kill_all_and_restart(server, files)
        assert _assert_all_kept(server, files) > kills
        _await_index(server)
        assert running.command("index", "verify", "--deep", data=server.data).startswith("The index matches")
    finally:
        server.stop()


def _kill_all_and_restart(server, files):
    os.killpg(server.process.pid, signal.SIGKILL)
    server.process.wait()
    _assert_all_kept(server, files)
    return running.start(server.data, port=server.port)


def _assert_all_kept(server, files):
    """Assert that all acknowledged clips are in the database. Return their number."""
    acknowledged = {line for file in files for line in file.read_text().split("\n")[:-1]}
    assert acknowledged - _clip_ids(server) == set()
    return len(acknowledged)


def _await_lines(files):
    until = time.monotonic() + 60
    while not all(file.exists() and file.read_text() for file in files):
        assert time.monotonic() < until, "a writer saved nothing"
        time.sleep(0.05)


def _await_index(server):
    until = time.monotonic() + 120
    while search(server, "growing")[1]:
        assert time.monotonic() < until, "the index stays behind"
        time.sleep(0.2)


def _clip_ids(server):
    with closing(sqlite3.connect(server.data / "paperclipper.db")) as database:
        return _clip_ids_of_intact(database)


def _clip_ids_of_intact(database):
    assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    return {row[0] for row in database.execute("SELECT id FROM clip")}


# A damaged index


@pytest.fixture(scope="module")
def indexed_server(tmp_path_factory):
    """A running server with some papers, and the ids that each word finds."""
    with running.running(tmp_path_factory.mktemp("indexed_server") / "data") as server:
        expected = {word: {save(server, n, word)["id"] for n in range(12)} for word in _WORDS}
        wait_until_right(server, expected)
        yield server, expected


def segments(server):
    """Return the segment files of the index, largest first."""
    files = [
        path for path in (server.data / "index").rglob("*") if path.is_file() and path.stat().st_size >= PAGE
    ]
    return sorted(files, key=lambda path: (-path.stat().st_size, path))


def test_a_deleted_index_is_rebuilt(indexed_server):
    server, expected = indexed_server
    shutil.rmtree(server.data / "index")
    wait_until_right(server, expected)


def test_a_truncated_segment_is_detected(indexed_server):
    server, expected = indexed_server
    largest = segments(server)[0]
    os.truncate(largest, largest.stat().st_size // 2)
    wait_until_right(server, expected)
    _assert_whole_after_a_write(server, expected)


def test_each_of_fifty_zeroed_pages_is_detected_or_harmless(indexed_server):
    server, expected = indexed_server
    chosen = random.Random(50)
    for _ in range(50):
        file = chosen.choice(segments(server))
        place = chosen.randrange(file.stat().st_size // PAGE) * PAGE
        with file.open("r+b") as opened:
            opened.seek(place)
            opened.write(bytes(PAGE))
        wait_until_right(server, expected)
    _assert_whole_after_a_write(server, expected)


def _assert_whole_after_a_write(server, expected):
    """Assert that the index is correct after one more write."""
    expected["elm"].add(save(server, time.monotonic_ns(), "elm")["id"])
    wait_until_right(server, expected)
    running.command("index", "verify", "--deep", data=server.data)


# Backup and restore


def test_search_versions_and_changes_are_correct_after_a_restore(tmp_path):
    data, copy = tmp_path / "data", tmp_path / "copy.db"
    with running.running(data) as server:
        kept = [save(server, n, "alder") for n in range(5)]
        running.command("backup", str(copy), data=data)
        lost = [save(server, n, "birch") for n in range(20)]
        wait_until_right(server, {"alder": ids(kept), "birch": ids(lost)})
        cursor = server.ask("GET", "/api/v1/changes?limit=500").json()["next"]
        instance = server.ask("GET", "/api/v1/hello").json()["instance_id"]
    running.command("restore", str(copy), data=data)
    with running.running(data) as server:
        new = [save(server, n, "cedar") for n in range(30)]
        wait_until_right(server, {"alder": ids(kept), "birch": set(), "cedar": ids(new)})
        running.command("index", "verify", "--deep", data=data)
        assert server.ask("GET", "/api/v1/hello").json()["instance_id"] == instance
        _versions_are_new(server, kept, lost)
        assert server.ask("GET", f"/api/v1/changes?since={cursor}").status == 410
        changed = server.ask("GET", "/api/v1/changes?limit=500").json()["items"]
        assert {item["id"] for item in changed if item["kind"] == "paper"} == ids(kept) | ids(new)
        stamps = [item["stamp"] for item in changed]
        assert stamps == sorted(set(stamps))


EXTENSION = "chrome-extension://" + "a" * 32
# Tables that contain no papers or are rebuilt.
_OTHER_TABLES = {"backup", "ranking", "attempt", "session", "sign_in_code"}


def test_a_backup_made_while_writing_restores_a_deleted_folder(tmp_path):
    data, copy = tmp_path / "data", tmp_path / "copy.db"
    with running.running(data) as server:
        paired = server.pair(EXTENSION, server.session())
        with writers(server, tmp_path) as files:
            _await_lines(files)
            for _ in range(2):
                _assert_backup_while_writing(data, copy, files)
        kept = _clip_ids(server)
    before = _content(data / "paperclipper.db")
    running.command("backup", str(copy), data=data)
    shutil.rmtree(data)
    running.command("restore", str(copy), data=data)
    assert _content(data / "paperclipper.db") == before
    with running.running(data) as server:
        assert _clip_ids(server) == kept
        answer = server.ask(
            "PUT", f"/api/v1/clips/{uuid7()}", a_clip(1, "paired"), _from_extension(paired), token=()
        )
        assert answer.status == 201, answer.body


def _from_extension(secret):
    return {"Origin": EXTENSION, "Authorization": f"Bearer {secret}", "Content-Type": "application/json"}


def _assert_backup_while_writing(data, copy, files):
    """Assert that a backup is intact and contains everything acknowledged before it began."""
    acknowledged = {line for file in files for line in file.read_text().split("\n")[:-1]}
    running.command("backup", str(copy), data=data)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with closing(sqlite3.connect(copy)) as database:
        assert acknowledged - _clip_ids_of_intact(database) == set()
        papers = database.execute("SELECT count(*) FROM paper").fetchone()[0]
        assert papers == database.execute("SELECT count(DISTINCT paper_id) FROM clip").fetchone()[0]


def _content(path):
    """Return a hash of all rows without the epochs, which a restore changes."""
    found = hashlib.sha256()
    with closing(sqlite3.connect(path)) as database:
        tables = database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
        ).fetchall()
        for name in [name for (name,) in tables if name not in _OTHER_TABLES]:
            columns = [row[1] for row in database.execute(f"PRAGMA table_info({name})") if row[1] != "epoch"]
            rows = database.execute(f'SELECT {", ".join(columns)} FROM "{name}"').fetchall()
            found.update(repr((name, sorted(map(repr, rows)))).encode())
    return found.hexdigest()


def _versions_are_new(server, kept, lost):
    for paper in kept:
        path, before = f"/api/v1/papers/{paper['id']}", f'"{paper["version"]}"'
        assert server.ask("GET", path, headers={"If-None-Match": before}).status == 200
        assert server.ask("PATCH", path, {"starred": True}, {"If-Match": before}).status == 412
    assert {server.ask("GET", f"/api/v1/papers/{paper['id']}").status for paper in lost} == {404}


def ids(papers):
    return {paper["id"] for paper in papers}
