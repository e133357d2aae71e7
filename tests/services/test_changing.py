"""A library under any sequence of acts: it equals a plain dict of papers, and a client that follows it equals it."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from builders import CLIPPED_AT, a_clip, a_note, arxiv, doi, uuid7
from paperclipper.errors import GoneError, InvalidInputError, NotFoundError
from paperclipper.model import Decision
from paperclipper.services import annotating, changing, clipping, deciding, editing, finding, tagging, trashing
from paperclipper.services.editing import PaperEdit
from paperclipper.store import annotations, libraries, papers
from paperclipper.store.tables import AnnotationRow, DecisionRow, PaperRow, TagRow

NAMES = [arxiv("2603.00001"), arxiv("2603.00002"), doi("10.1000/1"), doi("10.1000/2")]
DAYS = [date(2026, 3, 9), date(2026, 3, 10)]
names = st.sampled_from(NAMES)


@dataclass
class Copy:
    """What a client that reads `changes` page by page believes."""

    cursor: str | None = None
    papers: dict = field(default_factory=dict)
    annotations: dict = field(default_factory=dict)
    tags: dict = field(default_factory=dict)
    decisions: dict = field(default_factory=dict)

    def follow(self, library_id, page):
        while True:
            self.cursor, found = changing.since(library_id, self.cursor, page)
            for change in found:
                self.apply(change)
            if not found:
                return

    def apply(self, change):
        held = getattr(self, change.kind + "s")
        if change.gone:
            held.pop(change.id, None)
        else:
            held[change.id] = own(getattr(change, change.kind))


def own(thing):
    """A paper as its own row says it: its annotations have changes of their own."""
    return replace(thing, annotations=(), index_stamp=0) if hasattr(thing, "annotations") else thing


def truth(library_id):
    """What a client must believe in the end."""
    live = PaperRow.select().where((PaperRow.library == library_id) & PaperRow.merged_into.is_null())
    notes = AnnotationRow.select().where(AnnotationRow.library == library_id)
    decided = DecisionRow.select().where((DecisionRow.library == library_id) & DecisionRow.decision.is_null(False))
    return Copy(
        papers={i: own(p) for i, p in papers.get_many(library_id, [row.id for row in live]).items()},
        annotations={row.id: annotations.find(library_id, row.id) for row in notes},
        tags={row.id: row.name for row in TagRow.select().where(TagRow.library == library_id)},
        decisions={f"{row.paper_id}/{row.day}": row.decision for row in decided},
    )


@dataclass(eq=False)
class Known:
    """A paper of the plain model."""

    first: object
    names: set = field(default_factory=set)
    clips: set = field(default_factory=set)
    tags: set = field(default_factory=set)
    notes: dict = field(default_factory=dict)
    starred: bool = False
    trashed: bool = False

    def absorb(self, other):
        self.names |= other.names
        self.clips |= other.clips
        self.tags |= other.tags
        self.notes |= other.notes
        self.starred |= other.starred
        self.trashed &= other.trashed


class Library(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.id = libraries.create(uuid7()).id
        self.known = []
        self.sent = []
        self.copy = Copy()

    def paper(self, name):
        return next((paper for paper in self.known if name in paper.names), None)

    @rule(named=st.sets(names, min_size=1, max_size=2), days=st.integers(0, 5))
    def clip(self, named, days):
        at = CLIPPED_AT + timedelta(days=days, milliseconds=len(self.sent))
        request = a_clip(title=f"Boat {sorted(named)[0]}", identifiers=tuple(sorted(named)), clipped_at=at)
        same = sorted({p for name in named if (p := self.paper(name))}, key=lambda paper: paper.first)
        saved = clipping.save(self.id, request)
        assert (saved.created, saved.paper_created) == (True, not same)
        survivor, *others = same or [Known(at)]
        for other in others:
            survivor.absorb(other)
        self.known = [p for p in self.known if p not in same] + [survivor]
        survivor.names |= named
        survivor.clips.add(request.id)
        survivor.trashed = False
        self.sent.append(request)

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def clip_again(self, data):
        request = data.draw(st.sampled_from(self.sent))
        before = libraries.get(self.id).clock
        saved = clipping.save(self.id, request)
        assert not saved.created
        assert saved.paper_id == finding.paper_id(self.id, request.id)
        assert libraries.get(self.id).clock == before

    @rule(name=names, tag=st.sampled_from(["boats", "Boats", "craft/paper"]), on=st.booleans())
    def tag(self, name, tag, on):
        known = self.paper(name)
        act = tagging.add if on else tagging.remove
        if known is None:
            with pytest.raises(NotFoundError):
                act(self.id, str(name), tag)
        else:
            act(self.id, str(name), tag)
            (known.tags.add if on else known.tags.discard)(tag.casefold())

    @rule(name=names, body=st.sampled_from(["a", "b"]))
    def note(self, name, body):
        known = self.paper(name)
        if known:
            note, made = annotating.put(self.id, uuid7(), str(name), a_note(body), None)
            assert made
            known.notes[note.id] = body

    @rule(name=names, body=st.sampled_from(["a", "b", "c"]), trashed=st.booleans())
    def change_note(self, name, body, trashed):
        known = self.paper(name)
        if known and known.notes:
            note = annotating.get(self.id, min(known.notes))
            annotating.put(self.id, note.id, note.paper_id, a_note(body), str(note.version))
            known.notes[note.id] = body
            if trashed:
                annotating.trash(self.id, note.id)
                del known.notes[note.id]

    @rule(name=names, starred=st.booleans())
    def star(self, name, starred):
        known = self.paper(name)
        if known:
            version = finding.paper(self.id, str(name)).version
            editing.edit(self.id, str(name), PaperEdit(frozenset({"starred"}), starred=starred), str(version))
            known.starred = starred

    @rule(name=names, trashed=st.booleans())
    def trash(self, name, trashed):
        known = self.paper(name)
        if known:
            (trashing.trash if trashed else trashing.restore)(self.id, str(name))
            known.trashed = trashed

    @rule(name=names, day=st.sampled_from(DAYS), decision=st.sampled_from([*Decision, None]))
    def decide(self, name, day, decision):
        if self.paper(name):
            deciding.decide(self.id, day, a_clip(identifiers=(name,)).facts, decision)

    @rule(page=st.integers(1, 7))
    def follow(self, page):
        self.copy.follow(self.id, page)
        self.agrees(self.copy)

    @rule(page=st.integers(1, 500))
    def follow_from_the_beginning(self, page):
        anew = Copy()
        anew.follow(self.id, page)
        self.agrees(anew)

    def agrees(self, copy):
        expected = truth(self.id)
        assert copy.papers == expected.papers
        assert copy.annotations == expected.annotations
        assert {i: tag.name for i, tag in copy.tags.items()} == expected.tags
        assert {i: made.decision for i, made in copy.decisions.items()} == expected.decisions

    @invariant()
    def the_store_is_as_known(self):
        for known in self.known:
            kept = finding.paper(self.id, str(min(known.names)))
            assert set(kept.facts.identifiers) == known.names
            assert {clip.id for clip in kept.clips} == known.clips
            assert {tag.name.casefold() for tag in kept.tags} == known.tags
            assert {note.id: note.draft.body for note in kept.notes} == known.notes
            assert (kept.starred, kept.deleted_at is not None) == (known.starred, known.trashed)
            assert kept.clipped_at == known.first
        assert papers.count(self.id) == sum(not known.trashed for known in self.known)

    @invariant()
    def no_two_rows_have_one_stamp(self):
        tables = (PaperRow, AnnotationRow, TagRow, DecisionRow)
        stamps = [row.changed for table in tables for row in table.select().where(table.library == self.id)]
        assert len(set(stamps)) == len(stamps)
        assert max(stamps, default=0) <= libraries.get(self.id).clock


def test_any_sequence_of_acts_leaves_what_was_meant_and_a_follower_knows_it(store):
    run_state_machine_as_test(Library, settings=settings(max_examples=20, stateful_step_count=25))


@pytest.mark.nightly
def test_any_long_sequence_of_acts(store):
    run_state_machine_as_test(Library, settings=settings(max_examples=300, stateful_step_count=60))


def test_a_follower_of_an_empty_library_is_told_where_to_go_on(store):
    cursor, found = changing.since(store, None, 10)
    assert found == []
    clipping.save(store, a_clip())
    _, found = changing.since(store, cursor, 10)
    assert [change.kind for change in found] == ["paper"]


def test_a_merged_away_paper_is_gone_and_names_its_survivor(store):
    kept = clipping.save(store, a_clip(identifiers=(NAMES[0],), clipped_at=CLIPPED_AT - timedelta(days=1)))
    lost = clipping.save(store, a_clip(identifiers=(NAMES[2],)))
    cursor, _ = changing.since(store, None, 500)
    clipping.save(store, a_clip(identifiers=(NAMES[0], NAMES[2])))
    changes = {change.id: change for change in changing.since(store, cursor, 500)[1]}
    assert (changes[lost.paper_id].gone, changes[lost.paper_id].merged_into) == (True, kept.paper_id)
    assert len(changes[kept.paper_id].paper.clips) == 3


def test_a_follower_is_told_of_all_that_a_merge_moved(store):
    clipping.save(store, a_clip(identifiers=(NAMES[0],), clipped_at=CLIPPED_AT - timedelta(days=1)))
    clipping.save(store, a_clip(identifiers=(NAMES[2],)))
    lost = str(NAMES[2])
    tagging.add(store, lost, "boats")
    for _ in range(2):
        note, _ = annotating.put(store, uuid7(), lost, a_note(), None)
    annotating.trash(store, note.id)
    deciding.decide(store, DAYS[0], finding.paper(store, lost).facts, Decision.DONE)
    copy = Copy()
    copy.follow(store, 500)
    clipping.save(store, a_clip(identifiers=(NAMES[0], NAMES[2])))
    copy.follow(store, 2)
    expected = truth(store)
    assert (copy.papers, copy.annotations) == (expected.papers, expected.annotations)
    assert {i: made.decision for i, made in copy.decisions.items()} == expected.decisions
    assert {note.paper_id for note in copy.annotations.values()} == set(copy.papers)


def test_a_cursor_of_before_a_restore_is_gone(store):
    clipping.save(store, a_clip())
    cursor, _ = changing.since(store, None, 10)
    libraries.renew_epochs()
    with pytest.raises(GoneError):
        changing.since(store, cursor, 10)
    assert len(changing.since(store, None, 10)[1]) == 1


@pytest.mark.parametrize("cursor", ["7", "-", "epoch-", "epoch-x", "epoch--1", "epoch-²", "epoch-" + "9" * 19])
def test_what_is_no_cursor_is_refused(store, cursor):
    epoch = libraries.get(store).epoch
    with pytest.raises((InvalidInputError, GoneError)):
        changing.since(store, cursor.replace("epoch", epoch), 10)
