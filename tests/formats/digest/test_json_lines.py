import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperclipper.formats.digest import json_lines
from paperclipper.formats.digest.rows import UnreadableRow
from paperclipper.model import Identifier, Scheme, Source

LINE = {
    "arxiv_id": "2603.00042v2",
    "title": "Paper  Boats",
    "abstract": "We fold\nboats.",
    "authors": ["Ada Keel", "Ben Mast"],
    "published_at": "2026-03-06T18:58:04.000Z",
    "upvotes": 3,
    "num_comments": 0,
    "submitted_on": "2026-03-09",
    "categories": ["cs.CV"],
    "comment": None,
    "listed_on": "2026-03-07",
}


def test_a_line_is_a_paper():
    (row,) = json_lines.read([json.dumps(LINE)])
    assert (row.facts.title, row.facts.abstract) == ("Paper Boats", "We fold boats.")
    assert row.facts.authors == ("Ada Keel", "Ben Mast")
    assert row.facts.author_count == 2
    assert row.facts.identifiers == (Identifier(Scheme.ARXIV, "2603.00042"),)
    assert (row.facts.published, row.page.digest_day) == (date(2026, 3, 6), date(2026, 3, 9))
    assert (row.page.upvotes, row.page.comments, row.source) == (3, 0, Source.DATA)


def test_a_title_is_enough():
    (row,) = json_lines.read(['{"title": "Boats"}'])
    assert (row.facts.title, row.facts.identifiers, row.facts.author_count) == ("Boats", (), None)
    assert (row.page.digest_day, row.page.page_url) == (None, "")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "it is not valid JSON: "),
        ("[1]", "its line is not an object"),
        ('{"title": 1}', "its title is not a string"),
        ('{"abstract": "x"}', "it has no title"),
        ('{"title": "x", "upvotes": NaN}', "it is not valid JSON, "),
        ('{"title": "x", "upvotes": -1}', "its upvotes is not a count"),
        ('{"title": "x", "arxiv_id": "nine"}', "its arxiv_id is not an arXiv id"),
        ("[" * 100_000, "it is not valid JSON, "),
        ('{"title": "' + "x" * 1_000_000 + '"}', "the line is longer than"),
    ],
)
def test_an_unreadable_line_has_a_reason(line, reason):
    empty_line = ""
    bad, good = json_lines.read([line, empty_line, '{"title": "Boats"}'])
    assert isinstance(bad, UnreadableRow)
    assert bad.reason.startswith(reason)
    assert (good.number, good.facts.title) == (3, "Boats")


def test_lines_are_read_one_by_one():
    def endless():
        while True:
            yield '{"title": "Boats"}'

    rows = json_lines.read(endless())
    assert [next(rows).number for _ in range(3)] == [1, 2, 3]


@given(st.lists(st.text()))
def test_any_lines_are_read_without_errors(lines):
    assert all(
        isinstance(row, UnreadableRow) for row in json_lines.read(lines) if "{" not in lines[row.number - 1]
    )
