from datetime import date

import pytest

from builders import a_clip, arxiv, some_facts, titled
from paperclipper.model import Decision
from paperclipper.services.days import decisions
from paperclipper.services.papers import clipping, lookup
from paperclipper.store.access import libraries
from paperclipper.store.database.tables import DecisionRow
from paperclipper.store.papers import papers
from paperclipper.store.search import feed

DAY, NEXT_DAY = date(2026, 3, 9), date(2026, 3, 10)


def decisions_by_paper(store, day=DAY):
    return {decided.paper_id: decided.decision for decided in decisions.of_day(store, day)}


def test_a_paper_never_clipped_has_only_title_and_identifiers_and_is_not_counted(store):
    paper_id = decisions.decide(store, DAY, some_facts(), Decision.SKIPPED)
    stored = lookup.paper(store, paper_id)
    assert (stored.facts.title, stored.facts.identifiers) == (some_facts().title, some_facts().identifiers)
    assert (stored.facts.abstract, stored.facts.authors, stored.is_mine) == ("", (), False)
    assert lookup.newest(store, 10, 0) == ([], 0)
    assert papers.count(store) == 0
    assert list(papers.iterate(store)) == []
    assert [(entry.paper, entry.skipped) for entry in feed.entries_after(store, 0, 10)[1]] == [(stored, True)]
    (state,) = lookup.states(store, [arxiv("2603.01234")])
    assert (state.is_mine, state.skipped_on, state.clipped_at) == (False, (DAY,), None)


def test_each_day_has_its_own_decision(store):
    paper_id = clipping.save(store, a_clip()).paper_id
    assert decisions.decide(store, DAY, some_facts(), Decision.DONE) == paper_id
    assert decisions.decide(store, NEXT_DAY, some_facts(), Decision.SKIPPED) == paper_id
    assert decisions_by_paper(store) == {paper_id: Decision.DONE}
    assert decisions_by_paper(store, NEXT_DAY) == {paper_id: Decision.SKIPPED}
    assert lookup.paper(store, paper_id).is_mine


def test_a_decision_can_be_changed_and_withdrawn(store):
    paper_id = decisions.decide(store, DAY, some_facts(), Decision.SKIPPED)
    decisions.decide(store, DAY, some_facts(), Decision.DONE)
    assert decisions_by_paper(store) == {paper_id: Decision.DONE}
    decisions.decide(store, DAY, some_facts(), None)
    assert decisions_by_paper(store) == {}
    decisions.decide(store, DAY, some_facts(), Decision.SKIPPED)
    assert decisions_by_paper(store) == {paper_id: Decision.SKIPPED}


@pytest.mark.parametrize("facts", [some_facts(), titled("Folding Paper Boats")])
def test_repeating_a_decision_changes_nothing(store, facts):
    paper_id = decisions.decide(store, DAY, facts, Decision.SKIPPED)
    clock = libraries.get(store).clock
    assert decisions.decide(store, DAY, facts, Decision.SKIPPED) == paper_id
    assert libraries.get(store).clock == clock


def test_the_database_keeps_the_word_of_release_0_1_for_skipped(store):
    decisions.decide(store, DAY, some_facts(), Decision.SKIPPED)
    assert [row.decision for row in DecisionRow.select()] == ["dismissed"]
