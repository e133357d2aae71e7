from dataclasses import replace

import pytest

from builders import a_clip, a_highlight, a_note, arxiv, uuid7
from paperclipper.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    PreconditionRequiredError,
    StaleVersionError,
)
from paperclipper.model import AnnotationKind, Colour, TextQuote
from paperclipper.services.annotations import annotations
from paperclipper.services.papers import clipping, editing, lookup
from paperclipper.services.papers.editing import PaperEdit
from paperclipper.store.access import libraries


@pytest.fixture
def paper_id(store):
    return clipping.save(store, a_clip()).paper_id


@pytest.fixture
def note(store, paper_id):
    return annotations.put(store, uuid7(), paper_id, a_note(), None)[0]


def put(store, note, draft, base):
    return annotations.put(store, note.id, note.paper_id, draft, base)[0]


@pytest.mark.parametrize(
    "draft",
    [
        a_note(
            "# Boats\n\n*fold* \u0000 折り紙", source_url="https://arxiv.org/abs/2603.01234", arxiv_version=2
        ),
        a_note(""),
        a_highlight(body="why?", quote=TextQuote("one crease", "of noise, ", " at a time", 24, 34)),
    ],
)
def test_an_annotation_is_saved_completely(store, paper_id, draft):
    annotation, created = annotations.put(store, uuid7(), "arxiv:2603.01234", draft, None)
    assert created
    assert annotation.draft == draft
    assert annotation.paper_id == paper_id
    assert annotation.created_at == annotation.modified_at
    assert lookup.paper(store, paper_id).annotations == (annotation,)


def test_the_same_content_succeeds_whatever_the_base(store, note):
    clock = libraries.get(store).clock
    for base in (None, str(note.version), "another-1"):
        again, created = annotations.put(
            store, note.id, note.paper_id, replace(note.draft, made_in="popup"), base
        )
        assert (again, created) == (note, False)
    assert libraries.get(store).clock == clock


def test_new_content_needs_the_current_version(store, note):
    with pytest.raises(PreconditionRequiredError):
        put(store, note, a_note("new"), None)
    newer = put(store, note, a_note("new", made_in="popup"), str(note.version))
    assert (newer.draft.body, newer.draft.made_in, newer.created_at) == ("new", "page", note.created_at)
    assert newer.version.changed > note.version.changed
    with pytest.raises(StaleVersionError) as caught:
        put(store, note, a_note("newest"), str(note.version))
    assert caught.value.current == newer
    assert annotations.get(store, note.id) == newer


def test_an_id_of_another_paper_or_library_is_rejected(store, note):
    clipping.save(store, a_clip(identifiers=(arxiv("2603.09999"),)))
    with pytest.raises(ConflictError):
        annotations.put(store, note.id, "2603.09999", a_note(), None)
    other = libraries.create("another").id
    clipping.save(other, a_clip())
    with pytest.raises(ConflictError):
        annotations.put(other, note.id, "2603.01234", a_note(), None)
    with pytest.raises(NotFoundError):
        annotations.get(other, note.id)
    with pytest.raises(NotFoundError):
        annotations.trash(other, note.id)


def test_trashing_and_restoring(store, note):
    trashed = annotations.trash(store, note.id)
    assert trashed.deleted_at
    assert trashed.draft == note.draft
    assert annotations.trash(store, note.id) == trashed
    assert lookup.paper(store, note.paper_id).annotations == ()
    back = annotations.restore(store, note.id)
    assert back.deleted_at is None
    assert annotations.restore(store, note.id) == back
    assert lookup.paper(store, note.paper_id).annotations == (back,)


def test_every_change_advances_the_index_stamp_but_not_the_papers_version(store, paper_id):
    version, stamp = lookup.paper(store, paper_id).version, lookup.paper(store, paper_id).index_stamp

    def moved():
        nonlocal stamp
        paper = lookup.paper(store, paper_id)
        later, stamp = paper.index_stamp > stamp, paper.index_stamp
        return later and paper.version == version

    note = annotations.put(store, uuid7(), paper_id, a_note(), None)[0]
    assert moved()
    put(store, note, a_note("new"), str(note.version))
    assert moved()
    annotations.trash(store, note.id)
    assert moved()
    annotations.restore(store, note.id)
    assert moved()


def test_notes_and_highlights_are_separate(store, paper_id):
    for draft in (a_note("1"), a_highlight("2"), a_note("3")):
        annotations.put(store, uuid7(), paper_id, draft, None)
    paper = lookup.paper(store, paper_id)
    assert sorted(note.draft.body for note in paper.notes) == ["1", "3"]
    assert [highlight.draft.quote for highlight in paper.highlights] == [TextQuote("2")]


