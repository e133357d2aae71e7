"""The filters of the search language: `status:reading`, `has:note`, `year:2024..2026`, `upvotes:>50`. Pure."""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta

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


def is_filter(name: str) -> bool:
    """Whether there is a filter of this name."""
    return name in _FILTERS


def parse_filter(name: str, value: str, span: Span, position: int, today: date) -> Clause:
    """The filter that stands at `span`, whose value stands at `position`. Raises QueryError."""
    return _FILTERS[name](value, span, position, today)


def parse_sort(value: str, position: int) -> Sort:
    """The order that `sort:` asks for. Raises QueryError."""
    return Sort(_one_of("sort", {each.value: each.value for each in Sort}, value, position))


def _one_of(name: str, choices: dict[str, str], value: str, position: int) -> str:
    if value.lower() in choices:
        return choices[value.lower()]
    raise _no_such(name, value, position, choices.values())


def _no_such(name: str, value: str, position: int, choices: Iterable[str]) -> QueryError:
    listed = ", ".join(dict.fromkeys(choices))
    return QueryError(
        f"There is no {name}:{value} (character {position + 1}). It is one of: {listed}.", position
    )


def _status(value: str, span: Span, position: int, today: date) -> Clause:
    status = _one_of("status", {each.value: each.value for each in Status}, value, position)
    return LabelClause(span, (f"status:{status}",))


def _is(value: str, span: Span, position: int, today: date) -> Clause:
    statuses = {each.value: f"status:{each.value}" for each in Status}
    if value.lower() in statuses:
        return LabelClause(span, (statuses[value.lower()],))
    label = {"starred": "is:starred", "skipped": SKIPPED, "dismissed": SKIPPED}.get(value.lower())
    if label is None:
        raise _no_such("is", value, position, ("starred", "skipped"))
    return LabelClause(span, (label,))


def _has(value: str, span: Span, position: int, today: date) -> Clause:
    return LabelClause(span, (f"has:{_one_of('has', _HAS, value, position)}",))


def _tag(value: str, span: Span, position: int, today: date) -> Clause:
    return TagClause(span, value.removeprefix("#"))


def _interval(name: str, value: str, position: int, today: date) -> Days:
    days = parse_interval(value.lower(), today)
    if days is None:
        message = f"“{value}” at character {position + 1} is no date: write {name}:2026, {name}:2026-03 or {name}:2026-03-09."
        raise QueryError(message, position)
    first, last = days
    if first and last and last < first:
        raise _backward(value, position)
    return days


def _backward(value: str, position: int) -> QueryError:
    """For what would find nothing, and not say why."""
    return QueryError(
        f"“{value}” at character {position + 1} ends before it begins: turn it round.", position
    )


def _ordinals(days: Days, span: Span) -> Clause:
    first, last = days
    # 0 is a paper without a date.
    return RangeClause(span, PUBLISHED, first.toordinal() if first else 1, last.toordinal() if last else None)


def _year(value: str, span: Span, position: int, today: date) -> Clause:
    return _ordinals(_interval("year", value, position, today), span)


def _after(value: str, span: Span, position: int, today: date) -> Clause:
    return _ordinals((_interval("after", value, position, today)[0], None), span)


def _before(value: str, span: Span, position: int, today: date) -> Clause:
    first = _interval("before", value, position, today)[0]
    return _ordinals((None, first - timedelta(days=1) if first and first > date.min else date.min), span)


def _clipped(value: str, span: Span, position: int, today: date) -> Clause:
    first, last = _interval("clipped", value, position, today)
    return RangeClause(
        span, CLIPPED, _midnight(first) if first else 1, _midnight(last, 1) - 1 if last else None
    )


def _midnight(day: date, later: int = 0) -> int:
    """When a day begins, by this machine's clock, as the page tells it."""
    if not date(1971, 1, 1) <= day <= date(3000, 1, 1):  # no clock goes further
        return milliseconds(datetime.combine(min(max(day, date(1970, 1, 1)), date(3001, 1, 1)), time(), UTC))
    return milliseconds(datetime.combine(day + timedelta(days=later), time()).astimezone())


def _digest(value: str, span: Span, position: int, today: date) -> Clause:
    days = parse_period(value.lower(), today)
    if days is None or days[0] is None or days[1] is None:
        raise QueryError(
            f"“{value}” at character {position + 1} is no day of the digest: write digest:2026-03-09.",
            position,
        )
    first, last = days[0].isoformat(), days[1].isoformat()
    shared = next((size for size in (10, 7, 4) if first[:size] == last[:size]), 0)
    return LabelClause(span, (f"digest:{first[:shared]}",), is_prefix=True)


def _upvotes(value: str, span: Span, position: int, today: date) -> Clause:
    found = _COUNT.fullmatch(value)
    if not found or value == "..":
        message = f"“{value}” at character {position + 1} is no number: write upvotes:>50, upvotes:<=20 or upvotes:10..50."
        raise QueryError(message, position)
    if found["number"] is None:
        low, high = (int(found[name]) if found[name] else None for name in ("low", "high"))
        if low is not None and high is not None and high < low:
            raise _backward(value, position)
    else:
        low, high = _compared(found["operator"] or "", int(found["number"]))
    # The index counts from one: 0 is a paper whose upvotes nobody saw.
    return RangeClause(span, UPVOTES, (low or 0) + 1, None if high is None else high + 1)


def _compared(operator: str, number: int) -> tuple[int | None, int | None]:
    ends: dict[str, tuple[int | None, int | None]] = {
        "": (number, number),
        "<": (None, number - 1),
        "<=": (None, number),
        ">": (number + 1, None),
        ">=": (number, None),
    }
    return ends[operator]


_FILTERS: dict[str, Callable[[str, Span, int, date], Clause]] = {
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
