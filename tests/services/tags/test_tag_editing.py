import pytest

from builders import a_clip, arxiv
from paperclipper.errors import ConflictError, NotFoundError, PreconditionRequiredError, StaleVersionError
from paperclipper.model import Colour
from paperclipper.services.actions import undoing
from paperclipper.services.papers import clipping, lookup
from paperclipper.services.tags import tag_editing, tagging
from paperclipper.services.trash import trashing
from paperclipper.store.access import libraries
from paperclipper.store.papers import papers

NAMES = [f"2603.0000{number}" for number in range(3)]


@pytest.fixture
def ids(store):
    """Three papers. The first two have the tag boats, and the second also ships."""
    saved = [
        clipping.save(store, a_clip(title=f"Paper {n}", identifiers=(arxiv(n),))).paper_id for n in NAMES
    ]
    for paper_id, tags in zip(saved, (["boats"], ["boats", "ships"], []), strict=True):
        for tag in tags:
            tagging.add(store, paper_id, tag)
    return saved


def tag(store, name):
    return next(tag for tag in tagging.suggest(store) if tag.name == name)


def names_of(store, paper_id):
    return [tag.name for tag in lookup.paper(store, paper_id).tags]


def stamps(store, ids):
    return [(p.version.changed, p.index_stamp) for p in papers.get_many(store, ids).values()]


def test_renaming_a_tag_changes_its_papers_but_no_index_document(store, ids):
    boats, before = tag(store, "boats"), stamps(store, ids)
    renamed, action = tag_editing.edit(store, boats.id, {"name": "Craft/Boats"}, str(boats.version))
    assert (renamed.id, renamed.name, renamed.paper_count) == (boats.id, "Craft/Boats", 2)
    assert names_of(store, ids[1]) == ["Craft/Boats", "ships"]
    after = stamps(store, ids)
    assert [a[1] for a in after] == [b[1] for b in before]
    assert [a[0] > b[0] for a, b in zip(after, before, strict=True)] == [True, True, False]
    assert action.title == "Renamed the tag “boats” to “Craft/Boats”"
    undoing.undo(store, action.id)
    assert names_of(store, ids[0]) == ["boats"]


def test_changing_the_case_renames_and_the_same_name_does_not(store, ids):
    boats = tag(store, "boats")
    assert tag_editing.edit(store, boats.id, {"name": "boats", "colour": None}, None) == (boats, None)
    renamed, _ = tag_editing.edit(store, boats.id, {"name": "Boats"}, str(boats.version))
    assert renamed.name == "Boats"


def test_a_colour_makes_no_action_and_changes_no_paper(store, ids):
    boats, before = tag(store, "boats"), stamps(store, ids)
    coloured, action = tag_editing.edit(store, boats.id, {"colour": Colour.PINK}, str(boats.version))
    assert (coloured.colour, action) == (Colour.PINK, None)
    assert lookup.paper(store, ids[0]).tags[0].colour is Colour.PINK
    assert stamps(store, ids) == before


def test_an_edit_of_a_tag_needs_the_current_version(store, ids):
    boats = tag(store, "boats")
    with pytest.raises(PreconditionRequiredError):
        tag_editing.edit(store, boats.id, {"name": "a"}, None)
    tag_editing.edit(store, boats.id, {"name": "a"}, str(boats.version))
    with pytest.raises(StaleVersionError) as stale:
        tag_editing.edit(store, boats.id, {"name": "b"}, str(boats.version))
    assert stale.value.current.name == "a"
    assert tag_editing.edit(store, boats.id, {"name": "a"}, str(boats.version))[1] is None


def test_a_tag_cannot_take_the_name_of_another(store, ids):
    boats = tag(store, "boats")
    with pytest.raises(ConflictError):
        tag_editing.edit(store, boats.id, {"name": "SHIPS"}, str(boats.version))


def test_merging_tags_can_be_undone(store, ids):
    boats, ships = tag(store, "boats"), tag(store, "ships")
    tag_editing.edit(store, boats.id, {"colour": Colour.BLUE}, str(boats.version))
    merged, action = tag_editing.merge(store, boats.id, ships.id)
    assert (merged.id, merged.paper_count) == (ships.id, 2)
    assert [names_of(store, i) for i in ids] == [["ships"], ["ships"], []]
    clock = libraries.get(store).clock
    assert tag_editing.merge(store, boats.id, ships.id) == (merged, None)
    assert libraries.get(store).clock == clock
    with pytest.raises(NotFoundError):
        tag_editing.get(store, boats.id)
    tagging.add(store, ids[2], "ships")
    assert undoing.undo(store, action.id).undone_at
    assert [names_of(store, i) for i in ids] == [["boats"], ["boats", "ships"], ["ships"]]
    assert tag(store, "boats").colour is Colour.BLUE


def test_deleting_a_tag_can_be_undone(store, ids):
    action = tag_editing.delete(store, [tag(store, "boats").id])
    assert [names_of(store, i) for i in ids] == [[], ["ships"], []]
    assert tag_editing.delete(store, ["no such tag"]) is None
    undoing.undo(store, action.id)
    undoing.undo(store, action.id)
    assert [names_of(store, i) for i in ids] == [["boats"], ["boats", "ships"], []]


def test_a_tag_whose_name_is_taken_is_not_restored(store, ids):
    action = tag_editing.delete(store, [tag(store, "boats").id])
    tagging.add(store, ids[2], "Boats")
    with pytest.raises(ConflictError):
        undoing.undo(store, action.id)
    assert undoing.get(store, action.id).undone_at is None
    assert [names_of(store, i) for i in ids] == [[], ["ships"], ["Boats"]]


def test_a_rename_is_not_undone_after_a_later_one(store, ids):
    boats = tag(store, "boats")
    once, first = tag_editing.edit(store, boats.id, {"name": "a"}, str(boats.version))
    _, second = tag_editing.edit(store, boats.id, {"name": "b"}, str(once.version))
    with pytest.raises(ConflictError):
        undoing.undo(store, first.id)
    undoing.undo(store, second.id)
    undoing.undo(store, first.id)
    assert names_of(store, ids[0]) == ["boats"]


def test_only_tags_without_papers_are_deleted_as_unused(store, ids):
    tagging.remove(store, ids[1], "ships")
    trashing.trash(store, ids[0])
    trashing.trash(store, ids[1])
    action = tag_editing.delete_unused(store)
    assert [tag.name for tag in tagging.suggest(store)] == ["boats"]
    assert tag_editing.delete_unused(store) is None
    undoing.undo(store, action.id)
    assert {tag.name for tag in tagging.suggest(store)} == {"boats", "ships"}