@pytest.mark.parametrize(
    ("draft", "pointer"),
    [
        (a_highlight(quote=None), "/quote/exact"),
        (a_highlight(""), "/quote/exact"),
        (a_highlight(kind=AnnotationKind.NOTE), "/quote"),
    ],
)
def test_a_highlight_has_a_quote_and_a_note_has_none(store, paper_id, draft, pointer):
    with pytest.raises(InvalidInputError) as caught:
        annotations.put(store, uuid7(), paper_id, draft, None)
    assert caught.value.pointer == pointer


def test_an_annotation_needs_an_existing_paper(store):
    with pytest.raises(NotFoundError):
        annotations.put(store, uuid7(), "2603.01234", a_note(), None)
    with pytest.raises(NotFoundError):
        annotations.get(store, uuid7())


# History


@pytest.fixture
def edited(store, paper_id):
    """The three versions of a note with the body one, then two, then three."""
    note_id, base, versions = uuid7(), None, []
    for body in ("one", "two", "three"):
        note, _ = annotations.put(store, note_id, paper_id, a_note(body), base)
        base = str(note.version)
        versions.append(note)
    return versions


def bodies(store, note_id):
    return [revision.content["body"] for revision in annotations.history(store, note_id)]


def test_each_save_keeps_the_earlier_version(store, edited):
    assert bodies(store, edited[0].id) == ["two", "one"]
    assert [r.version for r in annotations.history(store, edited[0].id)] == [
        edited[1].version,
        edited[0].version,
    ]
    assert [r.saved_at for r in annotations.history(store, edited[0].id)] == [
        e.modified_at for e in edited[1::-1]
    ]


def test_restoring_an_earlier_version_loses_nothing(store, edited):
    first, _, last = edited
    restored = annotations.restore_revision(store, first.id, str(first.version), str(last.version))
    assert restored.draft.body == "one"
    assert bodies(store, first.id) == ["three", "two", "one"]
    assert annotations.restore_revision(store, first.id, str(first.version), str(last.version)) == restored
    with pytest.raises(StaleVersionError):
        annotations.restore_revision(store, first.id, str(edited[1].version), str(last.version))
    with pytest.raises(NotFoundError):
        annotations.restore_revision(store, first.id, str(last.version) + "0", str(restored.version))


def test_the_history_of_a_highlight_has_its_quote_and_colour(store, paper_id):
    original, _ = annotations.put(store, uuid7(), paper_id, a_highlight("one crease"), None)
    moved = replace(
        original.draft, quote=TextQuote("at a time", "crease ", ".", 3, 12), colour=Colour.PINK, body="Why?"
    )
    now, _ = annotations.put(store, original.id, paper_id, moved, str(original.version))
    back = annotations.restore_revision(store, original.id, str(original.version), str(now.version))
    assert back.draft == original.draft
    forth = annotations.restore_revision(store, original.id, str(now.version), str(back.version))
    assert forth.draft == moved


def test_a_delayed_repeat_of_a_request_changes_nothing(store, edited):
    first, second, last = edited
    clock = libraries.get(store).clock
    for body, base in [("one", None), ("two", first.version), ("three", second.version)]:
        again, created = annotations.put(store, last.id, last.paper_id, a_note(body), base and str(base))
        assert (again, created) == (last, False)
    assert libraries.get(store).clock == clock


def test_earlier_content_based_on_the_current_version_is_a_new_edit(store, edited):
    last = edited[-1]
    again, _ = annotations.put(store, last.id, last.paper_id, a_note("one"), str(last.version))
    assert again.draft.body == "one"
    assert bodies(store, last.id) == ["three", "two", "one"]


def test_a_stale_edit_is_rejected(store, edited):
    first, second, last = edited
    for body, base in [("new", first), ("one", second), ("two", second)]:
        with pytest.raises(StaleVersionError):
            annotations.put(store, last.id, last.paper_id, a_note(body), str(base.version))
    with pytest.raises(PreconditionRequiredError):
        annotations.put(store, last.id, last.paper_id, a_note("new"), None)


def test_earlier_versions_are_counted_for_a_whole_paper(store, paper_id, note):
    put(store, note, a_note("two"), str(note.version))
    annotations.put(store, uuid7(), paper_id, a_note("never changed"), None)
    paper = lookup.paper(store, paper_id)
    editing.edit(store, paper_id, PaperEdit(frozenset({"venue"}), venue="Boats"), str(paper.version))
    counts = annotations.earlier_versions(store, lookup.paper(store, paper_id))
    assert counts == {note.id: 1, paper_id: 1}
