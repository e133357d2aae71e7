"""What `SearchIndex` promises, over each index that promises it."""

import time
from math import inf

import pytest

from index_feed import ListFeed, invented, paper
from memory_index import MemoryIndex
from paperclipper.errors import IndexUnavailableError
from paperclipper.model import Position
from paperclipper.search.query import parse
from paperclipper.search.whoosh_index import WhooshIndex
from paperclipper.services.indexing import differences


@pytest.fixture(params=["whoosh", "memory"])
def index(request, tmp_path):
    if request.param == "memory":
        yield MemoryIndex()
    else:
        index = WhooshIndex(tmp_path / "lib")
        yield index
        index.close()


def found(index, text, *, limit=20, offset=0, as_you_type=False):
    answer = index.search(parse(text, as_you_type=as_you_type), limit, offset)
    return [hit.paper_id for hit in answer.hits]


def follow(index, feed):
    assert index.catch_up(feed, time.monotonic() + 60)
    assert differences(feed, index, deep=True) == []


LIBRARY = [
    paper("boats", "Folding Paper Boats with Diffusion", "We fold boats that float.", authors=["Ada Österlund"]),
    paper("sails", "Sails: Learned or Given?", "Self-supervised sails, with GPT-4.", arxiv="2401.01335"),
    paper("notes", "Rigging", "Ropes.", notes=["Compare with the *diffusion* of tar"], quotes=["knots per second"]),
    paper("cjk", "深度学习方法", "关于神经网络"),
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("diffusion", ["boats", "notes"]),
        ("folded boat", ["boats"]),
        ("osterlund", ["boats"]),
        ("selfsupervised", ["sails"]),
        ("self supervised", ["sails"]),
        ("self-supervised", ["sails"]),
        ("gpt4", ["sails"]),
        ("gpt-4", ["sails"]),
        ("2401.01335", ["sails"]),
        ("2401.01335v7", ["sails"]),
        ('"knots per second"', ["notes"]),
        ('"per knots"', []),
        ('"boats with"', ["boats"]),
        ("diffusion -tar", ["boats"]),
        ('diffusion -"paper boats"', ["notes"]),
        ("神经网络", ["cjk"]),
        ("学习", ["cjk"]),
        ("with of", ["notes"]),
        ("zebra", []),
        ("-diffusion", ["cjk", "sails"]),
    ],
)
def test_what_is_found(index, text, expected):
    follow(index, ListFeed(LIBRARY))
    assert sorted(found(index, text)) == sorted(expected)


def test_titles_come_first(index):
    common = [paper(f"p{i}", "Something else", "The keel of a boat, a keel.") for i in range(5)]
    follow(index, ListFeed([*common, paper("it", "The Keel", "Of wood."), *common[:2]]))
    assert found(index, "keel")[0] == "it"


def test_a_word_begun_is_found_as_you_type(index):
    follow(index, ListFeed(LIBRARY))
    assert found(index, "sails superv", as_you_type=True) == ["sails"]
    assert found(index, "xyl", as_you_type=True) == []


def test_without_a_full_match_those_with_most_words_come_first(index):
    follow(index, ListFeed(LIBRARY))
    answer = index.search(parse("diffusion tar zebra"), 20)
    assert answer.relaxed
    assert [hit.paper_id for hit in answer.hits] == ["notes", "boats"]
    assert not index.search(parse("zebra quagga"), 20).relaxed


def test_pages_join_without_gap_or_repeat(index):
    follow(index, ListFeed(invented(60)))
    whole = found(index, "the -zebra keel", limit=60)
    pages = [found(index, "the -zebra keel", limit=7, offset=offset) for offset in range(0, 63, 7)]
    assert [hit for page in pages for hit in page] == whole
    assert index.search(parse("the -zebra keel"), 7).total == len(whole) == len(set(whole)) > 7


def test_edits_and_removals_are_followed(index):
    feed = ListFeed(LIBRARY)
    follow(index, feed)
    feed.put(paper("boats", "Folding Kites"))
    feed.remove("notes")
    follow(index, feed)
    assert found(index, "diffusion") == []
    assert found(index, "kite") == ["boats"]
    assert index.status().papers == 3
    assert index.status().position == feed.head()


def test_an_answer_names_its_position(index):
    feed = ListFeed(LIBRARY)
    follow(index, feed)
    feed.put(paper("late", "Late diffusion"))
    assert index.search(parse("diffusion"), 20).position == Position("lib", "first", 4)


@pytest.mark.parametrize("restored", ["of another epoch", "shorter"])
def test_a_foreign_index_is_made_anew(index, restored):
    follow(index, ListFeed(LIBRARY))
    follow(index, ListFeed(LIBRARY[:2], epoch="second" if restored == "of another epoch" else "first"))
    assert found(index, "ropes") == []


def test_there_is_no_answer_before_the_first_catching_up(index):
    assert index.status().position is None
    with pytest.raises(IndexUnavailableError):
        index.search(parse("keel"), 20)


def test_an_empty_library_has_an_index(index):
    follow(index, ListFeed())
    assert found(index, "keel") == []
    assert found(index, "-keel") == []


def test_a_rebuilt_index_is_right_and_says_how_far_it_is(index):
    feed = ListFeed(invented(30))
    follow(index, feed)
    steps = []
    index.rebuild(feed, lambda position, head: steps.append((position.stamp, head.stamp)))
    assert steps[-1] == (30, 30)
    assert differences(feed, index, deep=True) == []


def test_verify_sees_what_differs(index):
    feed = ListFeed(LIBRARY)
    follow(index, feed)
    feed.entries["cjk"] = feed.entries["cjk"].__class__("cjk", 4, paper("cjk", "Other words, same stamp"))
    feed.put(paper("sails", "Sails"))
    feed.put(paper("new", "New"))
    feed.remove("boats")
    assert {(d.paper_id, d.what.split()[0]) for d in differences(feed, index, deep=False)} == {
        ("sails", "is"),
        ("new", "is"),
        ("boats", "should"),
    }
    assert "cjk" in {d.paper_id for d in differences(feed, index, deep=True)}


def test_tidying_changes_no_answer(index):
    feed = ListFeed()
    for each in invented(30):
        feed.put(each)
        index.catch_up(feed, inf)
    feed.remove("p3")
    follow(index, feed)
    before = found(index, "keel", limit=60)
    index.tidy()
    assert sorted(found(index, "keel", limit=60)) == sorted(before)
    assert index.status().segments <= 22
    assert differences(feed, index, deep=True) == []
