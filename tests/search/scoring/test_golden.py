"""The golden table through a real index: what matches and what does not, and that matches are marked."""

import time

import pytest

from paperclipper.search.highlighting.matcher import find_all, matchers_by_zone
from paperclipper.search.highlighting.snippets import mark
from paperclipper.search.index.search_index import WhooshIndex
from paperclipper.search.query.results import Wanted
from search.index.list_source import ListSource, ask, paper
from search.scoring import golden

TEXTS = list(dict.fromkeys(text for text, _, _ in golden.ROWS))


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    index = WhooshIndex(tmp_path_factory.mktemp("golden") / "lib")
    assert index.catch_up(ListSource([paper(text, "A title", text) for text in TEXTS]), time.monotonic() + 60)
    yield index
    index.close()


def test_the_table_is_large_and_half_of_its_rows_do_not_match():
    found = sum(expected for _, _, expected in golden.ROWS)
    assert len(set(golden.ROWS)) == len(golden.ROWS) >= 150
    assert found <= len(golden.ROWS) / 2


@pytest.mark.parametrize(("text", "query", "expected"), golden.ROWS)
def test_golden(index, text, query, expected):
    parsed = ask(query)
    answer = index.search(parsed, Wanted(1000))
    assert (not parsed.is_empty and text in {hit.paper_id for hit in answer.hits}) is expected
    if expected:
        marked = mark(text, find_all([text], matchers_by_zone(answer.plan)["abstract"])[0])
        assert "".join(piece for piece, _ in marked) == text
        assert any(hit for _, hit in marked)
