"""The change feed. test_any_sequence.py tests it under any sequence of requests."""

from datetime import date, timedelta

import pytest

from builders import CLIPPED_AT, a_clip, a_note, arxiv, doi, uuid7
from library_copy import LibraryCopy, library_state
from paperclipper.errors import GoneError, InvalidInputError
from paperclipper.model import Decision
from paperclipper.services.annotations import annotations
from paperclipper.services.days import decisions
from paperclipper.services.history import change_feed
from paperclipper.services.papers import clipping, lookup
from paperclipper.services.tags import tagging
from paperclipper.store.access import libraries

NAMES = [arxiv("2603.00001"), arxiv("2603.00002"), doi("10.1000/1"), doi("10.1000/2")]
DAYS = [date(2026, 3, 9), date(2026, 3, 10)]


def test_an_empty_library_gives_a_cursor(store):
    cursor, found = change_feed.since(store, None, 10)
    assert found == []
    clipping.save(store, a_clip())
    _, found = change_feed.since(store, cursor, 10)
    assert [change.kind for change in found] == ["paper"]


def test_a_merged_paper_is_gone_and_names_its_survivor(store):
    survivor = clipping.save(
        store, a_clip(identifiers=(NAMES[0],), clipped_at=CLIPPED_AT - timedelta(days=1))
    )
    merged = clipping.save(store, a_clip(identifiers=(NAMES[2],)))
    cursor, _ = change_feed.since(store, None, 500)
    clipping.save(store, a_clip(identifiers=(NAMES[0], NAMES[2])))
    changes = {change.id: change for change in change_feed.since(store, cursor, 500)[1]}
    assert (changes[merged.paper_id].gone, changes[merged.paper_id].merged_into) == (True, survivor.paper_id)
    assert len(changes[survivor.paper_id].paper.clips) == 3


def test_the_feed_reports_everything_that_a_merge_moved(store):
    clipping.save(store, a_clip(identifiers=(NAMES[0],), clipped_at=CLIPPED_AT - timedelta(days=1)))
    clipping.save(store, a_clip(identifiers=(NAMES[2],)))
    merged = str(NAMES[2])
    tagging.add(store, merged, "boats")
    for _ in range(2):
        note, _ = annotations.put(store, uuid7(), merged, a_note(), None)
    annotations.trash(store, note.id)
    decisions.decide(store, DAYS[0], lookup.paper(store, merged).facts, Decision.DONE)
    copy = LibraryCopy()
    copy.catch_up(store, 500)
    clipping.save(store, a_clip(identifiers=(NAMES[0], NAMES[2])))
    copy.catch_up(store, 2)
    assert copy.state() == library_state(store)
    assert {note.paper_id for note in copy.annotations.values()} == set(copy.papers)


def test_a_cursor_from_before_a_restore_is_gone(store):
    clipping.save(store, a_clip())
    cursor, _ = change_feed.since(store, None, 10)
    libraries.renew_epochs()
    with pytest.raises(GoneError):
        change_feed.since(store, cursor, 10)
    assert len(change_feed.since(store, None, 10)[1]) == 1


@pytest.mark.parametrize(
    "cursor", ["7", "-", "epoch-", "epoch-x", "epoch--1", "epoch-²", "epoch-" + "9" * 19]
)
def test_an_invalid_cursor_is_rejected(store, cursor):
    epoch = libraries.get(store).epoch
    with pytest.raises((InvalidInputError, GoneError)):
        change_feed.since(store, cursor.replace("epoch", epoch), 10)
