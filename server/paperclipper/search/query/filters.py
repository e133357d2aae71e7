"""Parses the filters of a search: `status:reading`, `has:note`, `year:2024..2026`, `upvotes:>50`. Pure."""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from paperclipper.errors import QueryError
from paperclipper.model import Sort, Status
from paperclipper.search.document import CLIPPED, PUBLISHED, SKIPPED, UPVOTES, milliseconds
from paperclipper.search.query.dates import Days, parse_interval, parse_period
from paperclipper.search.query.syntax import Clause, LabelClause, RangeClause, Span, TagClause

_HAS = {
    "note": "note",
    "notes": "note",
    "highlight": "highlight",
    "highlights": "highlight",
    "code": "code",
}
_COUNT = re.compile(
    r"(?:(?P<operator>[<>]=?)?(?P<number>\d{1,9}))|(?P<low>\d{0,9})\.\.(?P<high>\d{0,9})", re.ASCII
)


class _Value(NamedTuple):
    """The value of a filter and its start position. `span` is the span of the whole filter."""

    text: str
    position: int
    span: Span
    today: date


def is_filter(name: str) -> bool:
    """Return whether a filter with this name exists."""
    return name in _FILTERS


def parse_filter(name: str, value: str, span: Span, position: int, today: date) -> Clause:
    """Parse the filter at `span`, whose value starts at `position`. Raise QueryError if it is invalid."""
    return _FILTERS[name](_Value(value, position, span, today))


def parse_sort(value: str, position: int) -> Sort:
    """Parse the value of `sort:`. Raise QueryError if it is not a sort order."""
    return Sort(_choose("sort", {each.value: each.value for each in Sort}, value, position))


def _choose(name: str, choices: dict[str, str], value: str, position: int) -> str:
    if value.lower() in choices:
        return choices[value.lower()]
    raise _unknown(name, value, position, choices.values())


def _unknown(name: str, value: str, position: int, choices: Iterable[str]) -> QueryError:
    listed = ", ".join(dict.fromkeys(choices))
    message = f"There is no {name}:{value} (character {position + 1}). It is one of: {listed}."
    return QueryError(message, position)


def _status(value: _Value) -> Clause:
    status = _choose("status", {each.value: each.value for each in Status}, value.text, value.position)
    return LabelClause(value.span, (f"status:{status}",))


def _is(value: _Value) -> Clause:
    name = value.text.lower()
    if name in set(Status):
        return LabelClause(value.span, (f"status:{name}",))
    label = {"starred": "is:starred", "skipped": SKIPPED, "dismissed": SKIPPED}.get(name)
    if label is None:
        raise _unknown("is", value.text, value.position, ("starred", "skipped"))
    return LabelClause(value.span, (label,))


def _has(value: _Value) -> Clause:
    return LabelClause(value.span, (f"has:{_choose('has', _HAS, value.text, value.position)}",))


def _tag(value: _Value) -> Clause:
    return TagClause(value.span, value.text.removeprefix("#"))


def _parse_days(name: str, value: _Value) -> Days:
    days = parse_interval(value.text.lower(), value.today)
    if days is None:
        where = f"“{value.text}” at character {value.position + 1}"
        message = f"{where} is not a date: write {name}:2026, {name}:2026-03 or {name}:2026-03-09."
        raise QueryError(message, value.position)
    first, last = days
    if first and last and last < first:
        raise _reversed(value)
    return days


def _reversed(value: _Value) -> QueryError:
    """Return the error for a reversed range, which could not match any paper."""
    where = f"“{value.text}” at character {value.position + 1}"
    return QueryError(f"{where} ends before it begins: swap the two ends.", value.position)


def _published(days: Days, span: Span) -> Clause:
    first, last = days
    # 0 means that a paper has no date.
    return RangeClause(span, PUBLISHED, first.toordinal() if first else 1, last.toordinal() if last else None)


def _year(value: _Value) -> Clause:
    return _published(_parse_days("year", value), value.span)


def _after(value: _Value) -> Clause:
    return _published((_parse_days("after", value)[0], None), value.span)


def _before(value: _Value) -> Clause:
    first = _parse_days("before", value)[0]
    last = first - timedelta(days=1) if first and first > date.min else date.min
    return _published((None, last), value.span)


def _clipped(value: _Value) -> Clause:
    first, last = _parse_days("clipped", value)
    low = _midnight(first) if first else 1
    high = _midnight(last, days_later=1) - 1 if last else None
    return RangeClause(value.span, CLIPPED, low, high)


def _midnight(day: date, days_later: int = 0) -> int:
    """Return the start of a day in the local time zone, which pages use too."""
    if not date(1971, 1, 1) <= day <= date(3000, 1, 1):  # outside the range of the system's time zones
        return milliseconds(datetime.combine(min(max(day, date(1970, 1, 1)), date(3001, 1, 1)), time(), UTC))
    return milliseconds(datetime.combine(day + timedelta(days=days_later), time()).astimezone())


def _digest(value: _Value) -> Clause:
    days = parse_period(value.text.lower(), value.today)
    if days is None or days[0] is None or days[1] is None:
        where = f"“{value.text}” at character {value.position + 1}"
        raise QueryError(f"{where} is not a day of the digest: write digest:2026-03-09.", value.position)
    first, last = days[0].isoformat(), days[1].isoformat()
    shared = next((size for size in (10, 7, 4) if first[:size] == last[:size]), 0)
    return LabelClause(value.span, (f"digest:{first[:shared]}",), is_prefix=True)


def _upvotes(value: _Value) -> Clause:
    match = _COUNT.fullmatch(value.text)
    if not match or value.text == "..":
        where = f"“{value.text}” at character {value.position + 1}"
        message = f"{where} is not a number: write upvotes:>50, upvotes:<=20 or upvotes:10..50."
        raise QueryError(message, value.position)
    if match["number"] is not None:
        low, high = _compared(match["operator"] or "", int(match["number"]))
    else:
        low, high = (int(match[end]) if match[end] else None for end in ("low", "high"))
        if low is not None and high is not None and high < low:
            raise _reversed(value)
    # The index stores upvotes plus one: 0 means unknown.
    return RangeClause(value.span, UPVOTES, (low or 0) + 1, None if high is None else high + 1)


def _compared(operator: str, number: int) -> tuple[int | None, int | None]:
    ranges: dict[str, tuple[int | None, int | None]] = {
        "": (number, number),
        "<": (None, number - 1),
        "<=": (None, number),
        ">": (number + 1, None),
        ">=": (number, None),
    }
    return ranges[operator]


_FILTERS: dict[str, Callable[[_Value], Clause]] = {
    "status": _status,
    "is": _is,
    "has": _has,
    "tag": _tag,
    "year": _year,
    "after": _after,
    "before": _before,
    "clipped": _clipped,
    "digest": _digest,
    "upvotes": _upvotes,
}
