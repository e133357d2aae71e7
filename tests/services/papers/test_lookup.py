from datetime import timedelta

import pytest

from builders import CLIPPED_AT, a_clip, a_highlight, a_note, arxiv, doi, uuid7
from paperclipper.errors import InvalidInputError, NotFoundError
from paperclipper.model import Decision, Status
from paperclipper.services.annotations import annotations
from paperclipper.services.days import decisions
from paperclipper.services.papers import clipping, lookup
from paperclipper.services.tags import tagging
from paperclipper.services.trash import trashing
from paperclipper.store.access import libraries
from paperclipper.store.database.tables import proxy


@pytest.mark.parametrize(
    "ref",
    [
        "2603.01234",
        "arxiv:2603.01234",
        "https://arxiv.org/abs/2603.01234v2",
        "https://huggingface.co/papers/2603.01234",
        "doi:10.1000/182",
        "https://doi.org/10.1000/182",
    ],
)
def test_a_paper_is_found_by_any_identifier(store, ref):
    saved = clipping.save(store, a_clip(identifiers=(arxiv("2603.01234"), doi("10.1000/182"))))
    assert lookup.paper_id(store, ref) == saved.paper_id


def test_a_paper_is_found_by_its_id_and_its_clips(store):
    request = a_clip()
    saved = clipping.save(store, request)
    assert lookup.paper(store, saved.paper_id) == lookup.paper(store, request.id)


@pytest.mark.parametrize(
    "ref", ["", "nothing", "2603.09999", "javascript:alert(1)", "https://example.org/", "a" * 9000]
)
def test_an_unknown_reference_is_not_found(store, ref):
    clipping.save(store, a_clip())
    with pytest.raises(NotFoundError):
        lookup.paper(store, ref)


def test_a_paper_of_another_library_is_not_found(store):
    request = a_clip()
    saved = clipping.save(store, request)
    other = libraries.create("another").id
    for ref in (saved.paper_id, request.id, "2603.01234"):
        with pytest.raises(NotFoundError):
            lookup.paper(other, ref)


def test_states_are_returned_in_the_order_of_the_identifiers(store):
    saved = clipping.save(store, a_clip())
    tagging.add(store, saved.paper_id, "boats")
    annotations.put(store, uuid7(), saved.paper_id, a_note(), None)
    annotations.put(store, uuid7(), saved.paper_id, a_highlight(), None)
    day = a_clip().clipped_at.date()
    decisions.decide(store, day, a_clip().facts, Decision.SKIPPED)
    absent, state, again = lookup.states(
        store, [arxiv("2603.09999"), arxiv("2603.01234"), arxiv("2603.01234")]
    )
    assert absent is None
    assert state == again
    assert (state.id, state.status, state.starred, state.is_mine) == (
        saved.paper_id,
        Status.UNREAD,
        False,
        True,
    )
    assert (state.tags, state.notes, state.highlights) == (("boats",), 1, 1)
    assert (state.clipped_at, state.skipped_on) == (a_clip().clipped_at, (day,))
    assert state.version == lookup.paper(store, saved.paper_id).version


def test_a_trashed_paper_has_no_state(store):
    saved = clipping.save(store, a_clip())
    trashing.trash(store, saved.paper_id)
    assert lookup.states(store, [arxiv("2603.01234")]) == [None]


def test_states_take_as_many_queries_for_500_as_for_one(store):
    def queries(named):
        seen = []
        proxy.connection().set_trace_callback(seen.append)
        lookup.states(store, named)
        proxy.connection().set_trace_callback(None)
        return len(seen)

    named = [arxiv(f"2603.{number:05}") for number in range(500)]
    clipping.save_many(
        store, [a_clip(title=f"Boat {i}", identifiers=(name,)) for i, name in enumerate(named)]
    )
    assert queries(named) == queries(named[:1]) <= 5
    with pytest.raises(InvalidInputError):
        lookup.states(store, [*named, arxiv("2604.00001")])


def test_newest_papers_come_with_the_total(store):
    for i in (3, 0, 4, 1, 2):
        at = CLIPPED_AT + timedelta(days=i)
        clipping.save(store, a_clip(title=f"Boat {i}", identifiers=(arxiv(f"2603.0000{i}"),), clipped_at=at))
    page, total = lookup.newest(store, limit=2, offset=1)
    assert [paper.facts.title for paper in page] == ["Boat 3", "Boat 2"]
    assert total == 5


@pytest.mark.parametrize(
    "words", ["arxiv:2603.01234", "https://arxiv.org/pdf/2603.01234v2", "folding PAPER boats: with diffusion"]
)
def test_a_paper_is_found_by_link_or_title(store, words):
    paper_id = clipping.save(store, a_clip()).paper_id
    assert lookup.find_by_text(store, words) == lookup.find_by_text(store, paper_id) == paper_id
    trashing.trash(store, paper_id)
    assert lookup.find_by_text(store, words) is None


def test_text_that_names_no_paper_finds_none(store):
    assert lookup.find_by_text(store, "Folding Paper Boats") is None
