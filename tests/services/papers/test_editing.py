from datetime import date

import pytest

from builders import a_clip, arxiv, titled, uuid7
from paperclipper.errors import InvalidInputError, NotFoundError, PreconditionRequiredError, StaleVersionError
from paperclipper.model import Status
from paperclipper.services.papers import clipping, editing, lookup
from paperclipper.services.papers.editing import PaperEdit
from paperclipper.services.trash import trashing
from paperclipper.store.access import libraries

STAR = PaperEdit(frozenset({"starred"}), starred=True)


@pytest.fixture
def paper(store):
    return lookup.paper(store, clipping.save(store, a_clip()).paper_id)


def test_an_edit_changes_only_the_fields_it_names(store, paper):
    all_three = PaperEdit(frozenset({"status", "starred", "rating"}), Status.READ, True, 5)
    edited = editing.edit(store, paper.id, all_three, str(paper.version))
    assert (edited.status, edited.starred, edited.rating) == (Status.READ, True, 5)
    unrated = editing.edit(store, paper.id, PaperEdit(frozenset({"rating"})), str(edited.version))
    assert (unrated.status, unrated.starred, unrated.rating) == (Status.READ, True, None)
    assert unrated.facts == paper.facts


def test_an_edit_needs_a_base_version(store, paper):
    with pytest.raises(PreconditionRequiredError):
        editing.edit(store, paper.id, STAR, None)


@pytest.mark.parametrize("base", ["", "0", "another-1", "another-999"])
def test_a_stale_edit_returns_the_current_paper(store, paper, base):
    with pytest.raises(StaleVersionError) as caught:
        editing.edit(store, paper.id, STAR, base)
    assert caught.value.current == paper
    assert not lookup.paper(store, paper.id).starred


def test_a_version_is_stale_after_any_change(store, paper):
    editing.edit(store, paper.id, STAR, str(paper.version))
    with pytest.raises(StaleVersionError):
        editing.edit(store, paper.id, PaperEdit(frozenset({"rating"}), rating=1), str(paper.version))


@pytest.mark.parametrize("base", [None, "old"])
def test_an_edit_already_in_place_succeeds(store, paper, base):
    starred = editing.edit(store, paper.id, STAR, str(paper.version))
    assert editing.edit(store, paper.id, STAR, base or str(paper.version)) == starred
    assert editing.edit(store, paper.id, STAR, None) == starred


def test_a_version_of_another_epoch_is_stale(store, paper):
    libraries.renew_epochs()
    with pytest.raises(StaleVersionError):
        editing.edit(store, paper.id, STAR, str(paper.version))


def test_trashing_and_restoring(store, paper):
    trashed = trashing.trash(store, paper.id)
    assert trashed.deleted_at
    assert trashing.trash(store, "2603.01234") == trashed
    assert lookup.newest(store, 10, 0) == ([], 0)
    assert trashing.trashed(store, 10, 0) == [trashed]
    back = trashing.restore(store, paper.id)
    assert back.deleted_at is None
    assert (back.facts, back.clips) == (paper.facts, paper.clips)
    assert trashing.restore(store, paper.id) == back
    assert trashing.trashed(store, 10, 0) == []


def test_the_trash_lists_the_last_deleted_first(store, paper):
    other = clipping.save(store, a_clip(identifiers=(arxiv("2603.09999"),)))
    trashing.trash(store, paper.id)
    trashing.trash(store, other.paper_id)
    found = [p.deleted_at for p in trashing.trashed(store, 10, 0)]
    assert found == sorted(found, reverse=True)
    assert len(found) == 2
    assert len(trashing.trashed(store, 1, 1)) == 1


def test_an_unknown_paper_cannot_be_edited(store):
    for action in (trashing.trash, trashing.restore):
        with pytest.raises(NotFoundError):
            action(store, uuid7())
    with pytest.raises(NotFoundError):
        editing.edit(store, uuid7(), STAR, None)


# Facts that the reader edits


def seal(store, paper, **facts):
    return editing.edit(store, paper.id, PaperEdit(frozenset(facts), **facts), str(paper.version))


EVERY_FACT = {
    "title": "Mine",
    "abstract": "My words.",
    "authors": ("Cy Fold",),
    "published": date(2020, 1, 2),
    "organisation": "My Lab",
    "keywords": ("a", "b"),
    "venue": "Boat Conference",
    "code_url": "https://boats.example/mine",
    "project_url": "https://boats.example/",
}


def test_no_page_replaces_a_sealed_fact(store, paper):
    edited = seal(store, paper, **EVERY_FACT)
    assert edited.sealed == set(EVERY_FACT)
    clipping.save(
        store, a_clip(venue="Elsewhere", organisation="Theirs", keywords=("c",), code_url="https://x.example")
    )
    stored = lookup.paper(store, paper.id)
    assert {name: getattr(stored.facts, name) for name in EVERY_FACT} == EVERY_FACT
    assert (stored.facts.author_count, stored.facts.published_inferred) == (1, False)


def test_a_fact_that_the_reader_cleared_stays_empty(store, paper):
    seal(store, paper, abstract="", authors=(), published=None)
    clipping.save(store, a_clip())
    facts = lookup.paper(store, paper.id).facts
    assert (facts.abstract, facts.authors, facts.author_count, facts.published) == ("", (), None, None)


def test_a_restored_fact_has_its_earlier_value_and_source(store, paper):
    first = seal(store, paper, title="Mine", authors=())
    second = seal(store, first, title="Mine again")
    newest, oldest = editing.history(store, paper.id)
    assert newest.content["columns"] == {"title": "Mine"}
    assert oldest.content["columns"]["title"] == paper.facts.title
    assert oldest.content["columns"]["authors"] == list(paper.facts.authors)
    back = editing.restore_revision(store, paper.id, str(oldest.version), str(second.version))
    assert (back.facts, back.sealed) == (paper.facts, frozenset())
    assert editing.restore_revision(store, paper.id, str(oldest.version), str(second.version)) == back
    assert editing.history(store, paper.id)[0].content["columns"]["title"] == "Mine again"
    clipping.save(store, a_clip(title="Theirs, corrected"))
    assert lookup.paper(store, paper.id).facts.title == "Theirs, corrected"


def test_clips_match_the_title_that_the_reader_gave(store):
    named = lookup.paper(store, clipping.save(store, a_clip(facts=titled("Theirs"))).paper_id)
    seal(store, named, title="Mine")
    assert clipping.save(store, a_clip(facts=titled("MINE"))).paper_id == named.id


def test_a_stale_edit_of_a_fact_is_rejected_with_the_current_paper(store, paper):
    edited = seal(store, paper, venue="Here")
    with pytest.raises(StaleVersionError) as stale:
        seal(store, paper, venue="There")
    assert stale.value.current == edited
    with pytest.raises(StaleVersionError):
        editing.restore_revision(store, paper.id, str(paper.version), str(paper.version))


def test_a_title_cannot_be_cleared(store, paper):
    with pytest.raises(InvalidInputError):
        seal(store, paper, title="  ")


def test_restoring_an_unknown_version_is_not_found(store, paper):
    with pytest.raises(NotFoundError):
        editing.restore_revision(store, paper.id, str(paper.version), str(paper.version))
