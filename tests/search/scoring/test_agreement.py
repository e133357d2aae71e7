"""Engines that evaluate the same plan find the same papers, with the same scores and counts."""

import re
import tempfile
import time
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from paperclipper.model import Sort, Status, Tag
from paperclipper.search.index.search_index import WhooshIndex
from paperclipper.search.query.results import Wanted
from paperclipper.search.query.syntax import MAX_FUZZY, MAX_WORDS, resolve_tags
from paperclipper.search.whoosh import index_folder
from search.index.list_source import NOW, ListSource, ask, paper
from search.oracles import whoosh_reference
from search.oracles.memory_index import MemoryIndex

VOCABULARY = [
    "keel",
    "keels",
    "mast",
    "rudder",
    "self-supervised",
    "selfsupervised",
    "self",
    "supervised",
    "GPT-4",
    "gpt4",
    "gpt",
    "4",
    "learning",
    "learned",
    "reinforcement",
    "RL",
    "the",
    "of",
    "to",
    "R&D",
    "C++",
    "α",
    "alpha",
    "O(n^2)",
    "1M",
    "million",
    "扩散模型",
    "模型",
    "Quick-Zebra",
    "ocean",
    "oceans",
]
TEXT = st.lists(st.sampled_from(VOCABULARY), max_size=12).map(" ".join)
FACTS = st.builds(
    lambda title, abstract, note, names, year, days, upvotes, status, tagged: {
        "title": title or "Untitled",
        "abstract": abstract,
        "notes": (note,) if note else (),
        "authors": tuple(names),
        "published": date(year, 1, 1) if year else None,
        "clipped": NOW - timedelta(days=days),
        "upvotes": upvotes,
        "status": status,
        "tags": (Tag("t1", "boat"),) if tagged else (),
    },
    TEXT,
    TEXT,
    TEXT,
    st.lists(st.sampled_from(["Ada Keel", "Bo Mast"]), unique=True),
    st.sampled_from([None, 2024, 2025]),
    st.integers(0, 400),
    st.sampled_from([None, 0, 7, 60]),
    st.sampled_from(Status),
    st.booleans(),
)
ATOM = st.one_of(
    st.sampled_from(VOCABULARY),
    st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=3).map(lambda words: f'"{" ".join(words)}"'),
    st.sampled_from(
        ["kee*", "ocea*", "learnin~", "maste~", "title:keel", "note:mast", "author:ada", 'author:"bo mast"']
    ),
    st.sampled_from(
        ["tag:boat", "is:unread", "has:note", "year:2024", "upvotes:>7", "clipped:<99d", "before:2025"]
    ),
)
GROUP = st.recursive(
    st.tuples(st.sampled_from(["", "", "", "-"]), ATOM).map("".join),
    lambda inner: st.tuples(st.sampled_from(["", "-"]), st.lists(inner, min_size=1, max_size=3)).map(
        lambda pair: f"{pair[0]}({' or '.join(pair[1])})"
    ),
    max_leaves=4,
)
QUERIES = (
    st.lists(GROUP, min_size=1, max_size=3)
    .map(" ".join)
    .filter(lambda text: text.count("~") <= MAX_FUZZY and len(re.findall(r"\w+", text)) <= MAX_WORDS)
)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.integers(0, 11), FACTS),
        st.tuples(st.just("remove"), st.integers(0, 11), st.none()),
        st.tuples(st.just("commit"), st.none(), st.none()),
        st.tuples(st.just("merge"), st.none(), st.none()),
    ),
    min_size=1,
    max_size=24,
)
ALL = Wanted(1000, facets=True)


@given(STEPS, st.lists(QUERIES, min_size=1, max_size=6), st.booleans())
@settings(max_examples=60, phases=[Phase.reuse, Phase.generate])  # shrinking takes minutes
def test_engines_agree_on_a_plan(steps, queries, as_you_type):
    source = ListSource()
    with tempfile.TemporaryDirectory() as folder, closing(WhooshIndex(Path(folder) / "lib")) as index:
        oracle = MemoryIndex()
        # Deleted papers still count in the frequency of a word, and merging rounds the lengths of texts.
        puts = [number for step, number, _ in steps if step == "put"]
        is_exact = len(set(puts)) == len(puts) and not {"remove", "merge"} & {step for step, _, _ in steps}
        for step, number, facts in [*steps, ("commit", None, None)]:
            follow(source, (oracle, index), step, f"p{number}", facts)
        for text in queries:
            query = resolve_tags(ask(text, as_you_type=as_you_type), lambda _: ("t1",))
            assert_agreement(oracle, index, query, is_exact=is_exact)


def follow(source, indexes, step, paper_id, facts):
    match step:
        case "put":
            source.put(paper(paper_id, **facts))
        case "remove":
            source.remove(paper_id)
        case _:
            for index in indexes:
                assert index.catch_up(source, time.monotonic() + 60)
    if step == "merge":
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(index_folder, "MAX_SEGMENTS", 1)
            for index in indexes:
                index.merge_segments()


def assert_agreement(oracle, index, query, *, is_exact):
    query = replace(query, sort=Sort.RELEVANCE)
    answer, expected = index.search(query, ALL), oracle.search(query, ALL)
    scores = {hit.paper_id: hit.score for hit in answer.hits}
    assert set(scores) == {hit.paper_id for hit in expected.hits}, query.text
    assert {facet: values for facet, values in answer.facets.items() if values} == expected.facets, query.text
    assert scores == pytest.approx(whoosh_reference.scores(index, query), abs=1e-4), query.text
    if is_exact:
        assert scores == pytest.approx({hit.paper_id: hit.score for hit in expected.hits}, abs=1e-4), (
            query.text
        )
    diagnostics, expected_diagnostics = index.diagnose(query), oracle.diagnose(query)
    assert [(one.matches, one.matches_without) for one in diagnostics] == [
        (one.matches, one.matches_without) for one in expected_diagnostics
    ], query.text
