"""After any sequence of changes and interrupted commits, catching up makes the index equal to the library."""

import shutil
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from paperclipper.errors import IndexUnavailableError
from paperclipper.search.index import search_index
from paperclipper.search.index.search_index import WhooshIndex
from paperclipper.search.query.results import Wanted
from paperclipper.search.whoosh import index_folder, storage
from search.index.list_source import NOUNS, ListSource, ask, paper

IDS = st.sampled_from([f"p{i}" for i in range(6)])
TEXTS = st.lists(st.sampled_from(NOUNS), min_size=1, max_size=5).map(" ".join)


class Crash(BaseException):
    """The simulated end of the process."""


class Library(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.source = ListSource()
        self.index = WhooshIndex(self.folder / "lib")

    @rule(paper_id=IDS, title=TEXTS, note=TEXTS)
    def save(self, paper_id, title, note):
        self.source.put(paper(paper_id, title, notes=[note]))

    @rule(paper_id=IDS)
    def delete(self, paper_id):
        if paper_id in self.source.entries:
            self.source.remove(paper_id)

    @rule(epoch=st.sampled_from("abc"))
    def restore(self, epoch):
        self.source.epoch = epoch

    @rule()
    def reopen(self):
        self.index.close()
        self.index = WhooshIndex(self.folder / "lib")

    @rule()
    def merge_segments(self):
        if self.index.status().position:
            self.index.merge_segments()

    @rule(syncs=st.integers(0, 12))
    def crash(self, syncs):
        """Crash after `syncs` calls of fsync."""
        left = [syncs]
        sync = storage.sync

        def sync_or_crash(path):
            if left[0] == 0:
                raise Crash
            left[0] -= 1
            sync(path)

        with pytest.MonkeyPatch.context() as patch:
            for module in (storage, index_folder, search_index):
                patch.setattr(module, "sync", sync_or_crash)
            try:
                self.index.catch_up(self.source, time.monotonic() + 60)
            except Crash:
                self.reopen()

    @rule()
    def catch_up(self):
        assert self.index.catch_up(self.source, time.monotonic() + 60)
        assert self.index.verify(self.source, deep=True) == []
        live = [entry.paper for entry in self.source.entries.values() if entry.paper]
        for word in NOUNS[:3]:
            expected = {p.id for p in live if word in f"{p.facts.title} {p.notes[0].draft.body}".split()}
            assert {hit.paper_id for hit in self.index.search(ask(word), Wanted(10)).hits} == expected

    @precondition(lambda self: self.index.status().position is not None)
    @invariant()
    def an_index_with_a_position_answers(self):
        try:
            found = self.index.search(ask("lattice"), Wanted(10))
        except IndexUnavailableError:
            pytest.fail("an index with a position did not answer")
        assert len({hit.paper_id for hit in found.hits}) == found.total

    def teardown(self):
        self.catch_up()
        self.index.close()
        shutil.rmtree(self.folder)


Library.TestCase.settings = settings(
    max_examples=25, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)
)
TestLibrary = Library.TestCase
