"""Whatever is asked, the work is bounded: how often the lexicon is asked, how much of it is looked at, and what
comes of it."""

import time
from contextlib import suppress

import pytest

from paperclipper.errors import QueryError
from paperclipper.search.query import planner
from paperclipper.search.query.plan import leaves
from paperclipper.search.query.results import Wanted
from paperclipper.search.query.variants import MAX_LOOKUPS, MAX_TERMS_READ, VariantFinder
from search.index.list_source import ask
from search.query.hostile_queries import HOSTILE


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("as_you_type", [False, True])
def test_the_work_is_bounded(ten_thousand, monkeypatch, text, as_you_type):
    asked = []
    monkeypatch.setattr(
        planner, "VariantFinder", lambda lexicon: asked.append(VariantFinder(lexicon)) or asked[-1]
    )
    with suppress(QueryError):
        look(ten_thousand.index, ask(text, as_you_type=as_you_type, unfinished=as_you_type))
    assert all(finder.lookups <= MAX_LOOKUPS and finder.terms_read <= MAX_TERMS_READ for finder in asked)


def look(index, query):
    found = index.search(query, Wanted(1000, partial=10, facets=True))
    index.diagnose(query)
    assert sum(1 for clause in found.plan.clauses for _ in leaves(clause.node)) <= 1000
    assert len(found.plan.boosts) <= 1000


@pytest.mark.nightly
@pytest.mark.timeout(1200)
def test_each_is_answered_within_a_second_by_twenty_thousand(twenty_thousand):
    twenty_thousand.index.status()  # open, as a worker's is before it answers
    took = {}
    for text in HOSTILE:
        began = time.perf_counter()
        with suppress(QueryError):
            look(twenty_thousand.index, ask(text))
        took[text[:40]] = time.perf_counter() - began
    assert {text: seconds for text, seconds in took.items() if seconds > 1} == {}
