from datetime import date

import pytest

from builders import a_clip, arxiv, some_facts, titled
from paperclipper.model import Decision
from paperclipper.services.days import decisions as deciding
from paperclipper.services.papers import clipping, lookup
from paperclipper.store.access import libraries
from paperclipper.store.database.tables import DecisionRow
from paperclipper.store.papers import papers
from paperclipper.store.search import feed

DAY, NEXT_DAY = date(2026, 3, 9), date(2026, 3, 10)


def decisions(store, day=DAY):
    return {decided.paper_id: decided.decision for decided in deciding.of_day(store, day)}


def test_a_paper_never_clipped_is_kept_with_title_and_identifiers_and_is_not_the_readers(store):
    paper_id = deciding.decide(store, DAY, some_facts(), Decision.SKIPPED)
    kept = lookup.paper(store, paper_id)
    assert (kept.facts.title, kept.facts.identifiers) == (some_facts().title, some_facts().identifiers)
    assert (kept.facts.abstract, kept.facts.authors, kept.is_mine) == ("", (), False)
    assert lookup.listing(store, 10, 0) == ([], 0)
    assert papers.count(store) == 0
    assert list(papers.iterate(store)) == []
    assert [(entry.paper, entry.skipped) for entry in feed.entries_after(store, 0, 10)[1]] == [(kept, True)]
    (state,) = lookup.lookup(store, [arxiv("2603.01234")])
    assert (state.is_mine, state.skipped_on, state.clipped_at) == (False, (DAY,), None)


def test_a_paper_is_decided_on_day_by_day(store):
    paper_id = clipping.save(store, a_clip()).paper_id
    assert deciding.decide(store, DAY, some_facts(), Decision.DONE) == paper_id
    assert deciding.decide(store, NEXT_DAY, some_facts(), Decision.SKIPPED) == paper_id
    assert decisions(store) == {paper_id: Decision.DONE}
    assert decisions(store, NEXT_DAY) == {paper_id: Decision.SKIPPED}
    assert lookup.paper(store, paper_id).is_mine


def test_a_decision_may_be_changed_and_withdrawn(store):
    paper_id = deciding.decide(store, DAY, some_facts(), Decision.SKIPPED)
    deciding.decide(store, DAY, some_facts(), Decision.DONE)
    assert decisions(store) == {paper_id: Decision.DONE}
    deciding.decide(store, DAY, some_facts(), None)
    assert decisions(store) == {}
    deciding.decide(store, DAY, some_facts(), Decision.SKIPPED)
    assert decisions(store) == {paper_id: Decision.SKIPPED}


@pytest.mark.parametrize("facts", [some_facts(), titled("Folding Paper Boats")])
def test_the_same_decision_again_is_no_change(store, facts):
    paper_id = deciding.decide(store, DAY, facts, Decision.SKIPPED)
    clock = libraries.get(store).clock
    assert deciding.decide(store, DAY, facts, Decision.SKIPPED) == paper_id
    assert libraries.get(store).clock == clock


def test_the_database_keeps_the_word_of_release_0_1_for_skipped(store):
    deciding.decide(store, DAY, some_facts(), Decision.SKIPPED)
    assert [row.decision for row in DecisionRow.select()] == ["dismissed"]
