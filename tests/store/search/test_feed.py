"""Stamps, and the feed that the index follows."""

from datetime import date, timedelta

import pytest

from builders import CLIPPED_AT, a_clip, a_highlight, a_note, arxiv, doi, uuid7
from paperclipper.errors import NotFoundError
from paperclipper.model import Decision, PageKind, Scope
from paperclipper.services.access import sessions, tokens
from paperclipper.services.annotations import annotations
from paperclipper.services.days import decisions, sightings
from paperclipper.services.papers import clipping, lookup
from paperclipper.services.tags import tagging
from paperclipper.services.trash import trashing
from paperclipper.store.access import libraries
from paperclipper.store.database import clock as stamps
from paperclipper.store.database import database
from paperclipper.store.database.tables import AnnotationRow, DecisionRow, PaperRow, TagRow, proxy
from paperclipper.store.papers import papers
from paperclipper.store.search import feed

SYNCHRONISED = (PaperRow, AnnotationRow, TagRow, DecisionRow)


def clock(store):
    return libraries.get(store).clock


def some_papers(store, count):
    return [
        saved.paper_id
        for saved in clipping.save_many(
            store, [a_clip(title=f"Boat {i}", identifiers=(arxiv(f"2603.{i:05}"),)) for i in range(count)]
        )
    ]


def test_a_transaction_advances_the_clock_once_per_changed_row(store):
    before = clock(store)
    some_papers(store, 7)
    changed = sorted(row.changed for row in PaperRow.select())
    assert changed == list(range(before + 1, before + 8))
    assert clock(store) == before + 7


def test_a_rolled_back_transaction_does_not_advance_the_clock(store):
    before = clock(store)

    def save_and_fail():
        with database.transaction():
            some_papers(store, 3)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        save_and_fail()
    assert clock(store) == before
    some_papers(store, 1)
    assert clock(store) == before + 1


def test_a_stamp_needs_an_existing_library(store):
    with pytest.raises(NotFoundError):
        stamps.advance("nowhere")


def test_unsynchronised_data_does_not_advance_the_clock(store):
    (paper_id,) = some_papers(store, 1)
    before = clock(store), feed.head(store)
    sightings.record(store, PageKind.DIGEST, date(2026, 3, 9), [(arxiv("2603.00000"), 5, 1)])
    _, secret = tokens.create(store, "script", [Scope.READ])
    tokens.authenticate(secret)
    sessions.library_id_of(sessions.sign_in(sessions.create_sign_in_code(store)))
    lookup.paper(store, paper_id)
    assert (clock(store), feed.head(store)) == before


def test_a_new_epoch_keeps_the_clock(store):
    some_papers(store, 2)
    before = libraries.get(store)
    libraries.renew_epochs()
    after = libraries.get(store)
    assert after.epoch != before.epoch
    assert after.clock == before.clock
    assert feed.head(store).epoch == after.epoch
    assert next(iter(papers.newest(store, 1))).version.epoch == after.epoch


# The feed


def read(store, page, stamp=0):
    """Return the whole feed after a stamp, read page by page."""
    found = []
    while True:
        head, entries = feed.entries_after(store, stamp, page)
        if not entries:
            assert stamp <= head.stamp
            return found
        found += entries
        stamp = entries[-1].index_stamp


def test_the_feed_is_in_order_and_ends_at_the_head(store):
    ids = some_papers(store, 5)
    tagging.add(store, ids[0], "boats")
    entries = read(store, 500)
    assert [entry.paper_id for entry in entries] == [*ids[1:], ids[0]]
    assert [entry.index_stamp for entry in entries] == sorted({entry.index_stamp for entry in entries})
    assert entries[-1].index_stamp == feed.head(store).stamp
    assert all(entry.paper == papers.get(store, entry.paper_id) for entry in entries)


@pytest.mark.parametrize("page", [1, 2, 3, 7, 8, 9])
def test_the_feed_can_be_read_in_batches_of_any_size(store_of_papers, page):
    assert read(store_of_papers, page) == read(store_of_papers, 500)


