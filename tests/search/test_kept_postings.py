"""What is kept of an index in memory: as much as there is room for, and nothing of what is gone."""

import time

import numpy as np
import pytest

from index_feed import ListFeed, ask, invented
from paperclipper.search.index import Wanted
from paperclipper.search.postings import Kept, Postings
from paperclipper.search.whoosh_index import WhooshIndex


def postings(papers=1):
    return Postings(np.zeros(papers, np.int32), np.zeros(papers), None, None)


def test_what_was_not_used_for_longest_goes_first():
    kept, read = Kept(room=2 * postings().size), []

    def get(term):
        kept.get(("segment", "field", term), lambda: read.append(term) or postings())

    for term in ("a", "b", "a", "c", "a", "b"):
        get(term)
    assert read == ["a", "b", "c", "b"]


def test_what_keeping_takes_counts_too():
    kept, read = Kept(room=100_000), []
    for number in range(1000):
        kept.get(("segment", "field", str(number)), postings)
    kept.get(("segment", "field", "0"), lambda: read.append("again") or postings())
    assert read == ["again"]


def test_nothing_is_kept_of_segments_that_are_gone(tmp_path):
    index, feed = WhooshIndex(tmp_path / "lib"), ListFeed()
    for each in invented(12):
        feed.put(each)
        assert index.catch_up(feed, time.monotonic() + 60)
        index.search(ask("keel"), Wanted(10))
    live = {group.id for group in index._snapshot._view.groups}
    assert {segment for segment, _, _ in index._snapshot._kept._postings} == live
    index.close()


@pytest.mark.parametrize("stays", [(), ("a",)])
def test_room_is_given_back(stays):
    kept = Kept()
    for segment in ("a", "b"):
        kept.get((segment, "field", "term"), postings)
    kept.let_go_all_but(stays)
    assert kept._used == len(stays) * postings().size
