import pytest

from builders import a_clip, arxiv, uuid7
from paperclipper.errors import ConflictError, InvalidInputError, NotFoundError
from paperclipper.model import ActionKind, Status
from paperclipper.services.actions import bulk_editing, undoing
from paperclipper.services.actions.bulk_editing import BulkEdit, Selection
from paperclipper.services.papers import clipping, editing, lookup
from paperclipper.services.papers.editing import PaperEdit
from paperclipper.services.search import indexing
from paperclipper.services.tags import tagging
from paperclipper.services.trash import trashing
from paperclipper.store import actions
from paperclipper.store.access import libraries

NAMES = [f"2603.0000{number}" for number in range(4)]


@pytest.fixture
def ids(store, tmp_path):
    """Four papers, two of them about boats. The first has the tag old and the status reading."""
    indexing.use_folder(tmp_path)
    words = ("boats", "boats", "kites", "kites")
    facts = [{"title": f"Of {w} {n}", "identifiers": (arxiv(n),)} for n, w in zip(NAMES, words, strict=True)]
    clips = [a_clip(abstract="", **each) for each in facts]
    saved = [one.paper_id for one in clipping.save_many(store, clips)]
    tagging.add(store, saved[0], "old")
    set_status(store, saved[0], Status.READING)
    return saved


def set_status(store, paper_id, status):
    version = lookup.paper(store, paper_id).version
    editing.edit(store, paper_id, PaperEdit(frozenset({"status"}), status=status), str(version))


def state(store, paper_id):
    paper = lookup.paper(store, paper_id)
    return [tag.name for tag in paper.tags], paper.status.value, paper.starred, paper.deleted_at is not None


def test_selected_papers_are_changed_in_one_action_that_can_be_undone(store, ids):
    wanted = BulkEdit(add_tags=("new",), remove_tags=("Old", "never used"), status=Status.READ, starred=True)
    before = [state(store, i) for i in ids]
    action = bulk_editing.edit(store, uuid7(), Selection((ids[0], "arxiv:2603.00002", ids[0])), wanted)
    assert (action.kind, action.title[:9]) == (ActionKind.BULK, "2 papers:")
    changed = (["new"], "read", True, False)
    assert [state(store, i) for i in ids] == [changed, before[1], changed, before[3]]
    undoing.undo(store, action.id)
    undoing.undo(store, action.id)
    assert [state(store, i) for i in ids] == before


def test_all_results_of_a_search_are_changed(store, ids):
    bulk_editing.edit(store, uuid7(), Selection(q="boats"), BulkEdit(add_tags=("found",)))
    assert ["found" in state(store, i)[0] for i in ids] == [True, True, False, False]


def test_many_papers_are_trashed_and_restored(store, ids):
    action = bulk_editing.edit(store, uuid7(), Selection(tuple(ids[:3])), BulkEdit(trash=True))
    assert [state(store, i)[3] for i in ids] == [True, True, True, False]
    trashing.restore(store, ids[0])
    undoing.undo(store, action.id)
    assert [state(store, i)[3] for i in ids] == [False] * 4


def test_undoing_keeps_later_changes(store, ids):
    action = bulk_editing.edit(
        store, uuid7(), Selection(tuple(ids[:2])), BulkEdit(("new",), status=Status.READ)
    )
    set_status(store, ids[0], Status.ARCHIVED)
    tagging.remove(store, ids[1], "new")
    undoing.undo(store, action.id)
    assert state(store, ids[0])[:2] == (["old"], "archived")
    assert state(store, ids[1])[:2] == ([], "unread")


def test_repeating_a_bulk_edit_changes_nothing(store, ids):
    action_id, selection, wanted = uuid7(), Selection(tuple(ids)), BulkEdit(starred=True)
    first = bulk_editing.edit(store, action_id, selection, wanted)
    clock = libraries.get(store).clock
    assert bulk_editing.edit(store, action_id, selection, wanted) == first
    assert libraries.get(store).clock == clock
    for other in ((Selection(tuple(ids[:1])), wanted), (selection, BulkEdit(starred=False))):
        with pytest.raises(ConflictError):
            bulk_editing.edit(store, action_id, *other)


def test_the_id_of_another_action_is_rejected(store, ids):
    actions.add(store, "taken", ActionKind.DELETE_TAGS, "Something else", {})
    with pytest.raises(ConflictError):
        bulk_editing.edit(store, "taken", Selection(tuple(ids)), BulkEdit(starred=True))


def test_a_failed_bulk_edit_changes_nothing(store, ids):
    with pytest.raises(NotFoundError):
        bulk_editing.edit(store, uuid7(), Selection((ids[0], "2699.99999")), BulkEdit(starred=True))
    with pytest.raises(InvalidInputError):
        bulk_editing.edit(store, uuid7(), Selection((ids[0],)), BulkEdit(add_tags=("good", "a,b")))
    with pytest.raises(InvalidInputError):
        bulk_editing.edit(store, uuid7(), Selection((ids[0],)), BulkEdit())
    assert state(store, ids[0]) == (["old"], "reading", False, False)


def test_papers_in_the_trash_are_skipped(store, ids):
    trashing.trash(store, ids[0])
    action = bulk_editing.edit(store, uuid7(), Selection(tuple(ids[:2])), BulkEdit(starred=True))
    assert action.title.startswith("1 paper:")
    assert not state(store, ids[0])[2]


def test_a_selection_as_listed_has_as_many_papers_as_the_page(store, ids):
    for q, found in (("boa", 2), ("", 4)):
        listed = Selection(q=q, as_listed=True)
        action = bulk_editing.edit(store, uuid7(), listed, BulkEdit(add_tags=(f"found {found}",)))
        assert action.title.startswith(f"{found} papers:")
    with pytest.raises(InvalidInputError):
        bulk_editing.edit(store, uuid7(), Selection(q="boats"), BulkEdit())
