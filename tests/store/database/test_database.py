import fcntl
import itertools
import os
import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from builders import a_clip, arxiv
from paperclipper.errors import StoreBusyError, StoreDamagedError, StoreFullError
from paperclipper.services.papers import clipping
from paperclipper.store.access import libraries
from paperclipper.store.database import copies, database, sqlite
from paperclipper.store.database.tables import LibraryRow, proxy
from paperclipper.store.papers import papers


@pytest.fixture
def path(tmp_path):
    return tmp_path / "paperclipper.db"


def run(code, *arguments, count):
    """Run this Python code in `count` processes at once and return their outputs."""
    command = [sys.executable, "-c", code, *map(str, arguments)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(count)]
    outputs = [process.communicate()[0] for process in running]
    assert [process.returncode for process in running] == [0] * count
    return outputs


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("busy_timeout", 10_000),
        ("trusted_schema", 0),
        ("cell_size_check", 1),
        ("fullfsync", 1),
    ],
)
def test_every_connection_is_safe(store, pragma, value):
    assert proxy.execute_sql(f"PRAGMA {pragma}").fetchone()[0] == value
    proxy.close()
    with database.connection():
        assert proxy.execute_sql(f"PRAGMA {pragma}").fetchone()[0] == value


def test_only_the_owner_can_read_the_files(path):
    mask = os.umask(0)
    try:
        database.open_database(path)
        with database.connection():
            libraries.default()
            modes = {file.name: oct(file.stat().st_mode & 0o777) for file in path.parent.iterdir()}
    finally:
        os.umask(mask)
    assert {"paperclipper.db", "paperclipper.db-wal"} <= set(modes)
    assert set(modes.values()) == {"0o600"}


@pytest.mark.parametrize(
    "damage", [b"", b"not a database " * 500, os.urandom(8192)], ids=["empty", "text", "noise"]
)
def test_a_file_that_is_not_a_database_is_rejected(path, damage):
    path.write_bytes(damage)
    if not damage:
        database.open_database(path)
        return
    with pytest.raises(StoreDamagedError, match="paperclipper restore"):
        database.open_database(path)
    assert path.read_bytes() == damage


def test_a_damaged_page_is_detected(store, path):
    clipping.save_many(
        store, [a_clip(title=f"Boat {i}", identifiers=(arxiv(f"2603.{i:05}"),)) for i in range(60)]
    )
    database.checkpoint()
    proxy.close()
    content = bytearray(path.read_bytes())
    for page in range(1, len(content) // 4096):
        content[page * 4096 : page * 4096 + 8] = b"\xff" * 8
    path.write_bytes(content)
    with pytest.raises(StoreDamagedError):
        database.open_database(path)


def test_connections_nest_and_belong_to_one_thread(store):
    seen = []

    def elsewhere():
        with database.connection(), database.connection():
            seen.append(libraries.default().id)
        seen.append(proxy.is_closed())

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert seen == [store, True]
    with database.connection():
        pass
    assert not proxy.is_closed()


def test_a_snapshot_sees_one_state_and_does_not_wait_for_writers(store):
    with database.snapshot():
        before = libraries.get(store).clock
        writer = threading.Thread(target=save_elsewhere, args=(store,))
        writer.start()
        writer.join()
        assert libraries.get(store).clock == before
    assert libraries.get(store).clock > before


def save_elsewhere(library_id):
    with database.connection():
        clipping.save(library_id, a_clip())


def test_a_database_locked_too_long_is_busy(store, path):
    proxy.execute_sql("PRAGMA busy_timeout = 1")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreBusyError):
            clipping.save(store, a_clip())
    assert papers.count(store) == 0
    clipping.save(store, a_clip())


def test_writers_queue_and_give_up_after_a_timeout(store, path, monkeypatch):
    lock = path.with_suffix(".write-lock")
    with lock.open("ab") as file, ThreadPoolExecutor(1) as other:
        fcntl.flock(file, fcntl.LOCK_EX)
        waiting = other.submit(save_elsewhere, store)
        with pytest.raises(TimeoutError):
            waiting.result(0.1)
        fcntl.flock(file, fcntl.LOCK_UN)
        waiting.result(5)
        assert papers.count(store) == 1
        monkeypatch.setattr(sqlite, "_BUSY_MS", 50)
        fcntl.flock(file, fcntl.LOCK_EX)
        waiting = other.submit(save_elsewhere, store)
        with pytest.raises(TimeoutError):
            waiting.result(0.1)
        fcntl.flock(file, fcntl.LOCK_UN)
        with pytest.raises(StoreBusyError):
            waiting.result(5)
    assert papers.count(store) == 1


