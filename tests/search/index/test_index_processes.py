"""Several processes use one index, and some of them are killed."""

import pickle
import random
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from paperclipper.errors import IndexUnavailableError
from paperclipper.file_lock import locked
from paperclipper.search.index.search_index import WhooshIndex
from paperclipper.search.query.results import Wanted
from search.index.list_source import ListSource, ask, invented, paper

CATCH_UP_PROCESS = Path(__file__).with_name("catch_up_process.py")


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "lib"


@pytest.fixture
def start(folder, tmp_path):
    started = []

    def start(source, *options):
        source_file = tmp_path / f"{len(started)}.source"
        source_file.write_bytes(pickle.dumps(source))
        command = [sys.executable, str(CATCH_UP_PROCESS), str(folder), str(source_file), *options]
        started.append(subprocess.Popen(command, stdout=subprocess.PIPE))
        started[-1].stdout.readline()
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("existed", [False, True])
def test_two_processes_catch_up_at_once(folder, start, existed):
    papers = list(invented(150))
    index = WhooshIndex(folder)
    if existed:
        index.catch_up(ListSource(papers[:10]), time.monotonic() + 60)
    source = ListSource(papers)
    both = [start(source), start(source)]
    assert [process.wait(60) for process in both] == [0, 0]
    assert index.verify(source, deep=True) == []
    index.close()


def test_killing_a_process_loses_and_duplicates_nothing(folder, start):
    chance = random.Random(7)
    source = ListSource(invented(20))
    index = WhooshIndex(folder)
    index.catch_up(source, time.monotonic() + 60)
    for turn in range(8):
        for each in invented(15, seed=turn):
            source.put(each)
        source.remove(f"p{turn}")
        victim = start(source, "merge")
        time.sleep(chance.uniform(0, 0.25))
        victim.kill()
        try:
            index.search(ask("keel"), Wanted(10))
        except IndexUnavailableError:
            pytest.fail("a kill made the index unreadable")
    assert index.catch_up(source, time.monotonic() + 60)
    index.merge_segments()
    assert index.verify(source, deep=True) == []
    index.close()


def test_search_during_writes_and_merges(folder, start):
    source = ListSource(invented(40))
    index = WhooshIndex(folder)
    index.catch_up(source, time.monotonic() + 60)
    right = {hit.paper_id for hit in index.search(ask("keel"), Wanted(1000)).hits}
    source.put(paper("new", "A new keel"))
    for i in range(40):
        source.put(paper("busy", f"Nothing to see {i}"))
        writer = WhooshIndex(folder)
        thread = threading.Thread(
            target=lambda w=writer: (w.catch_up(source, time.monotonic() + 60), w.merge_segments())
        )
        thread.start()
        while thread.is_alive():
            found = {hit.paper_id for hit in index.search(ask("keel"), Wanted(1000)).hits}
            assert found - {"new"} == right
        thread.join()
        writer.close()
    assert index.verify(source, deep=True) == []
    index.close()


def test_waiting_for_a_lock_ends_at_the_deadline(tmp_path):
    path = tmp_path / "lock"
    with locked(path, 0) as first, locked(path, time.monotonic() + 0.05) as second:
        assert (first, second) == (True, False)
    with locked(path, 0) as again:
        assert again
    assert path.exists()
