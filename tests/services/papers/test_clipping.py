from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from builders import CLIPPED_AT, a_clip, a_highlight, a_note, arxiv, doi, titled, uuid7
from paperclipper.errors import ConflictError
from paperclipper.model import Decision, DigestKind, PageKind, Source, SourcePage, Status
from paperclipper.services.annotations import annotations
from paperclipper.services.days import decisions, sightings
from paperclipper.services.papers import clipping, editing, lookup
from paperclipper.services.papers.editing import PaperEdit
from paperclipper.services.tags import tagging
from paperclipper.services.trash import trashing
from paperclipper.store import actions
from paperclipper.store.access import libraries
from paperclipper.store.database import database
from paperclipper.store.days import sightings as stored_sightings
from paperclipper.store.papers import clips, papers

EARLIER = CLIPPED_AT - timedelta(days=1)
LATER = CLIPPED_AT + timedelta(days=1)


def paper(store, saved):
    return lookup.paper(store, saved.paper_id)


def clock(store):
    return libraries.get(store).clock


def test_a_clip_is_saved_completely(store):
    request = a_clip(
        arxiv_version=2,
        organisation="Boat Lab",
        keywords=("boats",),
        ai_summary="Folds boats.",
        source=Source.CARD,
    )
    saved = clipping.save(store, request)
    stored = paper(store, saved)
    assert (saved.created, saved.paper_created) == (True, True)
    assert stored.facts == request.facts
    assert stored.clipped_at == request.clipped_at
    assert stored.is_mine
    (clip,) = stored.clips
    assert (clip.id, clip.clipped_at, clip.source, clip.page) == (
        request.id,
        request.clipped_at,
        Source.CARD,
        request.page,
    )


def test_a_request_hashes_as_in_release_0_1(store):
    """Clips saved by 0.1 keep their hashes, so a retry must still match them."""
    page = SourcePage(
        PageKind.DIGEST, "https://huggingface.co/papers", DigestKind.DAY, date(2026, 3, 9), 4, 12, 3
    )
    request = replace(a_clip(page=page), id="01956f00-0000-7000-8000-000000000001")
    clipping.save(store, request)
    assert (
        clips.find_request(request.id).request_hash
        == "0727fd526ac43ba0c306e806b253609928e2a6006ee4ab77d0657d49d40b0848"
    )


def test_repeating_a_clip_creates_nothing(store):
    request = a_clip()
    first = clipping.save(store, request)
    before = clock(store)
    again = clipping.save(store, request)
    assert (again.paper_id, again.created, again.paper_created) == (first.paper_id, False, False)
    assert clock(store) == before
    assert len(paper(store, first).clips) == 1


def test_a_clip_repeated_in_one_request_is_saved_once(store):
    request = a_clip()
    first, again = clipping.save_many(store, [request, request])
    assert (first.created, again.created, again.paper_id) == (True, False, first.paper_id)


def test_an_id_of_another_clip_is_rejected_and_changes_nothing(store):
    request = a_clip()
    clipping.save(store, request)
    before = clock(store)
    with pytest.raises(ConflictError, match=request.id):
        clipping.save_many(
            store, [a_clip(identifiers=(arxiv("2603.09999"),)), a_clip(id=request.id, title="Other")]
        )
    assert clock(store) == before
    assert papers.count(store) == 1


def test_a_clip_id_of_another_library_is_rejected(store):
    request = a_clip()
    clipping.save(store, request)
    other = libraries.create("another").id
    with pytest.raises(ConflictError):
        clipping.save(other, request)


def test_libraries_are_independent(store):
    other = libraries.create("another").id
    here, there = clipping.save(store, a_clip()), clipping.save(other, a_clip())
    assert here.paper_id != there.paper_id
    assert (papers.count(store), papers.count(other)) == (1, 1)


def test_an_imported_row_is_the_same_clip_at_a_later_time(store):
    request = a_clip(page=SourcePage(PageKind.IMPORT), source=Source.TEXT)
    first = clipping.save(store, request)
    again = clipping.save(store, replace(request, clipped_at=LATER))
    assert (again.paper_id, again.created) == (first.paper_id, False)


def test_repeating_a_clip_does_not_restore_a_trashed_paper(store):
    request = a_clip()
    saved = clipping.save(store, request)
    trashing.trash(store, saved.paper_id)
    assert clipping.save(store, request).paper_id == saved.paper_id
    assert paper(store, saved).deleted_at


# Matching clips to papers


def test_clips_that_share_an_identifier_are_of_one_paper_with_all_identifiers(store):
    first = clipping.save(store, a_clip())
    second = clipping.save(
        store, a_clip(title="A Later Title", identifiers=(arxiv("2603.01234"), doi("10.1000/182")))
    )
    third = clipping.save(store, a_clip(title="Another", identifiers=(doi("10.1000/182"),)))
    assert first.paper_id == second.paper_id == third.paper_id
    assert paper(store, first).facts.identifiers == (arxiv("2603.01234"), doi("10.1000/182"))
    assert len(paper(store, first).clips) == 3