def test_a_full_disk_is_reported_and_nothing_is_written(store):
    proxy.execute_sql("PRAGMA max_page_count = 1")
    with pytest.raises(StoreFullError):
        clipping.save(store, a_clip(abstract="fold " * 20_000))
    assert papers.count(store) == 0
    proxy.execute_sql("PRAGMA max_page_count = 100000")
    clipping.save(store, a_clip())
    assert papers.count(store) == 1


OPEN = """
import sys
from pathlib import Path
from paperclipper.store.access import libraries
from paperclipper.store.database import database
database.open_database(Path(sys.argv[1]))
with database.connection():
    print(libraries.default().id)
"""


def test_processes_that_open_concurrently_migrate_once(path):
    outputs = run(OPEN, path, count=4)
    assert len(set(outputs)) == 1
    with closing(sqlite3.connect(path)) as file:
        applied = [row[0] for row in file.execute("SELECT name FROM schema_migration")]
        assert applied == sorted(migration.stem for migration in database.MIGRATIONS.glob("[0-9]*.py"))
        assert file.execute("SELECT count(*) FROM library").fetchone() == (1,)


COUNT = """
import sys
from pathlib import Path
from paperclipper.store.access import libraries
from paperclipper.store.database import database
from paperclipper.store.database.tables import LibraryRow
database.open_database(Path(sys.argv[1]))
with database.connection():
    for _ in range(100):
        with database.transaction():
            row = LibraryRow.get()
            LibraryRow.update(clock=row.clock + 1).execute()
"""


def test_concurrent_writers_lose_no_updates(store, path):
    run(COUNT, path, count=4)
    assert LibraryRow.get().clock == 400


def test_a_backup_during_writes_is_consistent_and_finishes(store, tmp_path):
    target = tmp_path / "backup.db"
    clipping.save_many(store, pairs(1, 100, abstract="fold " * 5_000))
    stop = threading.Event()

    def write():
        with database.connection():
            for number in itertools.count(200):
                clipping.save_many(store, pairs(number, number + 1))
                if stop.is_set():
                    return

    writer = threading.Thread(target=write)
    writer.start()
    try:
        counts = [copies.backup(target)]
        while len(counts) < 4 or counts[-1] == counts[0]:
            counts.append(copies.backup(target))
    finally:
        stop.set()
        writer.join()
    assert counts == sorted(counts)
    assert counts[-1] % 2 == 0
    assert copies.check_copy(target) == counts[-1]
    assert oct(target.stat().st_mode & 0o777) == "0o600"
    assert not list(tmp_path.glob("*.partial"))


def pairs(first, last, **facts):
    """Return the clips of two papers for each number, to be saved together."""
    named = [(f"{number} {i}", arxiv(f"260{i}.{number:05}")) for number in range(first, last) for i in (1, 2)]
    return [a_clip(title=title, identifiers=(name,), **facts) for title, name in named]


@pytest.mark.parametrize("content", [b"not a database " * 500, b""], ids=["text", "empty"])
def test_a_copy_that_is_not_ours_is_rejected(tmp_path, content):
    copy = tmp_path / "copy.db"
    copy.write_bytes(content)
    with pytest.raises(StoreDamagedError):
        copies.check_copy(copy)


def test_a_restore_replaces_the_database_and_keeps_the_old_one(store, path, tmp_path):
    backup, replaced = tmp_path / "backup.db", tmp_path / "kept.db"
    clipping.save(store, a_clip())
    assert copies.backup(backup) == 1
    clipping.save(store, a_clip(identifiers=(arxiv("2603.09999"),)))
    proxy.close()
    copies.replace_with(backup, path, replaced)
    assert (copies.check_copy(path), copies.check_copy(replaced)) == (1, 2)
    database.open_database(path)
    with database.connection():
        assert papers.count(store) == 1
