"""Any sequence of requests by two clients, with delays, repeats, lost indexes and crashes.

The library always equals a plain model, and the clients' copies equal the library. Nothing that was
acknowledged is lost, and the index is correct.
"""

import contextlib
import shutil
from collections import defaultdict
from copy import deepcopy
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from builders import CLIPPED_AT, a_clip, a_note, arxiv, doi, uuid7
from library_copy import LibraryCopy, library_state, without_annotations
from paperclipper.errors import (
    ConflictError,
    IndexUnavailableError,
    NotFoundError,
    PreconditionRequiredError,
    StaleVersionError,
)
from paperclipper.model import Decision, Status
from paperclipper.services.actions import bulk_editing, undoing
from paperclipper.services.actions.bulk_editing import BulkEdit, Selection
from paperclipper.services.annotations import annotations
from paperclipper.services.days import decisions
from paperclipper.services.papers import clipping, editing, lookup, paper_merge
from paperclipper.services.papers.editing import PaperEdit
from paperclipper.services.search import indexing
from paperclipper.services.search.indexing import LibrarySource
from paperclipper.services.tags import tag_editing, tagging
from paperclipper.services.trash import purging, trashing
from paperclipper.store.access import libraries
from paperclipper.store.database.tables import AnnotationRow, DecisionRow, PaperRow, TagRow
from paperclipper.store.papers import papers
from services.expected_papers import ExpectedPaper

NAMES = [arxiv("2603.00001"), arxiv("2603.00002"), doi("10.1000/1"), doi("10.1000/2")]
DAYS = [date(2026, 3, 9), date(2026, 3, 10)]
TAGS = ["boats", "Boats", "craft/paper", "kites"]
names, tags_ = st.sampled_from(NAMES), st.sampled_from(TAGS)
words = st.sampled_from(["a", "b", "see [[2603.00001]]"])


class FailingSource(LibrarySource):
    """A source that fails when it is read for the second time."""

    def entries_after(self, stamp, limit):
        if stamp:
            raise RuntimeError("a crash")
        return super().entries_after(stamp, 1)


