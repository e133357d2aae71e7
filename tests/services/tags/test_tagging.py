import pytest

from builders import a_clip, arxiv
from paperclipper.errors import InvalidInputError, NotFoundError
from paperclipper.services.papers import clipping, lookup
from paperclipper.services.tags import tagging
from paperclipper.services.trash import trashing
from paperclipper.store.access import libraries


@pytest.fixture
def paper_id(store):
    return clipping.save(store, a_clip()).paper_id


def names(paper):
    return [tag.name for tag in paper.tags]


def test_tags_are_compared_without_case_and_shown_as_first_typed(store, paper_id):
    other = clipping.save(store, a_clip(identifiers=(arxiv("2603.09999"),))).paper_id
    assert names(tagging.add(store, paper_id, "Straße")) == ["Straße"]
    assert names(tagging.add(store, paper_id, "STRASSE")) == ["Straße"]
    assert names(tagging.add(store, other, "strasse")) == ["Straße"]
    assert [(tag.name, tag.paper_count) for tag in tagging.suggest(store)] == [("Straße", 2)]
    assert names(tagging.remove(store, paper_id, "strassE")) == []


def test_adding_and_removing_tags_is_idempotent(store, paper_id):
    once = tagging.add(store, paper_id, "boats")
    clock = libraries.get(store).clock
    assert tagging.add(store, paper_id, "Boats") == once
    assert tagging.remove(store, paper_id, "sails") == once
    assert libraries.get(store).clock == clock


def test_tagging_changes_the_version_of_the_paper(store, paper_id):
    before = lookup.paper(store, paper_id).version
    after = tagging.add(store, paper_id, "boats").version
    assert after.changed > before.changed
    assert tagging.remove(store, paper_id, "boats").version.changed > after.changed


@pytest.mark.parametrize("typed", ["", " ", "#", "/", " / / ", "a,b", "a\x00b", "x" * 101])
def test_an_invalid_tag_name_is_rejected(store, paper_id, typed):
    with pytest.raises(InvalidInputError) as caught:
        tagging.add(store, paper_id, typed)
    assert caught.value.pointer == "/tag"


def test_suggestions_are_most_used_first_and_nest(store, paper_id):
    other = clipping.save(store, a_clip(identifiers=(arxiv("2603.09999"),))).paper_id
    for tag in ("Craft/Paper", "craft/wood", "100%", "100x"):
        tagging.add(store, paper_id, tag)
    tagging.add(store, other, "craft/wood")
    assert [tag.name for tag in tagging.suggest(store, "craft/")] == ["craft/wood", "Craft/Paper"]
    assert [tag.name for tag in tagging.suggest(store, "#CRAFT/p")] == ["Craft/Paper"]
    assert [tag.name for tag in tagging.suggest(store, "100%")] == ["100%"]
    assert len(tagging.suggest(store, limit=2)) == 2


def test_a_paper_in_the_trash_is_not_counted(store, paper_id):
    tagging.add(store, paper_id, "boats")
    trashing.trash(store, paper_id)
    assert [tag.paper_count for tag in tagging.suggest(store, "boats")] == [0]


def test_tags_belong_to_one_library(store, paper_id):
    tagging.add(store, paper_id, "boats")
    other = libraries.create("another").id
    assert tagging.suggest(other) == []
    with pytest.raises(NotFoundError):
        tagging.add(other, paper_id, "boats")


def test_a_tag_is_found_in_any_case_and_spacing(store):
    paper_id = clipping.save(store, a_clip()).paper_id
    tagging.add(store, paper_id, "Sea/Tides")
    assert tagging.find(store, " #SEA / tides").name == "Sea/Tides"
    assert tagging.find(store, "sea") is None


def test_unused_tags_are_on_no_paper_not_even_in_the_trash(store):
    paper_id = clipping.save(store, a_clip()).paper_id
    for name in ("sea", "land"):
        tagging.add(store, paper_id, name)
    tagging.remove(store, paper_id, "land")
    trashing.trash(store, paper_id)
    assert [tag.name for tag in tagging.unused(store)] == ["land"]
