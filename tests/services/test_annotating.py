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
from paperclipper.model import AnnotationKind, TextQuote
from paperclipper.services import annotating, clipping, finding
from paperclipper.store import libraries


@pytest.fixture
def paper_id(store):
    return clipping.save(store, a_clip()).paper_id


@pytest.fixture
def note(store, paper_id):
    return annotating.put(store, uuid7(), paper_id, a_note(), None)[0]


def put(store, note, draft, base):
    return annotating.put(store, note.id, note.paper_id, draft, base)[0]


@pytest.mark.parametrize(
    "draft",
    [
        a_note("# Boats\n\n*fold* \u0000 折り紙", source_url="https://arxiv.org/abs/2603.01234", arxiv_version=2),
        a_note(""),
        a_highlight(body="why?", quote=TextQuote("one crease", "of noise, ", " at a time", 24, 34)),
    ],
)
def test_what_is_put_is_kept_whole(store, paper_id, draft):
    annotation, made = annotating.put(store, uuid7(), "arxiv:2603.01234", draft, None)
    assert made
    assert annotation.draft == draft
    assert annotation.paper_id == paper_id
    assert annotation.created_at == annotation.modified_at
    assert finding.paper(store, paper_id).annotations == (annotation,)


def test_the_same_content_again_is_a_success_whatever_the_base(store, note):
    clock = libraries.get(store).clock
    for base in (None, str(note.version), "another-1"):
        again, made = annotating.put(store, note.id, note.paper_id, replace(note.draft, made_in="popup"), base)
        assert (again, made) == (note, False)
    assert libraries.get(store).clock == clock


def test_new_content_needs_the_present_version(store, note):
    with pytest.raises(PreconditionRequiredError):
        put(store, note, a_note("new"), None)
    newer = put(store, note, a_note("new", made_in="popup"), str(note.version))
    assert (newer.draft.body, newer.draft.made_in, newer.created_at) == ("new", "page", note.created_at)
    assert newer.version.changed > note.version.changed
    with pytest.raises(StaleVersionError) as caught:
        put(store, note, a_note("newest"), str(note.version))
    assert caught.value.current == newer
    assert annotating.get(store, note.id) == newer


def test_an_id_used_on_another_paper_or_in_another_library_is_refused(store, note):
    clipping.save(store, a_clip(identifiers=(arxiv("2603.09999"),)))
    with pytest.raises(ConflictError):
        annotating.put(store, note.id, "2603.09999", a_note(), None)
    other = libraries.create("another").id
    clipping.save(other, a_clip())
    with pytest.raises(ConflictError):
        annotating.put(other, note.id, "2603.01234", a_note(), None)
    with pytest.raises(NotFoundError):
        annotating.get(other, note.id)
    with pytest.raises(NotFoundError):
        annotating.trash(other, note.id)


def test_into_the_trash_and_back(store, note):
    trashed = annotating.trash(store, note.id)
    assert trashed.deleted_at
    assert trashed.draft == note.draft
    assert annotating.trash(store, note.id) == trashed
    assert finding.paper(store, note.paper_id).annotations == ()
    back = annotating.restore(store, note.id)
    assert back.deleted_at is None
    assert annotating.restore(store, note.id) == back
    assert finding.paper(store, note.paper_id).annotations == (back,)


def test_every_change_moves_what_the_index_follows_and_not_the_papers_version(store, paper_id):
    version, stamp = finding.paper(store, paper_id).version, finding.paper(store, paper_id).index_stamp

    def moved():
        nonlocal stamp
        paper = finding.paper(store, paper_id)
        later, stamp = paper.index_stamp > stamp, paper.index_stamp
        return later and paper.version == version

    note = annotating.put(store, uuid7(), paper_id, a_note(), None)[0]
    assert moved()
    put(store, note, a_note("new"), str(note.version))
    assert moved()
    annotating.trash(store, note.id)
    assert moved()
    annotating.restore(store, note.id)
    assert moved()


def test_notes_and_highlights_are_told_apart(store, paper_id):
    for draft in (a_note("1"), a_highlight("2"), a_note("3")):
        annotating.put(store, uuid7(), paper_id, draft, None)
    paper = finding.paper(store, paper_id)
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
        annotating.put(store, uuid7(), paper_id, draft, None)
    assert caught.value.pointer == pointer


def test_there_is_no_annotation_without_a_paper(store):
    with pytest.raises(NotFoundError):
        annotating.put(store, uuid7(), "2603.01234", a_note(), None)
    with pytest.raises(NotFoundError):
        annotating.get(store, uuid7())