def test_a_clip_without_identifier_matches_a_paper_by_title(store):
    identified = clipping.save(store, a_clip())
    row = clipping.save(
        store, a_clip(facts=titled("folding paper boats with diffusion!"), source=Source.TEXT)
    )
    assert row.paper_id == identified.paper_id
    assert paper(store, row).facts.title == "Folding Paper Boats with Diffusion"


def test_a_clip_with_an_identifier_matches_a_paper_without_one_by_title(store):
    row = clipping.save(store, a_clip(facts=titled("Folding Paper Boats With Diffusion"), source=Source.TEXT))
    clip = clipping.save(store, a_clip())
    assert clip.paper_id == row.paper_id
    assert paper(store, row).arxiv_id == "2603.01234"


def test_papers_with_different_identifiers_and_one_title_stay_separate(store):
    one, other = (
        clipping.save(store, a_clip()),
        clipping.save(store, a_clip(identifiers=(arxiv("2603.09999"),))),
    )
    assert one.paper_id != other.paper_id


def test_the_printed_date_decides_between_papers_with_one_title(store):
    march, april, may = date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1)
    one = clipping.save(store, a_clip(identifiers=(arxiv("2603.00001"),), published=march))
    other = clipping.save(store, a_clip(identifiers=(arxiv("2604.00001"),), published=april))
    title = "Folding Paper Boats with Diffusion"
    assert clipping.save(store, a_clip(facts=titled(title, published=april))).paper_id == other.paper_id
    assert clipping.save(store, a_clip(facts=titled(title, published=march))).paper_id == one.paper_id
    assert clipping.save(store, a_clip(facts=titled(title, published=may))).paper_created


def test_a_shared_title_without_a_date_creates_a_paper(store):
    for number in ("2603.00001", "2603.00002"):
        clipping.save(store, a_clip(identifiers=(arxiv(number),), published=None))
    assert clipping.save(store, a_clip(facts=titled("Folding Paper Boats with Diffusion"))).paper_created


# Merging facts


def test_a_better_source_replaces_facts_and_empty_values_do_not(store):
    saved = clipping.save(
        store, a_clip(facts=titled("Folding paper boats", abstract="Cut"), source=Source.TEXT)
    )
    clipping.save(store, a_clip(title="Folding Paper Boats"))
    clipping.save(store, a_clip(facts=titled("FOLDING PAPER BOATS"), source=Source.CARD))
    facts = paper(store, saved).facts
    assert facts.title == "Folding Paper Boats"
    assert facts.abstract.startswith("We fold boats")


def test_the_arxiv_version_read_and_the_newest_are_both_kept(store):
    saved = clipping.save(store, a_clip(arxiv_version=2))
    clipping.save(store, a_clip(arxiv_version=5))
    clipping.save(store, a_clip(arxiv_version=4))
    stored = paper(store, saved)
    assert (stored.facts.arxiv_version, stored.newest_arxiv_version) == (2, 5)


def test_the_first_clip_dates_the_paper_and_clips_are_newest_first(store):
    saved = clipping.save(store, a_clip())
    clipping.save(store, a_clip(clipped_at=LATER))
    stored = paper(store, saved)
    assert stored.clipped_at == CLIPPED_AT
    assert [clip.clipped_at for clip in stored.clips] == [LATER, CLIPPED_AT]


def test_clipping_a_trashed_paper_restores_it_completely(store):
    saved = clipping.save(store, a_clip())
    tagging.add(store, saved.paper_id, "boats")
    annotations.put(store, uuid7(), saved.paper_id, a_note(), None)
    had = paper(store, saved)
    trashing.trash(store, saved.paper_id)
    assert papers.count(store) == 0
    assert clipping.save(store, a_clip()).paper_id == saved.paper_id
    back = paper(store, saved)
    assert back.deleted_at is None
    assert (back.tags, back.annotations, len(back.clips)) == (had.tags, had.annotations, 2)


def test_a_skipped_paper_becomes_the_readers_when_clipped(store):
    paper_id = decisions.decide(store, date(2026, 3, 9), a_clip().facts, Decision.SKIPPED)
    saved = clipping.save(store, a_clip())
    assert (saved.paper_id, saved.paper_created) == (paper_id, False)
    stored = paper(store, saved)
    assert stored.is_mine
    assert stored.facts == a_clip().facts


# Merging two papers


@pytest.fixture
def two(store):
    """The ids of two papers: an older one with a DOI, and a newer one with an arXiv id."""
    older = clipping.save(
        store, a_clip(identifiers=(doi("10.1000/182"),), clipped_at=EARLIER, abstract="")
    ).paper_id
    newer = clipping.save(store, a_clip()).paper_id
    return older, newer


def clip_both(store):
    return clipping.save(
        store, a_clip(identifiers=(arxiv("2603.01234"), doi("10.1000/182")), clipped_at=LATER)
    )