@pytest.fixture
def store_of_papers(store):
    ids = some_papers(store, 8)
    for paper_id in ids[2:5]:
        annotations.put(store, uuid7(), paper_id, a_note(), None)
    trashing.trash(store, ids[3])
    return store


def test_the_head_of_an_empty_library_is_zero(store):
    assert (feed.head(store).stamp, read(store, 10), feed.count_after(store, 0)) == (0, [], 0)


def test_a_removed_paper_is_reported_without_its_texts(store):
    (live, trashed) = some_papers(store, 2)
    lost = clipping.save(
        store, a_clip(identifiers=(doi("10.1000/1"),), clipped_at=CLIPPED_AT + timedelta(1))
    ).paper_id
    skipped = decisions.decide(store, date(2026, 3, 9), a_clip(title="Never clipped").facts, Decision.SKIPPED)
    seen = feed.head(store).stamp
    trashing.trash(store, trashed)
    clipping.save(store, a_clip(identifiers=(arxiv("2603.00000"), doi("10.1000/1"))))
    reported = {entry.paper_id: entry.paper for entry in read(store, 3, seen)}
    assert reported == {trashed: None, lost: None, live: papers.get(store, live)}
    assert {entry.paper_id for entry in read(store, 3) if entry.paper} == {live, skipped}


def test_a_paper_never_clipped_is_reported_while_it_is_skipped(store):
    reported = []
    for decision in (Decision.DONE, Decision.SKIPPED, Decision.DONE, None):
        paper_id = decisions.decide(store, date(2026, 3, 9), a_clip(title="Never clipped").facts, decision)
        (entry,) = read(store, 3)
        reported.append((entry.paper == papers.get(store, paper_id), entry.skipped))
    assert reported == [(False, False), (True, True), (False, False), (False, False)]


def test_every_change_of_an_index_document_is_reported(store):
    (paper_id,) = some_papers(store, 1)
    note = uuid7()
    actions = [
        lambda: annotations.put(store, note, paper_id, a_note("one"), None),
        lambda: annotations.put(
            store, note, paper_id, a_note("two"), str(annotations.get(store, note).version)
        ),
        lambda: annotations.put(store, uuid7(), paper_id, a_highlight(), None),
        lambda: annotations.trash(store, note),
        lambda: annotations.restore(store, note),
        lambda: tagging.add(store, paper_id, "boats"),
        lambda: tagging.remove(store, paper_id, "boats"),
        lambda: trashing.trash(store, paper_id),
        lambda: trashing.restore(store, paper_id),
        lambda: clipping.save(store, a_clip(identifiers=(arxiv("2603.00000"),))),
    ]
    for action in actions:
        before = feed.head(store).stamp
        action()
        assert feed.count_after(store, before) == 1
        assert [entry.paper_id for entry in read(store, 10, before)] == [paper_id]


# The number of queries


def queries(action):
    """Return the queries that the action ran."""
    seen = []
    proxy.connection().set_trace_callback(seen.append)
    action()
    proxy.connection().set_trace_callback(None)
    return [sql for sql in seen if sql.startswith("SELECT")]


def test_any_number_of_papers_is_read_with_five_queries(store):
    ids = some_papers(store, 50)
    for paper_id in ids:
        tagging.add(store, paper_id, "boats")
        annotations.put(store, uuid7(), paper_id, a_note(), None)
    assert len(queries(lambda: papers.get_many(store, ids))) == 5
    assert len(queries(lambda: papers.get_many(store, ids[:1]))) == 5
    assert queries(lambda: papers.get_many(store, [])) == []
    whole = papers.get_many(store, ids[::-1])
    assert list(whole) == ids[::-1]
    assert all(len(paper.tags) == len(paper.annotations) == len(paper.clips) == 1 for paper in whole.values())


def test_no_query_of_a_clip_scans_a_whole_table(store):
    some_papers(store, 20)
    asked = queries(lambda: clipping.save(store, a_clip()))
    assert asked
    plans = [row for sql in asked for row in proxy.execute_sql(f"EXPLAIN QUERY PLAN {sql}").fetchall()]
    assert not [plan for *_, plan in plans if plan.startswith("SCAN")]
