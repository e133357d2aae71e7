from datetime import date

import pytest

from paperclipper.model import Sort, Status
from search.index.list_source import ask
from search.query.query_text import shape


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('tag:boat #boat tag:#boat #big/boat tag:"big boat"', "#boat #boat #boat #big/boat #big boat"),
        ("status:reading STATUS:Read", "status:reading status:read"),
        ("is:starred is:skipped is:unread", "is:starred is:dismissed status:unread"),
        ("has:note has:notes has:highlight has:code", "has:note has:note has:highlight has:code"),
        ("upvotes:>50 upvotes:>=50", "upvotes:52..None upvotes:51..None"),
        ("upvotes:<50 upvotes:<=50 upvotes:50", "upvotes:1..50 upvotes:1..51 upvotes:51..51"),
        ("upvotes:10..50 upvotes:10.. upvotes:..50", "upvotes:11..51 upvotes:11..None upvotes:1..51"),
        ("upvotes:<0", "upvotes:1..0"),
        ("digest:2026-03-09 digest:2026-03 digest:2026", "digest:2026-03-09* digest:2026-03* digest:2026*"),
        ("digest:today digest:march", "digest:2026-03-09* digest:2026-03*"),
        ('status:"reading" or #boat', "(status:reading or #boat)"),
        ("# boat #-boat", "boat boat"),
    ],
)
def test_filters(text, expected):
    assert shape(ask(text)) == expected


@pytest.mark.parametrize("status", Status)
def test_every_status_is_a_filter(status):
    assert shape(ask(f"status:{status}")) == shape(ask(f"is:{status}")) == f"status:{status}"


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("year:2024..2026", date(2024, 1, 1), date(2026, 12, 31)),
        ("year:2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("year:>2024", date(2025, 1, 1), None),
        ("year:..2024", date.min, date(2024, 12, 31)),
        ("after:2026-03", date(2026, 3, 1), None),
        ("before:2026-03", date.min, date(2026, 2, 28)),
        ("before:2026-03-09", date.min, date(2026, 3, 8)),
        ("before:0001-01-01", date.min, date.min),
    ],
)
def test_publication_dates_are_ordinals(text, first, last):
    (clause,) = ask(text).clauses
    assert (clause.low, clause.high) == (first.toordinal(), last.toordinal() if last else None)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("clipped:2026-03-09", date(2026, 3, 9), date(2026, 3, 9)),
        ("clipped:march", date(2026, 3, 1), date(2026, 3, 31)),
        ("clipped:<7d", date(2026, 3, 3), None),
        ("clipped:>7d", None, date(2026, 3, 1)),
        ("clipped:2025..today", date(2025, 1, 1), date(2026, 3, 9)),
    ],
)
def test_clipping_days_are_in_the_time_zone_of_this_machine(text, first, last):
    (clause,) = ask(text).clauses
    moments = [number and date.fromtimestamp(number / 1000) for number in (clause.low, clause.high)]
    assert moments == [first or date.fromtimestamp(0), last]
    if first and last:
        assert (clause.high + 1 - clause.low) % 1000 == 0


@pytest.mark.parametrize("year", ["0001", "1969", "1970", "3000", "3001", "9999"])
def test_dates_beyond_the_supported_time_zones(year):
    (clause,) = ask(f"clipped:{year}").clauses
    assert clause.low <= clause.high + 1


@pytest.mark.parametrize(
    ("text", "sort", "order"),
    [
        ("keel", None, Sort.RELEVANCE),
        ("", None, Sort.CLIPPED),
        ("#boat", None, Sort.CLIPPED),
        ("-keel", None, Sort.RELEVANCE),
        ("keel sort:upvotes", Sort.UPVOTES, Sort.UPVOTES),
        ("sort:Published keel", Sort.PUBLISHED, Sort.PUBLISHED),
        ('sort:clipped (keel sort:"relevance")', Sort.RELEVANCE, Sort.RELEVANCE),
    ],
)
def test_order(text, sort, order):
    query = ask(text)
    assert (query.sort, query.order) == (sort, order)
    assert "sort" not in shape(query)
