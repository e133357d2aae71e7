from datetime import UTC, date, datetime, timedelta

import pytest

from builders import CLIPPED_AT, a_clip, a_note, arxiv, doi, uuid7
from paperclipper.errors import ConflictError, NotFoundError
from paperclipper.model import Decision, PageKind, Source, Status
from paperclipper.services.actions import undoing
from paperclipper.services.annotations import annotations
from paperclipper.services.days import decisions, sightings
from paperclipper.services.papers import clipping, editing, lookup, paper_merge
from paperclipper.services.papers.editing import PaperEdit
from paperclipper.services.tags import tagging
from paperclipper.store import actions
from paperclipper.store.access import libraries
from paperclipper.store.days import sightings as stored_sightings

DAYS = [date(2026, 3, 9), date(2026, 3, 10)]
OLD, NEW = "arxiv:2603.00001", "doi:10.1000/2"


@pytest.fixture
def two(store):
    """Two papers with tags, notes and decisions. The first was clipped earlier and has fewer facts."""
    paper_ids = []
    for n, (name, source) in enumerate([(arxiv("2603.00001"), Source.CARD), (doi("10.1000/2"), Source.DATA)]):
        at = CLIPPED_AT + timedelta(days=n)
        facts = {
            "title": f"Boats {n}",
            "abstract": f"Folded {n}.",
            "identifiers": (name,),
            "keywords": (f"k{n}",),
        }
        paper_id = clipping.save(store, a_clip(**facts, source=source, clipped_at=at)).paper_id
        tagging.add(store, paper_id, "both")
        tagging.add(store, paper_id, f"only {n}")
        annotations.put(store, uuid7(), paper_id, a_note(f"note {n}"), None)
        paper = lookup.paper(store, paper_id)
        decisions.decide(store, DAYS[0], paper.facts, list(Decision)[n])
        sightings.record(store, PageKind.DIGEST, DAYS[0], [(name, 10 + n, None)])
        paper_ids.append(paper_id)
    decisions.decide(store, DAYS[1], lookup.paper(store, paper_ids[1]).facts, Decision.DONE)
    edit = PaperEdit(frozenset({"starred", "status"}), starred=True, status=Status.READ)
    editing.edit(store, paper_ids[1], edit, str(lookup.paper(store, paper_ids[1]).version))
    return paper_ids


def state(store, paper_id):
    """The paper without the fields that change with every write."""
    paper = lookup.paper(store, paper_id)
    notes = [(a.id, a.draft) for a in paper.annotations]
    decided = [
        (day, d.decision) for day in DAYS for d in decisions.of_day(store, day) if d.paper_id == paper_id
    ]
    seen = [(s.day, s.upvotes) for s in stored_sightings.of_paper(paper_id)]
    own = (
        paper.facts,
        paper.status,
        paper.starred,
        paper.rating,
        paper.clipped_at,
        paper.sealed,
        paper.deleted_at,
    )
    return own, paper.tags, paper.clips, notes, decided, seen


def test_undoing_a_merge_restores_both_papers(store, two):
    before = [state(store, i) for i in two]
    paper, action = paper_merge.merge(store, two[1], OLD)
    assert paper.id == two[0]
    assert (len(paper.clips), len(paper.annotations), paper.starred, paper.facts.abstract) == (
        2,
        2,
        True,
        "Folded 1.",
    )
    assert lookup.paper_id(store, NEW) == lookup.paper_id(store, two[1]) == two[0]
    undoing.undo(store, action.id)
    assert [state(store, i) for i in two] == before
    assert lookup.paper_id(store, NEW) == two[1]


def test_undoing_a_merge_by_a_clip_leaves_the_clip_with_the_survivor(store, two):
    absorbed = state(store, two[1])
    request = a_clip(
        identifiers=(arxiv("2603.00001"), doi("10.1000/2")), clipped_at=datetime(2026, 4, 1, tzinfo=UTC)
    )
    assert clipping.save(store, request).paper_id == two[0]
    (action,) = actions.newest(store, 10)
    undoing.undo(store, action.id)
    assert state(store, two[1]) == absorbed
    assert request.id in {clip.id for clip in lookup.paper(store, two[0]).clips}


def test_later_changes_stay_with_the_survivor(store, two):
    _, action = paper_merge.merge(store, two[1], two[0])
    late, _ = annotations.put(store, uuid7(), NEW, a_note("late"), None)
    tagging.add(store, NEW, "late")
    edit = PaperEdit(frozenset({"status"}), status=Status.ARCHIVED)
    editing.edit(store, NEW, edit, str(lookup.paper(store, NEW).version))
    undoing.undo(store, action.id)
    survivor = lookup.paper(store, two[0])
    assert late.id in {note.id for note in survivor.annotations}
    assert "late" in {tag.name for tag in survivor.tags}
    assert survivor.status is Status.ARCHIVED
    assert [note.draft.body for note in lookup.paper(store, two[1]).annotations] == ["note 1"]


def test_repeating_a_merge_makes_no_action(store, two):
    paper_merge.merge(store, two[1], two[0])
    clock = libraries.get(store).clock
    paper, action = paper_merge.merge(store, two[1], two[0])
    assert (paper.id, action, libraries.get(store).clock) == (two[0], None, clock)


def test_later_merges_are_undone_first(store, two):
    third = clipping.save(store, a_clip(title="Third", identifiers=(arxiv("2603.00003"),))).paper_id
    before = [state(store, i) for i in (*two, third)]
    _, first = paper_merge.merge(store, two[1], two[0])
    _, second = paper_merge.merge(store, two[0], third)
    with pytest.raises(ConflictError):
        undoing.undo(store, first.id)
    undoing.undo(store, second.id)
    undoing.undo(store, first.id)
    assert [state(store, i) for i in (*two, third)] == before


def test_merging_an_unknown_paper_is_not_found(store, two):
    with pytest.raises(NotFoundError):
        paper_merge.merge(store, two[0], "2699.99999")
