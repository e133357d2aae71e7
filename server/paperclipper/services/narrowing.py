"""Facets and filters as searches to follow, which narrow a search down or widen it again. Pure."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from paperclipper.model import Status, Tag
from paperclipper.search.index import Counts
from paperclipper.search.parser import parse
from paperclipper.search.query import Labelled, Not, Part, Query, Tagged, Words
from paperclipper.services import tagging

_MOST = 12
_TITLES = {"tag": "Tag", "status": "Status", "year": "Year", "author": "Author", "org": "Organisation", "has": "Has"}
_HAS = {"has:note": "notes", "has:highlight": "highlights", "is:starred": "a star", "has:code": "code"}
_BARE_TAG = re.compile(r"[^\W_][\w/.+-]*")


@dataclass(frozen=True)
class FacetValue:
    """A value of a facet: how many matches have it, and the search with it, or where `is_on` without it.

    `depth` is 1 for a tag that stands under the one it is nested in.
    """

    name: str
    count: int
    q: str
    is_on: bool = False
    depth: int = 0


@dataclass(frozen=True)
class Facet:
    """A way to narrow a search down."""

    key: str
    title: str
    values: tuple[FacetValue, ...]


@dataclass(frozen=True)
class Filter:
    """A part of a search that is no word, as it is typed, and the search without it."""

    text: str
    q: str


def filters(query: Query) -> tuple[Filter, ...]:
    """The filters that are on."""
    bare = (part for part in query.parts if not isinstance(part.part if isinstance(part, Not) else part, Words))
    found = ((part, query.text[part.span.start : part.span.end]) for part in bare)
    return tuple(Filter(text, query.without(part.span)) for part, text in found if ":" in text or "#" in text)


def nested(tags: Sequence[Tag]) -> dict[str, tuple[str, ...]]:
    """For the label of each tag, the labels of those it is nested in; `search.document` has the labels."""
    label = {tagging.fold(tag.name): f"tag:{tag.id}" for tag in tags}
    found = {}
    for tag in tags:
        parts = tag.name.split("/")
        outer = ("/".join(parts[:i]) for i in range(1, len(parts)))
        labels = tuple(label.get(tagging.fold(name), f"tag:{name}") for name in outer)
        if labels:
            found[f"tag:{tag.id}"] = labels
    return found


def facets(query: Query, counts: Counts, tags: Sequence[Tag], today: date) -> tuple[Facet, ...]:
    """All facets that have values, the most frequent ones first."""
    switch = _Switch(query, today)
    values: dict[str, list[FacetValue]] = {
        "tag": _tags(counts["tag"], tags, switch),
        "status": [switch.value(s, counts["status"][s], f"status:{s}") for s in Status if s in counts["status"]],
        "year": [switch.value(y, counts["year"][y], f"year:{y}") for y in sorted(counts["year"], reverse=True)[:_MOST]],
        "author": _frequent(counts["author"], lambda name, count: switch.value(name, count, f"author:{_quoted(name)}")),
        "org": _frequent(counts["org"], lambda name, count: switch.value(name, count, f"org:{_quoted(name)}")),
        "has": [switch.value(name, count, label) for label, name in _HAS.items() if (count := _count(counts, label))],
    }
    return tuple(Facet(key, _TITLES[key], tuple(found)) for key, found in values.items() if found)


def _count(counts: Counts, label: str) -> int:
    facet, _, value = label.partition(":")
    return counts[facet].get(value, 0)


def _frequent(counts: Mapping[str, int], value: Callable[[str, int], FacetValue]) -> list[FacetValue]:
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0].casefold()))
    return [value(name, count) for name, count in ranked[:_MOST]]


def _tags(counts: Mapping[str, int], tags: Sequence[Tag], switch: "_Switch") -> list[FacetValue]:
    """Each tag under the one that it is nested in, where that is there."""
    names = {tag.id: tag.name for tag in tags}
    counted = {names.get(key, key): count for key, count in counts.items()}
    roots = [name for name in counted if "/" not in name]
    ranked = sorted(roots, key=lambda name: (-counted[name], name.casefold()))
    found = []
    for root in ranked[:_MOST]:
        found.append(switch.value(root, counted[root], _tag(root)))
        inner = sorted((n for n in counted if n.startswith(f"{root}/")), key=lambda name: (-counted[name], name))
        found += [switch.value(name, counted[name], _tag(name), depth=1) for name in inner[:_MOST]]
    return found[: 2 * _MOST]


def _tag(name: str) -> str:
    return f"#{name}" if _BARE_TAG.fullmatch(name) else f"tag:{_quoted(name)}"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', " ") + '"'


class _Switch:
    """Writes searches with a filter on or off."""

    def __init__(self, query: Query, today: date) -> None:
        self._query = query
        self._today = today
        self._on = {_key(part): part for part in query.parts}

    def value(self, name: str, count: int, text: str, depth: int = 0) -> FacetValue:
        (part,) = parse(text, self._today).parts
        on = self._on.get(_key(part))
        if on:
            return FacetValue(name, count, self._query.without(on.span), is_on=True, depth=depth)
        return FacetValue(name, count, f"{self._query.text} {text}".strip(), depth=depth)


def _key(part: Part) -> object:
    """Equal for parts that ask for the same."""
    if isinstance(part, Tagged):
        return tagging.fold(part.name)
    if isinstance(part, Labelled):
        return part.labels
    if isinstance(part, Words):
        return part.part, part.is_phrase, tuple(word.text for word in part.words)
    return getattr(part, "number", None), getattr(part, "low", None), getattr(part, "high", None), type(part).__name__
