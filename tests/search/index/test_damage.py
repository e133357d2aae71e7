"""Damage to the files of an index never causes a wrong answer, and catching up repairs it."""

import os
import random
import shutil
import time
from contextlib import suppress

import pytest

from paperclipper.errors import IndexUnavailableError
from paperclipper.search.index import search_index
from paperclipper.search.index.search_index import WhooshIndex
from paperclipper.search.query.results import Wanted
from paperclipper.search.whoosh import index_folder, storage
from paperclipper.search.whoosh.storage import DamagedError
from search.index.list_source import ListSource, ask, invented, paper

PAGE = 4096
QUERY = ask("keel -zebra")


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "lib"


@pytest.fixture
def index(folder):
    index = WhooshIndex(folder)
    yield index
    index.close()


def follow(index, source):
    assert index.catch_up(source, time.monotonic() + 60)


def files(folder, pattern):
    return sorted(folder.glob(f"[0-9a-f]*/{pattern}"))


def ids(index):
    return [hit.paper_id for hit in index.search(QUERY, Wanted(1000)).hits]


def zero_page(path, number):
    with open(path, "r+b") as file:
        file.seek(number * PAGE)
        file.write(b"\0" * min(PAGE, path.stat().st_size - number * PAGE))


def truncate(path):
    os.truncate(path, path.stat().st_size // 2)


def test_zeroed_pages_under_an_open_searcher_are_detected_and_repaired(index, folder):
    source = ListSource(invented(60))
    follow(index, source)
    right = sorted(ids(index))
    chance = random.Random(5)
    for _ in range(50):
        segment = chance.choice(files(folder, "*.seg"))
        zero_page(segment, chance.randrange(-(-segment.stat().st_size // PAGE)))
        with pytest.raises(IndexUnavailableError):
            index.search(QUERY, Wanted(1000))
        assert index.status().position is None
        follow(index, source)
        assert sorted(ids(index)) == right


@pytest.mark.parametrize("damage", [truncate, os.unlink, lambda path: zero_page(path, 0)])
@pytest.mark.parametrize("pattern", ["*.seg", "*.toc"])
@pytest.mark.parametrize("reopened", [False, True])
def test_a_truncated_deleted_or_zeroed_file_is_repaired(index, folder, damage, pattern, reopened):
    source = ListSource(invented(40))
    follow(index, source)
    right = sorted(ids(index))
    damage(files(folder, pattern)[0])
    if reopened:
        index.close()
    with suppress(IndexUnavailableError):
        assert sorted(ids(index)) == right
    source.put(paper("new", "A new keel"))
    follow(index, source)
    assert sorted(ids(index)) == sorted([*right, "new"])
    assert index.verify(source, deep=True) == []


@pytest.mark.parametrize("target", ["folder", "live folder", "pointer"])
def test_a_deleted_folder_or_pointer_is_rebuilt(index, folder, target):
    source = ListSource(invented(20))
    follow(index, source)
    right = sorted(ids(index))
    deleted = {"folder": folder, "live folder": files(folder, "")[0], "pointer": folder / "current"}[target]
    shutil.rmtree(deleted) if deleted.is_dir() else deleted.unlink()
    with pytest.raises(IndexUnavailableError):
        index.search(QUERY, Wanted(10))
    follow(index, source)
    assert sorted(ids(index)) == right
    assert len(files(folder, "")) == 1


@pytest.mark.parametrize("content", ["", "../../etc", "0123456789abcdef", "\0"])
def test_an_invalid_pointer_is_repaired(index, folder, content):
    source = ListSource(invented(5))
    follow(index, source)
    (folder / "current").write_text(content)
    assert index.status().position is None
    follow(index, source)
    assert index.verify(source, deep=True) == []


def test_a_merge_or_deletion_does_not_copy_damage(index, folder):
    source = ListSource()
    for each in invented(25):
        source.put(each)
        follow(index, source)
    victim = files(folder, "*.seg")[0]
    zero_page(victim, 0)
    source.remove("p3")
    follow(index, source)
    index.merge_segments()
    assert index.verify(source, deep=True) == []


def test_a_killed_rebuild_resumes_where_it_stopped(index, folder, monkeypatch):
    source = ListSource(invented(60))
    monkeypatch.setattr(search_index, "_BUILD_ENTRIES", 10)
    steps = []

    class Killed(BaseException):
        pass

    def kill_after_three(position, head):
        steps.append(position.stamp)
        if len(steps) == 3:
            raise Killed

    with pytest.raises(Killed):
        index.catch_up(source, time.monotonic() + 60, kill_after_three)
    assert index.status().rebuilding.stamp == 30
    other = WhooshIndex(folder)
    assert other.catch_up(source, time.monotonic() + 60, lambda position, head: steps.append(position.stamp))
    assert steps == [10, 20, 30, 40, 50, 60]
    assert other.verify(source, deep=True) == []
    other.close()


def test_an_index_of_an_older_analysis_answers_until_the_swap(index, folder, monkeypatch):
    source = ListSource(invented(10))
    follow(index, source)
    monkeypatch.setattr(index_folder, "ANALYSIS_VERSION", "next")
    source.put(paper("new", "A new keel"))
    assert not index.catch_up(source, 0)  # enough time for one batch of the old index, not for the new one
    assert not index.status().is_current
    assert "new" in ids(index)
    follow(index, source)
    assert index.status().is_current
    assert index.verify(source, deep=True) == []
    assert len(files(folder, "")) == 1


def test_another_process_sees_the_swap(index, folder):
    source = ListSource(invented(10))
    follow(index, source)
    other = WhooshIndex(folder)
    assert ids(other) == ids(index)
    index.rebuild(source)
    source.put(paper("new", "A new keel"))
    follow(index, source)
    assert "new" in ids(other)
    other.close()


def test_a_merge_keeps_deletions_made_meanwhile(index, folder):
    source = ListSource()
    for each in invented(30):
        source.put(each)
        follow(index, source)
    live = index_folder.IndexFolder(files(folder, "")[0])
    merge = live.prepare_merge(10_000)
    source.remove("p0")
    source.put(paper("p1", "Changed meanwhile"))
    follow(index, source)
    live.apply(merge)
    assert index.verify(source, deep=True) == []
    assert index.status().papers == 29


def test_a_flipped_bit_in_the_table_of_contents_is_detected(index, folder):
    follow(index, ListSource(invented(5)))
    live = index_folder.IndexFolder(files(folder, "")[0])
    table = files(folder, "*.toc")[0]
    intact = table.read_bytes()
    for i in range(0, len(intact), 7):
        table.write_bytes(intact[:i] + bytes([intact[i] ^ 1]) + intact[i + 1 :])
        with pytest.raises(DamagedError):
            live.read_generation()
    table.write_bytes(intact)
    assert live.read_generation().position.stamp == 5


def test_segments_are_synced_before_the_table_of_contents_appears(index, folder, monkeypatch):
    source = ListSource(invented(5))
    follow(index, source)
    tables = set(files(folder, "*.toc"))
    synced = []
    sync = storage.sync

    def record_sync(path):
        synced.append((path.suffix, "after" if set(files(folder, "*.toc")) - tables else "before"))
        sync(path)

    monkeypatch.setattr(storage, "sync", record_sync)
    source.put(paper("new", "A new keel"))
    follow(index, source)
    files_then_folder = {moment for _, moment in synced[:-1]}
    assert {".seg"} < {suffix for suffix, _ in synced[:-1]}
    assert files_then_folder == {"before"}
    assert synced[-2:] == [("", "before"), ("", "after")]
