from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperclipper.search.query.dates import parse_age, parse_interval, parse_period

TODAY = date(2026, 3, 9)
DAYS = st.dates()


def as_text(days):
    """Write days as from..to, an open end as nothing, and - if they could not be parsed."""
    return "..".join("" if day is None else day.isoformat() for day in days) if days else "-"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2026", "2026-01-01..2026-12-31"),
        ("2026-03", "2026-03-01..2026-03-31"),
        ("2026-2", "2026-02-01..2026-02-28"),
        ("2024-02", "2024-02-01..2024-02-29"),
        ("9999-12", "9999-12-01..9999-12-31"),
        ("2026-03-09", "2026-03-09..2026-03-09"),
        ("2026-3-9", "2026-03-09..2026-03-09"),
        ("today", "2026-03-09..2026-03-09"),
        ("yesterday", "2026-03-08..2026-03-08"),
        ("7d", "2026-03-02..2026-03-02"),
        ("2w", "2026-02-23..2026-02-23"),
        ("1m", "2026-02-07..2026-02-07"),
        ("1y", "2025-03-09..2025-03-09"),
        ("9999y", "0001-01-01..0001-01-01"),
        ("march", "2026-03-01..2026-03-31"),
        ("feb", "2026-02-01..2026-02-28"),
        ("april", "2025-04-01..2025-04-30"),
        ("dec", "2025-12-01..2025-12-31"),
        ("2026-02-30", "-"),
        ("2026-13", "-"),
        ("0000", "-"),
        ("26", "-"),
        ("20260309", "-"),
        ("٢٠٢٦", "-"),
        ("tomorrow", "-"),
        ("marchs", "-"),
        ("", "-"),
    ],
)
def test_periods(written, expected):
    assert as_text(parse_period(written, TODAY)) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2026-03", "2026-03-01..2026-03-31"),
        ("2024..2026", "2024-01-01..2026-12-31"),
        ("2024-03..2024-05-06", "2024-03-01..2024-05-06"),
        ("..2025", "..2025-12-31"),
        ("2025..", "2025-01-01.."),
        ("feb..today", "2026-02-01..2026-03-09"),
        ("30d..7d", "2026-02-07..2026-03-02"),
        (">2024", "2025-01-01.."),
        (">=2024", "2024-01-01.."),
        ("<2024-03", "..2024-02-29"),
        ("<=2024-03", "..2024-03-31"),
        (">2026-03-09", "2026-03-10.."),
        ("<=march", "..2026-03-31"),
        ("<7d", "2026-03-03.."),
        ("<=7d", "2026-03-02.."),
        (">7d", "..2026-03-01"),
        (">=7d", "..2026-03-02"),
        (">9999-12-31", "9999-12-31.."),
        ("<0001", "..0001-01-01"),
        ("..", "-"),
        ("2024..2025..2026", "-"),
        ("2024..foo", "-"),
        ("foo..", "-"),
        (">2024..2025", "-"),
        (">", "-"),
        ("> 2024", "-"),
        ("=2024", "-"),
        ("", "-"),
    ],
)
def test_intervals(written, expected):
    assert as_text(parse_interval(written, TODAY)) == expected


def test_newer_and_older_divide_all_days():
    for days in range(400):
        younger, older = parse_interval(f"<{days}d", TODAY), parse_interval(f">={days}d", TODAY)
        assert younger[0] - older[1] == timedelta(days=1)
        assert parse_age(f"{days}d", TODAY) == older[1]


@given(DAYS)
def test_a_day_is_in_its_month_and_its_year(day):
    for size in (10, 7, 4):
        first, last = parse_period(day.isoformat()[:size], TODAY)
        assert first <= day <= last
        assert first.isoformat()[:size] == last.isoformat()[:size]


@given(DAYS, st.sampled_from([4, 7, 10]))
def test_before_and_from_divide_all_days(day, size):
    written = day.isoformat()[:size]
    before, on, after = (parse_interval(operator + written, TODAY) for operator in ("<", "", ">"))
    if on[0] > date.min:
        assert on[0] - before[1] == timedelta(days=1)
    if on[1] < date.max:
        assert after[0] - on[1] == timedelta(days=1)
    assert parse_interval(f"<={written}", TODAY) == (None, on[1])
    assert parse_interval(f">={written}", TODAY) == (on[0], None)


@given(st.sampled_from(["jan", "march", "december"]), DAYS)
def test_a_month_by_name_is_the_latest_that_has_started(name, today):
    if today.year > 1:
        first, last = parse_period(name, today)
        assert (
            first <= today < first.replace(year=first.year + 1)
            if first.year < date.max.year
            else first <= today
        )
        assert (last + timedelta(days=1) if last < date.max else last).day in (1, 31)


WRITTEN = ["2026", "-03", "-09", "..", "<", ">", "=", "7", "0", "d", "y", "march", "today", " "]
WRITTEN += ["0001", "9999", "-12-31"]


@given(st.one_of(st.text(), st.lists(st.sampled_from(WRITTEN), max_size=6).map("".join)), DAYS)
def test_any_text_on_any_day_is_a_range_of_days_or_none(written, today):
    for days in (parse_interval(written, today), parse_period(written, today)):
        assert days is None or len(days) == 2
