import os
import shutil
import sys
import time
from datetime import UTC, date, datetime
from traceback import walk_stack

import pytest

from paperclipper.model import ClipRequest, PageKind, PaperFacts, Source, SourcePage
from paperclipper.search.index import search_index
from paperclipper.search.whoosh import index_folder
from paperclipper.services.papers import clipping
from paperclipper.services.search import indexing
from paperclipper.services.trash import trashing
from paperclipper.store.access import libraries
from paperclipper.store.database import database
from paperclipper.store.search import feed

NOW = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)


@pytest.fixture
def library_id(tmp_path):
    database.open_database(tmp_path / "paperclipper.db")
    indexing.use_folder(tmp_path)
    database.call_after_change(indexing.wake)
    with database.connection():
        yield libraries.default().id
        indexing.catch_up_all()
    database.call_after_change(None)


def clip(number, title="Folding Paper Boats"):
    facts = PaperFacts(f"{title} {number}", "We fold boats.", published=date(2026, 3, 9))
    return ClipRequest(
        f"01956f00-0000-7000-8000-{number:012x}", NOW, Source.DATA, SourcePage(PageKind.DIGEST), facts
    )


def save(library_id, *numbers):
    return [saved.paper_id for saved in clipping.save_many(library_id, [clip(number) for number in numbers])]


def wait_until(condition, seconds=20):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_a_write_is_indexed_automatically(library_id):
    save(library_id, 1, 2, 3)
    wait_until(lambda: indexing.behind(library_id) == 0)
    assert indexing.verify(library_id, deep=True) == []


def test_a_search_finds_an_up_to_date_index(library_id):
    ids = save(library_id, 1, 2, 3)
    assert indexing.ensure_fresh(library_id) == 0
    trashing.trash(library_id, ids[0])
    assert indexing.ensure_fresh(library_id) == 0
    assert indexing.status(library_id).papers == 2
    assert indexing.verify(library_id, deep=True) == []


def test_a_lost_index_is_rebuilt(library_id, tmp_path):
    database.call_after_change(None)
    save(library_id, 1, 2, 3)
    indexing.ensure_fresh(library_id)
    shutil.rmtree(tmp_path / "index")
    assert indexing.behind(library_id) == 3
    assert indexing.ensure_fresh(library_id) == 0
    assert indexing.verify(library_id) == []


def test_an_index_that_cannot_be_written_is_behind_without_an_error(library_id, tmp_path):
    database.call_after_change(None)
    shutil.rmtree(tmp_path / "index", ignore_errors=True)
    (tmp_path / "index").write_text("in the way")
    save(library_id, 1, 2, 3)
    assert indexing.ensure_fresh(library_id, wait_seconds=0.1) == 3
    (tmp_path / "index").unlink()
    assert indexing.ensure_fresh(library_id) == 0


def test_verify_lists_the_differences(library_id):
    ids = save(library_id, 1, 2)
    indexing.ensure_fresh(library_id)
    database.call_after_change(None)
    trashing.trash(library_id, ids[0])
    added = save(library_id, 3)
    assert {(d.paper_id, d.description) for d in indexing.verify(library_id)} == {
        (ids[0], "should not be in the index"),
        (added[0], "is missing from the index"),
    }


def test_a_rebuild_is_correct_and_reports_its_progress(library_id):
    save(library_id, 1, 2, 3)
    progress = []
    indexing.rebuild(library_id, lambda position, head: progress.append((position, head)))
    assert progress[-1] == (feed.head(library_id), feed.head(library_id))
    assert indexing.verify(library_id, deep=True) == []


def test_a_background_process_does_much_work(library_id):
    database.call_after_change(None)
    save(library_id, *range(indexing.MAX_BEHIND + 1))
    began = time.monotonic()
    assert indexing.ensure_fresh(library_id) == indexing.MAX_BEHIND + 1
    assert time.monotonic() - began < 1
    wait_until(lambda: indexing.behind(library_id) == 0)
    assert indexing._state.background_process.wait(20) == 0
    assert indexing.verify(library_id) == []


def test_many_batches_do_not_become_many_segments(library_id, monkeypatch):
    database.call_after_change(None)
    monkeypatch.setattr(indexing, "_TURN_SECONDS", 0)  # a batch each
    monkeypatch.setattr(search_index, "_BATCH_ENTRIES", 2)
    save(library_id, 0)
    indexing.catch_up_all()
    save(library_id, *range(1, 61))
    segments = []
    indexing.catch_up_all(lambda position, head: segments.append(indexing.status(library_id).segments))
    assert len(segments) >= 30
    assert max(segments) <= index_folder.MAX_SEGMENTS + 1
    assert indexing.verify(library_id, deep=True) == []


def test_an_index_can_be_built_in_many_turns(library_id, monkeypatch):
    database.call_after_change(None)
    monkeypatch.setattr(indexing, "_TURN_SECONDS", 0)
    monkeypatch.setattr(search_index, "_BUILD_ENTRIES", 2)
    save(library_id, *range(9))
    assert indexing.catch_up_all()
    assert indexing.behind(library_id) == 0
    assert indexing.verify(library_id, deep=True) == []


def test_only_one_process_catches_up_all_indexes(library_id, tmp_path):
    save(library_id, 1)
    indexing.ensure_fresh(library_id)
    assert indexing.catch_up_all()
    with indexing.locked(tmp_path / "locks" / "catch-up.lock", 0) as acquired:
        assert acquired
        assert not indexing.catch_up_all()
    assert indexing.catch_up_all()


@pytest.mark.skipif(
    sys.platform == "darwin", reason="a forked child may not use the system's libraries there"
)
def test_a_forked_child_catches_up_in_its_own_thread(library_id):
    save(library_id, 1)
    indexing.ensure_fresh(library_id)
    wait_until(_catch_up_thread_waits)  # a child forked during its work would keep its locks
    child = os.fork()
    if child == 0:
        _save_in_child(library_id)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert indexing.ensure_fresh(library_id) == 0
    assert indexing.verify(library_id, deep=True) == []


def _catch_up_thread_waits():
    state = indexing._current_state()
    innermost_first = walk_stack(sys._current_frames()[state.thread.ident])
    where = [frame.f_code.co_name for frame, _ in innermost_first]
    return not state.wake_up.is_set() and where[: where.index("_catch_up_loop")] == ["wait", "wait"]


def _save_in_child(library_id):
    failed = 1
    try:
        database._local = type(database._local)()
        database.proxy.close()
        with database.connection():
            save(library_id, 2)
            wait_until(lambda: indexing.behind(library_id) == 0)
        failed = 0
    finally:
        os._exit(failed)
