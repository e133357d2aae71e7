"""The number of queries does not grow with the number of papers."""

import re
from datetime import date

import pytest
from playhouse.test_utils import count_queries

from builders import a_clip, a_highlight, a_note, arxiv, uuid7
from paperclipper.model import Colour, Decision
from paperclipper.services.actions import bulk_editing
from paperclipper.services.actions.bulk_editing import BulkEdit, Selection
from paperclipper.services.annotations import annotations, note_links
from paperclipper.services.days import decisions
from paperclipper.services.history import change_feed
from paperclipper.services.papers import clipping, lookup
from paperclipper.services.search import indexing, searching
from paperclipper.services.search.searching import SearchRequest
from paperclipper.services.tags import tag_editing, tagging
from paperclipper.services.trash import trashing
from paperclipper.store.database.tables import proxy

FEW, MANY = 3, 40


def name(number):
    return f"2603.{number:05}"


@pytest.fixture
def library(store, tmp_path):
    """A library of many papers with tags, notes, highlights and decisions."""
    indexing.use_folder(tmp_path)
    clips = [a_clip(title=f"Boat {n}", identifiers=(arxiv(name(n)),)) for n in range(MANY)]
    for number, saved in enumerate(clipping.save_many(store, clips)):
        tagging.add(store, saved.paper_id, "boats")
        tagging.add(store, saved.paper_id, f"own {number}")
        annotations.put(store, uuid7(), saved.paper_id, a_note(f"See [[{name(0)}]]"), None)
        annotations.put(store, uuid7(), saved.paper_id, a_highlight(), None)
        decisions.decide(store, date(2026, 3, 9), clips[number].facts, Decision.SKIPPED)
    return store


def tag_id(library, wanted):
    return next(tag.id for tag in tagging.suggest(library, wanted) if tag.name == wanted)


READS = {
    "lookup": lambda library, n: lookup.states(library, [arxiv(name(i)) for i in range(n)]),
    "newest": lambda library, n: searching.search(library, SearchRequest(limit=n)),
    "found": lambda library, n: searching.search(library, SearchRequest("boats", limit=n - 1)),
    "changes": lambda library, n: change_feed.since(library, None, 5 * n),
    "tags": lambda library, n: tagging.suggest(library, limit=n),
    "day": lambda library, n: decisions.of_day(library, date(2026, 3, 9)),
    "backlinks": lambda library, n: note_links.backlinks(library, name(0)),
}


def queries(action, *arguments):
    with count_queries() as counter:
        action(*arguments)
    return counter.count


@pytest.mark.parametrize("read", READS)
def test_reading_many_takes_as_many_queries_as_reading_few(library, read):
    searching.search(library, SearchRequest("boats"))  # the index has caught up
    assert queries(READS[read], library, MANY) == queries(READS[read], library, FEW)


LISTS = {"paper_live", "paper_library_id_index_stamp", "tag_library_id_folded"}


@pytest.mark.parametrize("read", READS)
def test_no_read_scans_the_whole_library(library, read):
    searching.search(library, SearchRequest("boats"))
    with count_queries() as counter:
        READS[read](library, MANY)
    for sql, values in (record.msg for record in counter.get_queries()):
        for step in proxy.execute_sql(f"EXPLAIN QUERY PLAN {sql}", values).fetchall():
            walk = re.search(
                r"SCAN (?!.* USING)\w+|USING (?:COVERING )?INDEX (\w+) \(library_id=\?\)", step[3]
            )
            assert not walk or walk[1] in LISTS, (step[3], sql)


def test_the_trash_takes_as_many_queries_for_many_as_for_few(library):
    bulk_editing.edit(library, uuid7(), Selection(q="boats"), BulkEdit(trash=True))
    few, many = (queries(trashing.trashed, library, n, 0) for n in (FEW, MANY))
    assert few == many
    assert len(trashing.trashed(library, MANY, 0)) == MANY


def test_a_lookup_takes_one_query(library):
    assert queries(READS["lookup"], library, MANY) == 1


def test_a_page_of_papers_takes_few_queries(library):
    searching.search(library, SearchRequest("boats"))
    assert queries(READS["newest"], library, MANY) <= 15


def test_changing_many_at_once_takes_few_queries(library):
    searching.search(library, SearchRequest("boats"))
    chosen = BulkEdit(("new",), ("boats",), starred=True)
    action_id = uuid7()
    assert queries(bulk_editing.edit, library, action_id, Selection(q="boats"), chosen) < MANY
    boats = tag_editing.get(library, tag_id(library, "boats"))
    assert queries(tag_editing.edit, library, boats.id, {"colour": Colour.PINK}, str(boats.version)) < 10


def test_merging_tags_takes_few_queries_however_many_papers(library):
    assert queries(tag_editing.merge, library, tag_id(library, "boats"), tag_id(library, "own 1")) < 25
