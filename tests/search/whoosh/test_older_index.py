"""Stored indexes of older versions answer and are updated until they have been rebuilt."""

import json
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from paperclipper.search.index.search_index import WhooshIndex
from paperclipper.search.query.results import Wanted
from paperclipper.search.text.tokenizer import ANALYSIS_VERSION
from paperclipper.search.whoosh import index_folder
from search.index.list_source import ListSource, ask, paper

OLDER = Path(__file__).parent / "older_indexes"


@pytest.fixture
def source():
    boats = paper("a", "Folding Paper Boats", "keel and mast", notes=["my sextant"])
    return ListSource([boats, paper("b", "Sails learned", "rudder")])


@pytest.fixture(params=["1", "2"])
def index(tmp_path, request):
    with opened(request.param, tmp_path) as index:
        yield index


@contextmanager
def opened(version, tmp_path):
    shutil.copytree(OLDER / version, tmp_path / "lib")
    index = WhooshIndex(tmp_path / "lib")
    yield index
    index.close()


def found(index, text):
    query = ask(text)
    index.diagnose(query)
    return {hit.paper_id for hit in index.search(query, Wanted(10, partial=5, facets=True)).hits}


ANSWERS = [
    ("keel", {"a"}),
    ('"paper boats"', {"a"}),
    ('"boats paper"', set()),
    ("learning", {"b"}),
    ("sext*", {"a"}),
    ("bots~", {"a"}),
    ("is:unread", {"a", "b"}),
    ("zebra keel", set()),
]


@pytest.mark.parametrize(("text", "expected"), ANSWERS)
def test_it_answers(index, text, expected):
    assert not index.status().is_current
    assert found(index, text) == expected


def test_it_is_updated_until_the_next_one_is_built(index, source):
    source.put(paper("c", "A third keel"))
    source.remove("b")
    assert not index.catch_up(source, 0)  # time for one batch of the old, none for the new
    assert not index.status().is_current
    assert (found(index, "keel"), found(index, "rudder")) == ({"a", "c"}, set())
    assert index.catch_up(source, time.monotonic() + 60)
    assert index.status().is_current
    assert index.verify(source, deep=True) == []


def test_it_is_merged_with_segments_in_the_present_format(index, source, monkeypatch):
    monkeypatch.setattr(index_folder, "MAX_SEGMENTS", 1)
    source.put(paper("c", "A third keel"))
    source.remove("b")
    assert not index.catch_up(source, 0)
    index.merge_segments()
    assert (index.status().is_current, index.status().segments) == (False, 1)
    assert [found(index, text) for text in ("keel", '"third keel"', "rudder")] == [{"a", "c"}, {"c"}, set()]


def test_its_terms_are_those_that_whoosh_reads(index):
    (segment,) = index._current_snapshot().view.segments
    own = {(field, term): info.doc_frequency() for (field, term), info in segment.reader}
    assert own == {(f, t): terms.frequency(t) for f, terms in segment.columns.terms.items() for t in terms}


# Index 3 has today's analysis if the stemmer is the same, and the module names of release 0.1.
IS_CURRENT = ANALYSIS_VERSION == "3, 3.1.0"


@pytest.mark.parametrize(("text", "expected"), ANSWERS)
def test_an_index_of_release_0_1_answers(tmp_path, text, expected):
    with opened("3", tmp_path) as index:
        assert index.status().is_current == IS_CURRENT
        assert found(index, text) == expected


def test_an_index_of_release_0_1_is_updated_in_place(tmp_path, source, monkeypatch):
    monkeypatch.setattr(index_folder, "MAX_SEGMENTS", 1)
    source.put(paper("c", "A third keel"))
    source.remove("b")
    with opened("3", tmp_path) as index:
        assert index.catch_up(source, time.monotonic() + 60)
        index.merge_segments()
        assert (index.status().is_current, index.status().segments) == (True, 1)
        assert [found(index, text) for text in ("keel", '"third keel"', "rudder")] == [
            {"a", "c"},
            {"c"},
            set(),
        ]
        assert index.verify(source, deep=True) == []


# The modules whose classes Whoosh pickled under their old names.
OLD_NAMES = {
    "paperclipper.search.whoosh_codec": ("ListsCodec",),
    "paperclipper.search.whoosh_schema": ("PostingsField", "Presence", "TextParts", "WordPositions"),
    "paperclipper.search.whoosh_writer": ("_Codec",),
}


def table_of_contents(folder):
    """Return the bytes of the table of contents that is in use."""
    (path,) = (folder / (folder / "current").read_text()).glob("*.toc")
    return path.read_bytes()


def test_the_older_indexes_name_the_old_modules():
    written = b"".join(table_of_contents(OLDER / version) for version in "123")
    assert all(name.encode() in written for name in OLD_NAMES)


@pytest.mark.parametrize("version", ["1", "2", "3"])
def test_a_commit_names_only_the_present_modules(tmp_path, source, version):
    source.put(paper("c", "A third keel"))
    source.remove("b")
    with opened(version, tmp_path) as index:
        index.catch_up(source, 0)
        assert found(index, "keel") == {"a", "c"}
        table = table_of_contents(tmp_path / "lib")
        assert b"paperclipper.search.whoosh.schema" in table
        assert b"paperclipper.search.whoosh_" not in table
        index.catch_up(source, time.monotonic() + 60)
        assert found(index, "keel") == {"a", "c"}


def test_a_fresh_process_finds_the_classes_under_their_old_names():
    script = (
        "import importlib, json, sys\n"
        "import paperclipper.search.index.search_index\n"
        "for module, classes in json.loads(sys.argv[1]).items():\n"
        "    for name in classes:\n"
        "        assert getattr(importlib.import_module(module), name).__module__ != module\n"
    )
    subprocess.run([sys.executable, "-c", script, json.dumps(OLD_NAMES)], check=True, timeout=60)


@pytest.mark.parametrize("version", ["1", "2", "3"])
def test_a_fresh_process_opens_the_index(tmp_path, version):
    shutil.copytree(OLDER / version, tmp_path / "lib")
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from paperclipper.search.index.search_index import WhooshIndex\n"
        "assert WhooshIndex(Path(sys.argv[1])).status().papers == 2\n"
    )
    subprocess.run([sys.executable, "-c", script, tmp_path / "lib"], check=True, timeout=60)
