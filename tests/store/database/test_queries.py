"""Queries that are compiled once, with named parameters."""

import pytest

from builders import a_clip, arxiv
from paperclipper.services.papers import clipping
from paperclipper.store.database.queries import Query, list_parameter, parameter
from paperclipper.store.database.tables import PaperRow

TITLED = Query(
    PaperRow.select(PaperRow.title, PaperRow.published)
    .where(PaperRow.title.in_(list_parameter("titles")) & (PaperRow.library == parameter("library")))
    .order_by(PaperRow.title),
    (PaperRow.title, PaperRow.published),
)


@pytest.fixture
def boats(store):
    clips = [a_clip(title=f"Boat {n}", identifiers=(arxiv(f"2603.0000{n}"),)) for n in range(3)]
    clipping.save_many(store, clips)
    return [(clip.facts.title, clip.facts.published) for clip in clips]


@pytest.mark.parametrize("count", [3, 1, 0, 2])
def test_values_are_bound_by_name_and_lists_may_have_any_length(store, boats, count):
    titles = [title for title, _ in boats[:count]]
    assert TITLED.rows(library=store, titles=titles) == boats[:count]
    assert TITLED.rows(titles=titles, library=store) == boats[:count]
    assert TITLED.rows(library="another", titles=titles) == []


def test_the_first_row_or_none(store, boats):
    assert TITLED.row(library=store, titles=["Boat 1"]) == boats[1]
    assert TITLED.row(library=store, titles=["Ship"]) is None


def test_a_missing_value_is_an_error(store):
    with pytest.raises(KeyError, match="titles"):
        TITLED.rows(library=store)


def test_a_constant_is_an_error(store):
    with pytest.raises(AssertionError):
        Query(PaperRow.select(PaperRow.id).where(PaperRow.title == "Boat")).rows()