class Library(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.folder = Path(mkdtemp())
        indexing.use_folder(self.folder)
        self.id = libraries.create(uuid7()).id
        self.expected = []
        self.gone = []
        self.sent = []
        self.versions = defaultdict(list)  # of each note, all acknowledged (base, body, version)
        self.actions = []
        self.clients = [LibraryCopy(), LibraryCopy()]

    def teardown(self):
        for client in self.clients:
            client.catch_up(self.id, 3)
            assert client.state() == library_state(self.id)
        assert indexing.ensure_fresh(self.id, 30) == 0
        assert indexing.verify(self.id, deep=True) == []
        indexing.index_of(self.id).close()
        shutil.rmtree(self.folder)

    def paper(self, name):
        return next((paper for paper in self.expected if name in paper.names), None)

    # Clipping

    @rule(named=st.sets(names, min_size=1, max_size=2), days=st.integers(0, 5))
    def clip(self, named, days):
        at = CLIPPED_AT + timedelta(days=days, milliseconds=len(self.sent))
        request = a_clip(title=f"Boat {sorted(named)[0]}", identifiers=tuple(sorted(named)), clipped_at=at)
        same = sorted({p for name in named if (p := self.paper(name))}, key=lambda paper: paper.first)
        saved = clipping.save(self.id, request)
        assert (saved.created, saved.paper_created) == (True, not same)
        survivor, *others = same or [ExpectedPaper(at)]
        for other in others:
            survivor.absorb(other)
        self.expected = [p for p in self.expected if p not in same] + [survivor]
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
        if request.id not in self.gone:
            assert saved.paper_id == lookup.paper_id(self.id, request.id)
        assert libraries.get(self.id).clock == before

    # Tags

    @rule(name=names, tag=tags_, on=st.booleans())
    def tag(self, name, tag, on):
        expected = self.paper(name)
        action = tagging.add if on else tagging.remove
        if expected is None:
            with pytest.raises(NotFoundError):
                action(self.id, str(name), tag)
        else:
            action(self.id, str(name), tag)
            (expected.tags.add if on else expected.tags.discard)(tag.casefold())

    def tag_of(self, name):
        return next((t for t in tagging.suggest(self.id) if t.name.casefold() == name.casefold()), None)

    @rule(old=tags_, new=tags_, back=st.booleans())
    def rename_tag(self, old, new, back):
        tag, other = self.tag_of(old), self.tag_of(new)
        if tag is None:
            return
        if other and other.id != tag.id:
            with pytest.raises(ConflictError):
                tag_editing.edit(self.id, tag.id, {"name": new}, str(tag.version))
            return
        _, action = tag_editing.edit(self.id, tag.id, {"name": new}, str(tag.version))
        if action and back:
            undoing.undo(self.id, action.id)
        elif action:
            self.actions.append(action)
            self.replace_tag(old, new)

    @rule(old=tags_, new=tags_, back=st.booleans())
    def merge_tags(self, old, new, back):
        tag, other = self.tag_of(old), self.tag_of(new)
        if tag and other and tag.id != other.id:
            _, action = tag_editing.merge(self.id, tag.id, other.id)
            if back:
                undoing.undo(self.id, action.id)
            else:
                self.replace_tag(old, new)

    @rule(name=tags_, back=st.booleans())
    def delete_tag(self, name, back):
        tag = self.tag_of(name)
        action = tag_editing.delete(self.id, [tag.id]) if tag else None
        if action and back:
            undoing.undo(self.id, action.id)
        elif action:
            self.replace_tag(name, None)

    def replace_tag(self, old, new):
        for expected in self.expected:
            if old.casefold() in expected.tags:
                expected.tags.discard(old.casefold())
                expected.tags |= {new.casefold()} if new else set()

    @precondition(lambda self: self.actions)
    @rule(data=st.data())
    def undo_later(self, data):
        action = data.draw(st.sampled_from(self.actions))
        old, new = action.record["before"], action.record["after"]
        tag, taken_by = self.tag_of(new), self.tag_of(old)
        undone = undoing.get(self.id, action.id).undone_at
        is_same = tag and (tag.id, tag.name) == (action.record["tag"], new)
        fits = is_same and (taken_by is None or taken_by.id == tag.id)
        if undone or fits:
            undoing.undo(self.id, action.id)
        else:
            with pytest.raises((ConflictError, NotFoundError)):
                undoing.undo(self.id, action.id)
        if fits and not undone:
            self.replace_tag(new, old)

    # Notes

    @rule(name=names, body=words)
    def note(self, name, body):
        expected = self.paper(name)
        if expected:
            note, created = annotations.put(self.id, uuid7(), str(name), a_note(body), None)
            assert created
            expected.notes[note.id] = body
            self.versions[note.id].append((None, body, note.version))

    @precondition(lambda self: any(expected.notes for expected in self.expected))
    @rule(data=st.data(), body=words)
    def put_note(self, data, body):
        """Edit a note from any version that a client has seen, or repeat an earlier request."""
        expected, note_id = self.any_note(data)
        answered = self.versions[note_id]
        base = data.draw(st.sampled_from([None, *(str(version) for _, _, version in answered)]))
        present = annotations.get(self.id, note_id)
        is_repeat = any((b, text) == (base, body) for b, text, _ in answered)
        if base == str(present.version) or body == expected.notes[note_id] or is_repeat:
            saved, _ = annotations.put(self.id, note_id, present.paper_id, a_note(body), base)
            if base == str(present.version) and body != expected.notes[note_id]:
                expected.notes[note_id] = body
                answered.append((base, body, saved.version))
            assert saved.draft.body == expected.notes[note_id]
        else:
            with pytest.raises((StaleVersionError, PreconditionRequiredError)):
                annotations.put(self.id, note_id, present.paper_id, a_note(body), base)

    @precondition(lambda self: any(expected.notes for expected in self.expected))
    @rule(data=st.data())
    def restore_revision(self, data):
        expected, note_id = self.any_note(data)
        history = annotations.history(self.id, note_id)
        if history:
            revision = data.draw(st.sampled_from(history))
            base = str(annotations.get(self.id, note_id).version)
            now = annotations.restore_revision(self.id, note_id, str(revision.version), base)
            if now.draft.body != expected.notes[note_id]:
                self.versions[note_id].append((base, now.draft.body, now.version))
            expected.notes[note_id] = now.draft.body

    @precondition(lambda self: any(expected.notes for expected in self.expected))
    @rule(data=st.data(), for_good=st.booleans())
    def delete_note(self, data, for_good):
        expected, note_id = self.any_note(data)
        annotations.trash(self.id, note_id)
        if for_good:
            purging.purge(self.id, uuid7(), annotations=[note_id])
            del expected.notes[note_id]
            del self.versions[note_id]
        else:
            version = annotations.restore(self.id, note_id).version
            base, body, _ = self.versions[note_id][-1]
            self.versions[note_id].append((base, body, version))

    def any_note(self, data):
        expected = data.draw(st.sampled_from([expected for expected in self.expected if expected.notes]))
        return expected, data.draw(st.sampled_from(sorted(expected.notes)))

    # Papers

    @rule(name=names, starred=st.booleans(), status=st.sampled_from(Status))
    def mark(self, name, starred, status):
        expected = self.paper(name)
        if expected:
            wanted = PaperEdit(frozenset({"starred", "status"}), starred=starred, status=status)
            before = lookup.paper(self.id, str(name)).version
            now = editing.edit(self.id, str(name), wanted, str(before))
            assert editing.edit(self.id, str(name), wanted, str(before)) == now
            expected.starred, expected.status = starred, status
            if now.version != before:
                other = PaperEdit(frozenset({"rating"}), rating=4)
                with pytest.raises(StaleVersionError):
                    editing.edit(self.id, str(name), other, str(before))

    @rule(name=names, title=st.sampled_from(["Mine", "Ours"]))
    def seal_title(self, name, title):
        expected = self.paper(name)
        if expected:
            version = lookup.paper(self.id, str(name)).version
            editing.edit(self.id, str(name), PaperEdit(frozenset({"title"}), title=title), str(version))
            expected.title = title if expected.title or title != f"Boat {min(expected.names)}" else None

    @rule(name=names, into=names, back=st.booleans())
    def merge_papers(self, name, into, back):
        expected, other = self.paper(name), self.paper(into)
        if not expected or not other:
            return
        before = [self.state(paper) for paper in self.expected]
        _, action = paper_merge.merge(self.id, str(name), str(into))
        assert (action is None) == (expected is other)
        if action and back:
            undoing.undo(self.id, action.id)
            assert [self.state(paper) for paper in self.expected] == before
        elif action:
            other.absorb(expected)
            self.expected.remove(expected)

    @rule(named=st.sets(names), tag=tags_, starred=st.none() | st.booleans(), back=st.booleans())
    def bulk(self, named, tag, starred, back):
        chosen = {expected for name in named if (expected := self.paper(name)) and not expected.trashed}
        action_id, refs = uuid7(), tuple(str(min(expected.names)) for expected in chosen)
        wanted = BulkEdit(add_tags=(tag,), starred=starred)
        action = bulk_editing.edit(self.id, action_id, Selection(refs), wanted)
        assert bulk_editing.edit(self.id, action_id, Selection(refs), wanted) == action
        if back:
            undoing.undo(self.id, action_id)
            return
        for expected in chosen:
            expected.tags.add(tag.casefold())
            expected.starred = expected.starred if starred is None else starred

    @rule(name=names, trashed=st.booleans())
    def trash(self, name, trashed):
        expected = self.paper(name)
        if expected:
            (trashing.trash if trashed else trashing.restore)(self.id, str(name))
            expected.trashed = trashed

    @precondition(lambda self: any(expected.trashed for expected in self.expected))
    @rule(data=st.data())
    def purge(self, data):
        expected = data.draw(st.sampled_from([expected for expected in self.expected if expected.trashed]))
        purging.purge(self.id, uuid7(), [str(min(expected.names))])
        self.expected.remove(expected)
        self.gone += expected.clips
        for note_id in expected.notes:
            self.versions.pop(note_id, None)

    @rule(name=names, day=st.sampled_from(DAYS), decision=st.sampled_from([*Decision, None]))
    def decide(self, name, day, decision):
        if self.paper(name):
            decisions.decide(self.id, day, a_clip(identifiers=(name,)).facts, decision)

    # Clients and the index

    @rule(which=st.sampled_from([0, 1]), page=st.integers(1, 7))
    def follow_one_page(self, which, page):
        self.clients[which].read_page(self.id, page)

    @rule(page=st.integers(1, 500))
    def follow_from_an_earlier_place(self, page):
        client = deepcopy(self.clients[0])
        client.catch_up(self.id, page)
        assert client.state() == library_state(self.id)

    @rule(how=st.sampled_from(["well", "crash", "lost"]))
    def catch_up(self, how):
        if how == "lost":
            shutil.rmtree(self.folder / "index", ignore_errors=True)
        if how == "crash":
            with contextlib.suppress(IndexUnavailableError):
                indexing.index_of(self.id).catch_up(FailingSource(self.id), 1e12)
        else:
            assert indexing.ensure_fresh(self.id, 30) == 0

    # Invariants

    def state(self, expected):
        paper = lookup.paper(self.id, str(min(expected.names)))
        return without_annotations(replace(paper, version=None, modified_at=None)), [
            note.draft for note in paper.annotations
        ]

    @invariant()
    def the_store_is_as_known(self):
        for expected in self.expected:
            stored = lookup.paper(self.id, str(min(expected.names)))
            assert set(stored.facts.identifiers) == expected.names
            assert {clip.id for clip in stored.clips} == expected.clips
            assert {tag.name.casefold() for tag in stored.tags} == expected.tags
            assert {note.id: note.draft.body for note in stored.notes} == expected.notes
            assert (stored.starred, stored.status) == (expected.starred, expected.status)
            assert (stored.deleted_at is not None) == expected.trashed
            assert stored.clipped_at == expected.first
            assert expected.title in (None, stored.facts.title)
        assert papers.count(self.id) == sum(not expected.trashed for expected in self.expected)

    @invariant()
    def every_acknowledged_text_is_there_or_in_the_history(self):
        for note_id, answered in self.versions.items():
            texts = {revision.content["body"] for revision in annotations.history(self.id, note_id)}
            texts.add(annotations.get(self.id, note_id).draft.body)
            assert {body for _, body, _ in answered} <= texts

    @invariant()
    def no_two_rows_have_one_stamp(self):
        tables = (PaperRow, AnnotationRow, TagRow, DecisionRow)
        stamps = [row.changed for table in tables for row in table.select().where(table.library == self.id)]
        assert len(set(stamps)) == len(stamps)
        assert max(stamps, default=0) <= libraries.get(self.id).clock


def test_any_sequence_of_requests_matches_the_model(store):
    run_state_machine_as_test(Library, settings=settings(max_examples=60, stateful_step_count=30))


@pytest.mark.nightly
@pytest.mark.timeout(3600)
def test_any_long_sequence_of_requests(store):
    run_state_machine_as_test(Library, settings=settings(max_examples=400, stateful_step_count=60))
