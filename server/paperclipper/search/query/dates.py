"""Parses the dates of a search: 2026, 2026-03, 2026-03-09, march, today, 7d. Pure."""

import re
from calendar import monthrange
from datetime import date, timedelta

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_NAMES = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_WRITTEN = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{1,2})(?:-(?P<day>\d{1,2}))?)?", re.ASCII)
_AGE = re.compile(r"(\d{1,4})([dwmy])", re.ASCII)
_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}

Days = tuple[date | None, date | None]
"""The first and last day, inclusive. None means unbounded."""


def parse_period(text: str, today: date) -> Days | None:
    """Return the first and last day of a date, month or year, or None if it cannot be parsed."""
    named = _relative_day(text, today) or _named_month(text, today)
    if named:
        return named
    match = _WRITTEN.fullmatch(text)
    return _calendar_period(match) if match else None


def parse_age(text: str, today: date) -> date | None:
    """Return the day at the given age (`7d`, `2w`, `3m`, `1y`), or None if it cannot be parsed."""
    match = _AGE.fullmatch(text)
    return _days_ago(today, int(match[1]) * _DAYS[match[2]]) if match else None


def _days_ago(today: date, days: int) -> date:
    return today - timedelta(days=min(days, today.toordinal() - 1))


def _relative_day(text: str, today: date) -> Days | None:
    names = {"today": 0, "yesterday": 1}
    if text in names:
        day = _days_ago(today, names[text])
        return day, day
    past = parse_age(text, today)
    return (past, past) if past else None


def _named_month(text: str, today: date) -> Days | None:
    """Return the most recent month with this name that has already started."""
    number = next((i for i, name in enumerate(_MONTH_NAMES, 1) if text in (name, _MONTHS[i - 1])), None)
    if number is None:
        return None
    return _month(today.year if number <= today.month else today.year - 1, number)


def _month(year: int, month: int) -> Days:
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def _calendar_period(match: re.Match[str]) -> Days | None:
    try:
        year, month, day = (int(part) if part else 0 for part in match.groups())
        if day:
            return date(year, month, day), date(year, month, day)
        return _month(year, month) if month else (date(year, 1, 1), date(year, 12, 31))
    except ValueError:
        return None


def parse_interval(text: str, today: date) -> Days | None:
    """Return the first and last day of an interval, or None if it cannot be parsed.

    Examples: `2026-03`, `2024..2026`, `..2025`, `>2026-03-09`, `<=march`, and by age `<7d`, `>30d`.
    """
    operator = re.match(r"[<>]=?", text)
    if operator:
        return _parse_comparison(operator[0], text[operator.end() :], today)
    first, dots, last = text.partition("..")
    if not dots:
        return parse_period(text, today)
    begin = parse_period(first, today) if first else (None, None)
    end = parse_period(last, today) if last else (None, None)
    if not begin or not end or not (first or last):
        return None
    return begin[0], end[1]


def _parse_comparison(operator: str, text: str, today: date) -> Days | None:
    day = parse_age(text, today)
    if day:  # an age: compare by age, not by date
        ranges: dict[str, Days] = {
            "<": (day + timedelta(days=1), None),
            "<=": (day, None),
            ">": (None, _days_ago(day, 1)),
            ">=": (None, day),
        }
        return ranges[operator]
    named = parse_period(text, today)
    if not named or named[0] is None or named[1] is None:
        return None
    return _compared(operator, named[0], named[1])


def _compared(operator: str, first: date, last: date) -> Days:
    ranges: dict[str, Days] = {
        "<": (None, _days_ago(first, 1)),
        "<=": (None, last),
        ">": (last + timedelta(days=1) if last < date.max else last, None),
        ">=": (first, None),
    }
    return ranges[operator]
