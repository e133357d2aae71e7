"""Whatever the query, the work is limited: lookups in the lexicon, terms read, and terms in the plan."""

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
def test_the_work_is_limited(ten_thousand, monkeypatch, text, as_you_type):
    finders = []
    monkeypatch.setattr(
        planner, "VariantFinder", lambda lexicon: finders.append(VariantFinder(lexicon)) or finders[-1]
    )
    with suppress(QueryError):
        search_and_diagnose(ten_thousand.index, ask(text, as_you_type=as_you_type, unfinished=as_you_type))
    assert all(finder.lookups <= MAX_LOOKUPS and finder.terms_read <= MAX_TERMS_READ for finder in finders)


def search_and_diagnose(index, query):
    found = index.search(query, Wanted(1000, partial=10, facets=True))
    index.diagnose(query)
    assert sum(1 for clause in found.plan.clauses for _ in leaves(clause.node)) <= 1000
    assert len(found.plan.boosts) <= 1000


@pytest.mark.nightly
@pytest.mark.timeout(1200)
def test_each_takes_less_than_a_second_with_twenty_thousand_papers(twenty_thousand):
    twenty_thousand.index.status()  # opened, as in a worker that is ready
    took = {}
    for text in HOSTILE:
        began = time.perf_counter()
        with suppress(QueryError):
            search_and_diagnose(twenty_thousand.index, ask(text))
        took[text[:40]] = time.perf_counter() - began
    assert {text: seconds for text, seconds in took.items() if seconds > 1} == {}