def test_a_clip_merges_papers_into_the_one_clipped_first(store, two):
    older, newer = two
    tagging.add(store, older, "seen")
    tagging.add(store, older, "boats")
    tagging.add(store, newer, "boats")
    tagging.add(store, newer, "folding/paper")
    note, highlight = uuid7(), uuid7()
    annotations.put(store, note, newer, a_note(), None)
    annotations.put(store, highlight, older, a_highlight(), None)
    wanted = PaperEdit(frozenset({"status", "starred", "rating"}), Status.READING, True, 4)
    editing.edit(store, newer, wanted, str(lookup.paper(store, newer).version))
    saved = clip_both(store)
    stored = paper(store, saved)
    assert (saved.paper_id, saved.paper_created) == (older, False)
    assert stored.facts.identifiers == (arxiv("2603.01234"), doi("10.1000/182"))
    assert stored.facts.abstract == a_clip().facts.abstract
    assert [tag.name for tag in stored.tags] == ["boats", "folding/paper", "seen"]
    assert {annotation.id for annotation in stored.annotations} == {note, highlight}
    assert [clip.clipped_at for clip in stored.clips] == [LATER, CLIPPED_AT, EARLIER]
    assert (stored.status, stored.starred, stored.rating) == (Status.READING, True, 4)
    assert stored.clipped_at == EARLIER
    assert papers.count(store) == 1


def test_the_id_of_a_merged_paper_resolves_to_the_survivor(store, two):
    older, newer = two
    clip_both(store)
    assert lookup.paper(store, newer).id == older
    assert papers.get(store, newer).id == older
    assert tagging.add(store, newer, "late").id == older
    note, created = annotations.put(store, uuid7(), newer, a_note(), None)
    assert (note.paper_id, created) == (older, True)


def test_repeating_a_clip_of_a_merged_paper_returns_the_survivor(store):
    lost = a_clip()
    clipping.save(store, a_clip(identifiers=(doi("10.1000/182"),), clipped_at=EARLIER))
    clipping.save(store, lost)
    survivor = clip_both(store).paper_id
    again = clipping.save(store, lost)
    assert (again.paper_id, again.created) == (survivor, False)


def test_a_merge_records_what_moved(store, two):
    older, newer = two
    tagging.add(store, newer, "boats")
    moved = paper(store, clipping.save(store, a_clip()))
    clip_both(store)
    (action,) = actions.newest(store, 10)
    assert (action.record["absorbed"], action.record["survivor"]) == (newer, older)
    assert action.record["moved"]["identifiers"] == ["arxiv:2603.01234"]
    assert set(action.record["moved"]["clips"]) == {clip.id for clip in moved.clips}
    assert action.record["moved"]["tags"] == [tag.id for tag in moved.tags]


def test_a_merge_moves_decisions_and_sightings_and_keeps_the_survivors(store, two):
    older, newer = two
    day, next_day = date(2026, 3, 9), date(2026, 3, 10)
    decisions.decide(store, day, lookup.paper(store, older).facts, Decision.DONE)
    decisions.decide(store, day, lookup.paper(store, newer).facts, Decision.SKIPPED)
    decisions.decide(store, next_day, lookup.paper(store, newer).facts, Decision.SKIPPED)
    sightings.record(store, PageKind.DIGEST, day, [(arxiv("2603.01234"), 40, 2)])
    clip_both(store)
    assert [(d.paper_id, d.decision) for d in decisions.of_day(store, day)] == [(older, Decision.DONE)]
    assert [(d.paper_id, d.decision) for d in decisions.of_day(store, next_day)] == [
        (older, Decision.SKIPPED)
    ]
    assert [(s.upvotes, s.comments) for s in stored_sightings.of_paper(older)] == [(40, 2)]


def test_merging_a_live_and_a_trashed_paper_gives_a_live_one(store, two):
    trashing.trash(store, two[0])
    assert paper(store, clip_both(store)).deleted_at is None


def test_an_id_resolves_through_a_chain_of_merges(store, two):
    _, newer = two
    first = clipping.save(
        store, a_clip(identifiers=(arxiv("2603.05555"),), clipped_at=EARLIER - timedelta(days=9))
    )
    clip_both(store)
    clipping.save(store, a_clip(identifiers=(doi("10.1000/182"), arxiv("2603.05555"))))
    assert lookup.paper(store, newer).id == first.paper_id
    assert papers.count(store) == 1


def test_times_are_kept_to_the_millisecond_in_utc(store):
    elsewhere = datetime.fromisoformat("2026-03-09T09:30:00.123+01:00")
    stored = paper(store, clipping.save(store, a_clip(clipped_at=elsewhere)))
    assert stored.clipped_at == elsewhere
    assert stored.clipped_at.tzinfo is UTC


def test_a_failed_transaction_writes_nothing(store):
    def save_and_fail():
        with database.transaction():
            clipping.save(store, a_clip())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        save_and_fail()
    assert papers.count(store) == 0
