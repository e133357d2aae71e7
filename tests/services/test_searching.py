from datetime import UTC, date, datetime, timedelta

import pytest

from paperclipper.errors import QueryError
from paperclipper.model import AnnotationDraft, AnnotationKind, ClipRequest, PageKind, PaperFacts, Place, Source
from paperclipper.services import annotating, clipping, indexing, searching, trashing
from paperclipper.store import database, libraries

NOW = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)
TITLES = ["Folding Paper Boats", "Sails: Learned or Given?", "Anchors as Regularisers", "A Keel for Every Boat"]


@pytest.fixture
def library_id(tmp_path):
    database.open_database(tmp_path / "paperclipper.db")
    indexing.use_folder(tmp_path)
    with database.connection():
        yield libraries.default().id
        indexing.catch_up_all()


@pytest.fixture
def ids(library_id):
    return [save(library_id, i, title) for i, title in enumerate(TITLES)]


def save(library_id, number, title, abstract="We fold $x^2$ boats, <b>and</b> float them."):
    facts = PaperFacts(title, abstract, published=date(2026, 3, 9))
    request = ClipRequest(
        f"01956f00-0000-7000-8000-{number:012x}",
        NOW + timedelta(minutes=number),
        Source.DATA,
        Place(PageKind.DIGEST),
        facts,
    )
    return clipping.save(library_id, request).paper_id


def found(results):
    return [item.paper.facts.title for item in results.items]


def plain(fragments):
    return "".join(f"[{piece}]" if hit else piece for piece, hit in fragments)


def test_what_was_saved_is_found_by_the_next_search(library_id, ids):
    results = searching.search(library_id, "learned sails")
    assert found(results) == ["Sails: Learned or Given?"]
    assert (results.total, results.relaxed, results.behind) == (1, False, 0)
    assert plain(results.items[0].title) == "[Sails]: [Learned] or Given?"


def test_nothing_typed_lists_the_newest(library_id, ids):
    assert found(searching.search(library_id, " ", limit=3)) == TITLES[::-1][:3]
    results = searching.search(library_id, "", limit=3, offset=3)
    assert (found(results), results.total) == ([TITLES[0]], 4)


def test_the_snippet_is_from_the_text_that_matched(library_id, ids):
    note = AnnotationDraft(AnnotationKind.NOTE, body="Compare with the sextant of last year.")
    annotating.put(library_id, "5a0c1d9e-7a77-4c62-9d0b-3e2f5a6b7c8d", ids[0], note, None)
    item = searching.search(library_id, "sextant").items[0]
    assert (item.field, plain(item.snippet)) == ("note", "Compare with the [sextant] of last year.")
    item = searching.search(library_id, "anchors").items[0]
    assert (item.field, plain(item.snippet)) == ("abstract", "We fold $x^2$ boats, <b>and</b> float them.")


def test_a_trashed_paper_is_not_found_and_is_again_when_restored(library_id, ids):
    trashing.trash(library_id, ids[1])
    assert searching.search(library_id, "sails").total == 0
    trashing.restore(library_id, ids[1])
    assert found(searching.search(library_id, "sails")) == [TITLES[1]]


def test_pages(library_id, ids):
    pages = [found(searching.search(library_id, "float", limit=2, offset=offset)) for offset in (0, 2, 4)]
    assert [len(page) for page in pages] == [2, 2, 0]
    assert sorted(pages[0] + pages[1]) == sorted(TITLES)


def test_words_that_no_paper_has_together(library_id, ids):
    results = searching.search(library_id, "sails anchors")
    assert results.relaxed
    assert sorted(found(results)) == sorted([TITLES[1], TITLES[2]])


def test_as_you_type(library_id, ids):
    assert found(searching.search(library_id, "regul", as_you_type=True)) == [TITLES[2]]
    assert found(searching.search(library_id, "regul")) == []


def test_only_signs_find_nothing(library_id, ids):
    assert searching.search(library_id, "?!").total == 0


def test_too_long_is_the_only_error(library_id, ids):
    with pytest.raises(QueryError):
        searching.search(library_id, "x" * 257)
    hostile = ["*", "?*", "[a TO z]", "abcdefgh~9", "(" * 250, "NOT " * 60, '"', '-"', "\0", "\ud800", "a" * 256]
    for text in hostile:
        assert searching.search(library_id, text, as_you_type=True).behind == 0


def test_without_an_index_the_answer_says_how_far_it_is_behind(library_id, tmp_path, monkeypatch):
    (tmp_path / "index").write_text("in the way")
    save(library_id, 1, "Folding Paper Boats")
    results = searching.search(library_id, "boats")
    assert (results.items, results.behind) == ((), 1)
    assert found(searching.search(library_id, "")) == ["Folding Paper Boats"]
    (tmp_path / "index").unlink()
    assert found(searching.search(library_id, "boats")) == ["Folding Paper Boats"]
