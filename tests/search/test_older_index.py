"""An index that an older analysis made, as it was written then, is searched and followed until the next is made."""

import shutil
import time
from pathlib import Path

import pytest

from index_feed import ListFeed, ask, paper
from paperclipper.search import whoosh_folder
from paperclipper.search.index import Wanted
from paperclipper.search.whoosh_index import WhooshIndex
from paperclipper.services.indexing import differences

OLDER = Path(__file__).parent / "older_indexes"


@pytest.fixture
def feed():
    boats = paper("a", "Folding Paper Boats", "keel and mast", notes=["my sextant"])
    return ListFeed([boats, paper("b", "Sails learned", "rudder")])


@pytest.fixture(params=sorted(path.name for path in OLDER.iterdir()))
def index(tmp_path, request):
    shutil.copytree(OLDER / request.param, tmp_path / "lib")
    index = WhooshIndex(tmp_path / "lib")
    yield index
    index.close()


def found(index, text):
    query = ask(text)
    index.explain(query)
    return {hit.paper_id for hit in index.search(query, Wanted(10, partial=5, facets=True)).hits}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("keel", {"a"}),
        ('"paper boats"', {"a"}),
        ('"boats paper"', set()),
        ("learning", {"b"}),
        ("sext*", {"a"}),
        ("bots~", {"a"}),
        ("is:unread", {"a", "b"}),
        ("zebra keel", set()),
    ],
)
def test_it_answers(index, text, expected):
    assert not index.status().is_current
    assert found(index, text) == expected


def test_it_is_followed_until_the_next_one_is_made(index, feed):
    feed.put(paper("c", "A third keel"))
    feed.remove("b")
    assert not index.catch_up(feed, 0)  # time for one batch of the old, none for the new
    assert not index.status().is_current
    assert (found(index, "keel"), found(index, "rudder")) == ({"a", "c"}, set())
    assert index.catch_up(feed, time.monotonic() + 60)
    assert index.status().is_current
    assert differences(feed, index, deep=True) == []


def test_it_is_merged_with_what_is_written_now(index, feed, monkeypatch):
    monkeypatch.setattr(whoosh_folder, "MAX_SEGMENTS", 1)
    feed.put(paper("c", "A third keel"))
    feed.remove("b")
    assert not index.catch_up(feed, 0)
    index.tidy()
    assert (index.status().is_current, index.status().segments) == (False, 1)
    assert [found(index, text) for text in ("keel", '"third keel"', "rudder")] == [{"a", "c"}, {"c"}, set()]


def test_its_terms_are_what_whoosh_reads(index):
    (segment,) = index._refreshed()._view.segments
    own = {(field, term): info.doc_frequency() for (field, term), info in segment.reader}
    assert own == {(f, t): terms.frequency(t) for f, terms in segment.columns.terms.items() for t in terms}
