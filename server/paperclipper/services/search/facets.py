"""Facets and filters, as searches that narrow down or widen the current search. Pure."""

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from paperclipper import tag_names
from paperclipper.errors import QueryError
from paperclipper.model import Status, Tag
from paperclipper.search import FacetCounts, Query, parse

_MAX_VALUES = 50
_TITLES = {
    "tag": "Tag",
    "status": "Status",
    "year": "Year",
    "author": "Author",
    "org": "Organisation",
    "has": "Has",
}
_HAS = {"has:note": "notes", "has:highlight": "highlights", "is:starred": "a star", "has:code": "code"}
_BARE_TAG = re.compile(r"[^\W_][\w/.+-]*")


@dataclass(frozen=True)
class FacetValue:
    """A value of a facet, its number of matches, and the search with it added or, if `active`, removed.

    `depth` is 1 for a nested tag, which is listed below its outermost tag.
    """

    name: str
    count: int
    q: str
    active: bool = False
    depth: int = 0


@dataclass(frozen=True)
class Facet:
    """A property to filter by, and its values."""

    key: str
    title: str
    values: tuple[FacetValue, ...]


@dataclass(frozen=True)
class Filter:
    """An active filter as typed, and the search without it."""

    text: str
    q: str


def active_filters(query: Query) -> tuple[Filter, ...]:
    """Return the active filters of a search."""
    return tuple(Filter(query.text_of(span), query.without(span)) for span in query.filters())


@dataclass(frozen=True)
class _CountedFilter:
    """A value of a facet, its number of matches, and the text of its filter."""

    name: str
    count: int
    text: str


def outer_labels(tags: Sequence[Tag]) -> dict[str, tuple[str, ...]]:
    """Map the label of each nested tag to the labels of its ancestors."""
    nested = [tag for tag in tags if "/" in tag.name]
    labels = {tag_names.fold_case(tag.name): f"tag:{tag.id}" for tag in tags} if nested else {}
    found = {}
    for tag in nested:
        parts = tag.name.split("/")
        outer_names = ("/".join(parts[:i]) for i in range(1, len(parts)))
        outer = tuple(labels.get(tag_names.fold_case(name), f"tag:{name}") for name in outer_names)
        if outer:
            found[f"tag:{tag.id}"] = outer
    return found


def list_facets(query: Query, counts: FacetCounts, tags: Sequence[Tag], today: date) -> tuple[Facet, ...]:
    """Return all facets with values, most frequent values first."""
    toggle = _FilterToggle(query, today)
    values = {
        "tag": _tag_values(counts["tag"], tags, toggle),
        "status": toggle.values(_statuses(counts["status"])),
        "year": toggle.values(_years(counts["year"])),
        "author": toggle.values(_most_frequent(counts["author"], "author")),
        "org": toggle.values(_most_frequent(counts["org"], "org")),
        "has": toggle.values(_properties(counts)),
    }
    return tuple(Facet(key, _TITLES[key], tuple(found)) for key, found in values.items() if found)


def _statuses(counts: Mapping[str, int]) -> Iterator[_CountedFilter]:
    for status in Status:
        if counts.get(status):
            yield _CountedFilter(status.value, counts[status], f"status:{status}")


def _years(counts: Mapping[str, int]) -> Iterator[_CountedFilter]:
    for year in sorted(counts, reverse=True)[:_MAX_VALUES]:
        yield _CountedFilter(year, counts[year], f"year:{year}")


def _properties(counts: FacetCounts) -> Iterator[_CountedFilter]:
    for label, name in _HAS.items():
        facet, _, value = label.partition(":")
        if counts[facet].get(value):
            yield _CountedFilter(name, counts[facet][value], label)


def _most_frequent(counts: Mapping[str, int], facet: str) -> Iterator[_CountedFilter]:
    for name, count in _ranked(counts)[:_MAX_VALUES]:
        yield _CountedFilter(name, count, f"{facet}:{_quoted(name)}")


def _ranked(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0].casefold()))


def _tag_values(counts: Mapping[str, int], tags: Sequence[Tag], toggle: "_FilterToggle") -> list[FacetValue]:
    """Return the values of the tag facet. Nested tags follow their outermost tag."""
    names = {tag.id: tag.name for tag in tags}
    ranked = _ranked({names.get(tag_id, tag_id): count for tag_id, count in counts.items()})
    nested: dict[str, list[_CountedFilter]] = defaultdict(list)
    for name, count in ranked:
        root, _, rest = name.partition("/")
        if rest:
            nested[root.casefold()].append(_CountedFilter(name, count, _tag_filter(name)))
    found = []
    for root, count in [pair for pair in ranked if "/" not in pair[0]][:_MAX_VALUES]:
        found += toggle.values([_CountedFilter(root, count, _tag_filter(root))])
        found += toggle.values(nested.get(root.casefold(), ()), depth=1)
    return found


def _tag_filter(name: str) -> str:
    return f"#{name}" if _BARE_TAG.fullmatch(name) else f"tag:{_quoted(name)}"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', " ") + '"'


class _FilterToggle:
    """Adds filters to a search, or removes active filters."""

    def __init__(self, query: Query, today: date) -> None:
        self._query = query
        self._today = today
        self._active = query.spans_by_key()

    def values(self, filters: Iterable[_CountedFilter], depth: int = 0) -> list[FacetValue]:
        """Return a value for each filter, except for names without a searchable word."""
        keys = ((each, _filter_key(each.text, self._today)) for each in filters)
        return [self._value(each, key, depth) for each, key in keys if key is not None]

    def _value(self, counted: _CountedFilter, key: Hashable, depth: int) -> FacetValue:
        span = self._active.get(key)
        if span:
            without = self._query.without(span)
            return FacetValue(counted.name, counted.count, without, active=True, depth=depth)
        with_filter = f"{self._query.text} {counted.text}".strip()
        return FacetValue(counted.name, counted.count, with_filter, depth=depth)


@lru_cache(maxsize=10_000)
def _filter_key(text: str, today: date) -> Hashable | None:
    """Return the key of a filter's clause, or None unless it consists of exactly one clause."""
    try:
        return parse(text, today).key
    except QueryError:
        return None
