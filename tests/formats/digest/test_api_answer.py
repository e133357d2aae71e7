import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperclipper.formats.digest import api_answer
from paperclipper.formats.digest.rows import ParsedRow, UnreadableRow
from paperclipper.model import Identifier, Scheme, Source


def an_item(**changes):
    paper = {
        "id": "2603.00042",
        "title": "Paper Boats\n  at Scale",
        "summary": "We fold\nboats.\n\nThey float.",
        "authors": [
            {"_id": "1", "name": "Ada Keel", "hidden": False},
            {"_id": "2", "name": "Ben Mast", "hidden": True},
            {"_id": "3", "name": "Cy  Hull"},
        ],
        "publishedAt": "2026-03-06T18:58:04.000Z",
        "submittedOnDailyAt": "2026-03-09T01:22:24.366Z",
        "upvotes": 64,
        "ai_summary": "Boats, folded.",
        "ai_keywords": ["boats", "folding"],
        "githubRepo": "https://github.com/keel/boats",
        "projectPage": "boats dot example",
        "organization": {"_id": "9", "name": "harbour", "fullname": "Harbour Lab"},
    }
    item = {
        "publishedAt": "2026-03-06T13:58:04.000Z",
        "title": "Paper Boats",
        "numComments": 2,
        "thumbnail": "https://cdn.example/boats.png",
    }
    item["paper"] = paper | changes.pop("paper", {})
    return item | changes


def read_one(item):
    return next(iter(api_answer.read([item])))


def test_an_item_has_everything_that_the_list_page_shows():
    row = read_one(an_item())
    facts, page = row.facts, row.page
    assert (facts.title, facts.abstract) == ("Paper Boats at Scale", "We fold boats.\n\nThey float.")
    assert facts.authors == ("Ada Keel", "Cy Hull")
    assert facts.author_count == 3
    assert (facts.published, facts.published_inferred) == (date(2026, 3, 6), False)
    assert facts.identifiers == (Identifier(Scheme.ARXIV, "2603.00042"),)
    assert (facts.ai_summary, facts.keywords) == ("Boats, folded.", ("boats", "folding"))
    assert (facts.code_url, facts.thumbnail_url) == (
        "https://github.com/keel/boats",
        "https://cdn.example/boats.png",
    )
    assert facts.organisation == "Harbour Lab"
    assert (page.rank, page.upvotes, page.comments, page.digest_day) == (1, 64, 2, date(2026, 3, 9))
    assert row.source is Source.DATA


def test_invalid_urls_are_left_out():
    assert read_one(an_item()).facts.project_url == ""
    assert read_one(an_item(paper={"githubRepo": "javascript:alert(1)"})).facts.code_url == ""


def test_old_items_have_the_digest_day_themselves():
    assert read_one(an_item(paper={"submittedOnDailyAt": None})).page.digest_day == date(2026, 3, 6)


def test_the_order_is_the_rank():
    assert [row.page.rank for row in api_answer.read([an_item(), an_item()])] == [1, 2]


def test_a_single_paper_has_neither_rank_nor_inferred_day():
    paper = an_item()["paper"]
    del paper["submittedOnDailyAt"]
    (row,) = api_answer.read(paper)
    assert (row.page.rank, row.page.digest_day, row.facts.title) == (None, None, "Paper Boats at Scale")


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        ("text", "its row is not an object"),
        (an_item(paper={"title": " "}, title=None), "it has no title"),
        (an_item(paper={"id": "not-an-id"}), "its id is not an arXiv id"),
        (an_item(paper={"upvotes": "many"}), "its upvotes is not a whole number"),
        (an_item(paper={"upvotes": True}), "its upvotes is not a whole number"),
        (an_item(paper={"upvotes": 2**63}), "its upvotes is not a count"),
        (an_item(paper={"authors": ["Ada"]}), "its authors entry is not an object"),
        (an_item(paper={"publishedAt": "yesterday"}), "its publishedAt is not a date"),
        (an_item(paper={"summary": "x" * 50_001}), "its summary is longer than 50000 characters"),
        (an_item(paper={"ai_keywords": [1]}), "its ai_keywords is not a list of strings"),
    ],
)
def test_an_unreadable_row_has_a_reason(item, reason):
    bad, good = api_answer.read([item, an_item()])
    assert (type(bad), bad.number, bad.reason) == (UnreadableRow, 1, reason)
    assert isinstance(good, ParsedRow)


def test_characters_that_cannot_be_stored_are_removed():
    assert read_one(an_item(paper={"title": "Paper\x00 \ud800Boats"})).facts.title == "Paper Boats"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.sampled_from(["paper", "title", "id", "authors"]), inner)
    ),
)


@given(json_values)
def test_any_json_is_read_without_errors(value):
    assert all(row.number for row in api_answer.read(value))


def test_stored_responses_are_read_completely(shared_data):
    answers = [json.loads(path.read_text("utf-8")) for path in sorted((shared_data / "api").glob("*.json"))]
    assert len(answers) == 28
    rows = [row for answer in answers for row in api_answer.read(answer)]
    assert len(rows) == sum(map(len, answers))
    assert all(isinstance(row, ParsedRow) for row in rows)
    assert all(row.facts.authors and row.facts.published and row.page.digest_day for row in rows)
    assert not any("\n" in row.facts.title or "  " in row.facts.title for row in rows)
