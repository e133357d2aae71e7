"""Facets and filters as searches that narrow down the current search or widen it again. Pure."""

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

_MOST = 50
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
    """A value of a facet, how many matches have it, and the search with it or, if `active`, without it.

    `depth` is 1 for a tag listed under the one it is nested in.
    """

    name: str
    count: int
    q: str
    active: bool = False
    depth: int = 0


@dataclass(frozen=True)
class Facet:
    """A property to filter matches by, and its values."""

    key: str
    title: str
    values: tuple[FacetValue, ...]


@dataclass(frozen=True)
class Filter:
    """A clause of a search that is more than words, as typed, and the search without it."""

    text: str
    q: str


def active_filters(query: Query) -> tuple[Filter, ...]:
    """Return the filters of a search."""
    return tuple(Filter(query.text_of(span), query.without(span)) for span in query.filters())


def outer_labels(tags: Sequence[Tag]) -> dict[str, tuple[str, ...]]:
    """Return for the label of each nested tag the labels of the tags it is nested in."""
    inner = [tag for tag in tags if "/" in tag.name]
    label = {tag_names.fold_case(tag.name): f"tag:{tag.id}" for tag in tags} if inner else {}
    found = {}
    for tag in inner:
        names = tag.name.split("/")
        outer = ("/".join(names[:i]) for i in range(1, len(names)))
        labels = tuple(label.get(tag_names.fold_case(name), f"tag:{name}") for name in outer)
        if labels:
            found[f"tag:{tag.id}"] = labels
    return found


def list_facets(query: Query, counts: FacetCounts, tags: Sequence[Tag], today: date) -> tuple[Facet, ...]:
    """Return all facets that have values, the most frequent values first."""
    switch = _Switch(query, today)
    statuses = [(status.value, counts["status"].get(status, 0), f"status:{status}") for status in Status]
    years = [
        (year, counts["year"][year], f"year:{year}") for year in sorted(counts["year"], reverse=True)[:_MOST]
    ]
    having = [(name, _count(counts, label), label) for label, name in _HAS.items()]
    values = {
        "tag": _tags(counts["tag"], tags, switch),
        "status": switch.values(row for row in statuses if row[1]),
        "year": switch.values(years),
        "author": switch.values(_frequent(counts, "author")),
        "org": switch.values(_frequent(counts, "org")),
        "has": switch.values(row for row in having if row[1]),
    }
    return tuple(Facet(key, _TITLES[key], tuple(found)) for key, found in values.items() if found)


def _count(counts: FacetCounts, label: str) -> int:
    facet, _, value = label.partition(":")
    return counts[facet].get(value, 0)


def _frequent(counts: FacetCounts, facet: str) -> Iterator[tuple[str, int, str]]:
    ranked = sorted(counts[facet].items(), key=lambda pair: (-pair[1], pair[0].casefold()))
    return ((name, count, f"{facet}:{_quoted(name)}") for name, count in ranked[:_MOST])


def _tags(counts: Mapping[str, int], tags: Sequence[Tag], switch: "_Switch") -> list[FacetValue]:
    """Return the values of the tag facet, each nested tag under its outermost one."""
    names = {tag.id: tag.name for tag in tags}
    rows = [(names.get(key, key), count) for key, count in counts.items()]
    ranked = sorted(rows, key=lambda row: (-row[1], row[0].casefold()))
    inside: dict[str, list[tuple[str, int, str]]] = defaultdict(list)
    for name, count in ranked:
        root, _, rest = name.partition("/")
        if rest:
            inside[root.casefold()].append((name, count, _tag(name)))
    found = []
    for root, count in [row for row in ranked if "/" not in row[0]][:_MOST]:
        found += switch.values([(root, count, _tag(root))])
        found += switch.values(inside.get(root.casefold(), ()), depth=1)
    return found


def _tag(name: str) -> str:
    return f"#{name}" if _BARE_TAG.fullmatch(name) else f"tag:{_quoted(name)}"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', " ") + '"'


class _Switch:
    """Writes searches with a filter added or removed."""

    def __init__(self, query: Query, today: date) -> None:
        self._query = query
        self._today = today
        self._on = query.spans_by_key()

    def values(self, counted: Iterable[tuple[str, int, str]], depth: int = 0) -> list[FacetValue]:
        """Return a value for each (name, count, filter), except names without any searchable word."""
        found = ((name, count, text, _filter_key(text, self._today)) for name, count, text in counted)
        return [
            self._value(name, count, text, key, depth) for name, count, text, key in found if key is not None
        ]

    def _value(self, name: str, count: int, text: str, key: Hashable, depth: int) -> FacetValue:
        span = self._on.get(key)
        if span:
            return FacetValue(name, count, self._query.without(span), active=True, depth=depth)
        return FacetValue(name, count, f"{self._query.text} {text}".strip(), depth=depth)


@lru_cache(maxsize=10_000)
def _filter_key(text: str, today: date) -> Hashable | None:
    """Return the key of the clause a filter consists of; None if it is not exactly one clause."""
    try:
        return parse(text, today).key
    except QueryError:
        return None
