from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperclipper.formats.digest import page_text
from paperclipper.formats.digest.rows import ParsedRow, UnreadableRow
from paperclipper.model import DigestKind, PageKind, Source

PAGE = """new

Get trending papers in your email inbox!

Daily Papers

Mar 9

Folding Paper Boats with Diffusion

We fold boats. They float, mostly.

  •  6 authors
·
Dec 8, 2022

A Boat Without Anything Below It

Only an abstract is printed here.

Sails:   Learned\u00a0or Given?

Sails matter.

  •  1 authors
·
Jun 28 2

Anchors Away

Anchors hold.

Harbour Lab
·
Feb 3, 2024 17"""


def read(text=PAGE, **options):
    return page_text.read(text, **options)


def test_every_row_is_read_as_printed():
    boats, bare, sails, *_ = read()
    assert boats.facts.title == "Folding Paper Boats with Diffusion"
    assert boats.facts.abstract == "We fold boats. They float, mostly."
    assert (boats.facts.author_count, boats.facts.published) == (6, date(2022, 12, 8))
    assert boats.facts.authors == ()
    assert boats.facts.identifiers == ()
    assert (bare.facts.author_count, bare.facts.published, bare.page.comments) == (None, None, None)
    assert sails.facts.title == "Sails: Learned or Given?"
    assert (sails.page.comments, sails.page.rank, sails.number) == (2, 3, 3)
    assert {row.source for row in read()[:3]} == {Source.TEXT}


def test_a_date_without_a_year_gets_the_year_after_the_newest():
    boats, _, sails, *_ = read()
    assert (sails.facts.published, sails.facts.published_inferred) == (date(2025, 6, 28), True)
    assert not boats.facts.published_inferred


def test_an_organisation_may_replace_the_authors():
    anchors = read()[-1]
    assert (anchors.facts.title, anchors.facts.abstract) == ("Anchors Away", "Anchors hold.")
    assert (anchors.facts.organisation, anchors.facts.author_count, anchors.page.comments) == (
        "Harbour Lab",
        None,
        17,
    )


def test_a_given_year_wins():
    sails = read(year=2031)[2]
    assert (sails.facts.published, sails.page.digest_day) == (date(2031, 6, 28), date(2031, 3, 9))
    assert read(year=2031)[0].facts.published == date(2022, 12, 8)


def test_the_header_gives_the_digest_day():
    page = read()[0].page
    assert (page.page_kind, page.digest_kind, page.digest_day) == (
        PageKind.IMPORT,
        DigestKind.DAY,
        date(2025, 3, 9),
    )
    assert page.page_url == "https://huggingface.co/papers/date/2025-03-09"


def test_a_page_without_header_has_no_day():
    rows = read("A Title\n\nAn abstract.\n\n  •  2 authors\n·\nMay 1, 2024\n")
    assert [row.facts.title for row in rows] == ["A Title"]
    assert (rows[0].page.digest_day, rows[0].page.page_url) == (None, "")


def test_without_any_year_dates_are_unknown():
    row = read("A Title\n\nAn abstract.\n\n• 2 authors\n·\nMay 1\n")[0]
    assert (row.facts.published, row.facts.published_inferred, row.facts.author_count) == (None, False, 2)


def test_a_date_that_does_not_exist_is_unknown():
    row = read("A Title\n\nAn abstract.\n\n• 2 authors\n·\nFeb 29\n", year=2025)[0]
    assert (row.facts.published, row.facts.published_inferred) == (None, False)


@pytest.mark.parametrize(
    "changed",
    [
        PAGE.replace("\n", "\r\n"),
        "\ufeff" + PAGE,
        PAGE + "\n\n\n",
        PAGE.replace("  •  ", "\t•\u00a0\u00a0"),
        PAGE.replace("·\n", "·\n\n"),
        PAGE.replace(" authors\n·\n", " authors\n\n·\n\n"),
    ],
)
def test_other_ways_of_saving_a_page_give_the_same_rows(changed):
    assert read(changed) == read()


def test_a_stray_line_is_reported():
    rows = read(PAGE + "\n\nSystem theme")
    assert isinstance(rows[-1], UnreadableRow)
    assert (rows[-1].title, rows[-1].reason) == (
        "System theme",
        "it has no abstract, authors or date",
    )


def test_a_title_that_is_too_long_is_reported():
    rows = read(f"{'long ' * 300}\n\n• 2 authors\n·\nMay 1, 2024\n")
    assert [type(row) for row in rows] == [UnreadableRow]


@given(st.text())
def test_any_text_is_read_without_errors(text):
    assert all(row.number for row in page_text.read(text))


@given(st.lists(st.sampled_from(["A Title", "", "•  3 authors", "·", "May 4, 2024 2", "Oct 31", "x" * 1200])))
def test_any_order_of_lines_is_read_without_errors(lines):
    rows = page_text.read("\n".join(lines))
    assert [row.number for row in rows] == list(range(1, len(rows) + 1))


def test_the_saved_list_page_has_thirty_papers(shared_data):
    rows = page_text.read((shared_data / "seed/daily_papers_oct_31.txt").read_text("utf-8"))
    assert len(rows) == 30
    assert all(isinstance(row, ParsedRow) and len(row.facts.abstract) > 1000 for row in rows)
    bare = [row.number for row in rows if row.facts.author_count is None and row.facts.published is None]
    assert bare == [10, 28]
    assert {row.number: row.page.comments for row in rows if row.page.comments is not None} == {
        **dict.fromkeys((13, 14, 23, 25), 2),
        29: 1,
        30: 53,
    }
    assert {row.page.digest_day for row in rows} == {date(2025, 10, 31)}
    inferred = [row for row in rows if row.facts.published_inferred]
    assert len(inferred) == 14
    assert {row.facts.published.year for row in inferred} == {2025}
