"""Which words of a text a query found, and the best piece of it to show. Pure; gives fragments, never markup.

A formula ($…$, $$…$$, \\(…\\), \\[…\\]) is never cut: it is marked as a whole, and shown whole or not at all.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from paperclipper.search.analysis import FILLER, Word, chains, joined, stem, words
from paperclipper.search.query import Query

Fragments = list[tuple[str, bool]]
"""Pieces of a text in order, each with whether the query found it."""

WIDTH = 240
_FORMULA = re.compile(r"\$\$.+?\$\$|\$[^$\n]+\$|\\\(.+?\\\)|\\\[.+?\\\]", re.DOTALL)
_LEAD = 60


@dataclass(frozen=True)
class Wanted:
    """What a query looks for in a text: stems, words as written, beginnings of words."""

    stems: frozenset[str]
    exact: frozenset[str]
    beginnings: tuple[str, ...]

    def names(self, text: str) -> str | None:
        """What the query calls this word of a text; None where it does not ask for it."""
        if text in self.exact:
            return text
        if stem(text) in self.stems:
            return stem(text)
        return next((begin for begin in self.beginnings if text.startswith(begin)), None)


@dataclass(frozen=True)
class Match:
    """A place in a text, and what the query calls it."""

    start: int
    end: int
    name: str


def wanted(query: Query) -> Wanted:
    """What to mark for a query. Filler is marked within phrases only, where it was asked for."""
    stems, exact, beginnings = set(), set(), []
    for clause in query.required:
        for word in clause.words:
            if clause.is_phrase or word.text in FILLER:
                exact.add(word.text)
            else:
                stems.add(stem(word.text))
        if len(clause.words) > 1 and not clause.is_phrase:
            stems.add(stem(joined(clause.words)))
        if clause.open_end:
            beginnings.append(clause.words[-1].text)
    return Wanted(frozenset(stems), frozenset(exact), tuple(beginnings))


def matches(text: str, sought: Wanted) -> list[Match]:
    """The places in a text that a query found, in order; those in a formula stand for the whole formula."""
    if not (sought.stems or sought.exact or sought.beginnings):  # a list, not a search
        return []
    formulas = [found.span() for found in _FORMULA.finditer(text)]
    found = []
    for chain in chains(list(words(text))):
        compound = sought.names(joined(chain)) if len(chain) > 1 else None
        if compound:
            found.append(_match(chain[0].start, chain[-1].end, compound, formulas))
        else:
            found += _words_found(chain, sought, formulas)
    return found


def _words_found(chain: Sequence[Word], sought: Wanted, formulas: list[tuple[int, int]]) -> list[Match]:
    named = ((word, sought.names(word.text)) for word in chain)
    return [_match(word.start, word.end, name, formulas) for word, name in named if name]


def _match(start: int, end: int, name: str, formulas: list[tuple[int, int]]) -> Match:
    for begin, stop in formulas:
        if begin < end and start < stop:
            start, end = min(start, begin), max(end, stop)
    return Match(start, end, name)


def marks(text: str, sought: Wanted) -> Fragments:
    """The whole text, with what the query found."""
    return _fragments(text, 0, len(text), matches(text, sought))


def snippet(text: str, sought: Wanted, width: int = WIDTH) -> Fragments:
    """The piece of about `width` characters that holds most different words of the query, whole words only."""
    found = matches(text, sought)
    start = _best_start(found, width) if found else 0
    start = _outside(text, max(0, start - _LEAD)) if start > _LEAD else 0
    end = _outside(text, start + width) if start + width < len(text) else len(text)
    if end <= start:  # one formula or word, longer than the piece
        end = _after(text, start + width)
    return _fragments(text, start, end, found)


def _best_start(found: list[Match], width: int) -> int:
    reach = width - _LEAD

    def worth(first: int) -> tuple[int, int]:
        inside = [match.name for match in found[first:] if match.end <= found[first].start + reach]
        return len(set(inside)), -first

    return found[max(range(len(found)), key=worth)].start


def _outside(text: str, place: int) -> int:
    """The last place not after `place` that lies in no formula and no word."""
    for formula in _FORMULA.finditer(text):
        if formula.start() < place < formula.end():
            return formula.start()
    while 0 < place < len(text) and text[place - 1].isalnum() and text[place].isalnum():
        place -= 1
    return place


def _after(text: str, place: int) -> int:
    ends = (f.end() for f in _FORMULA.finditer(text) if f.start() < place < f.end())
    return next(ends, min(place, len(text)))


def _fragments(text: str, start: int, end: int, found: list[Match]) -> Fragments:
    pieces: Fragments = []
    at = start
    for match in found:
        if match.start < at and match.end > at and pieces and pieces[-1][1]:  # overlaps the mark before
            pieces[-1] = (pieces[-1][0] + text[at : min(match.end, end)], True)
            at = min(match.end, end)
        elif match.start >= at and match.end <= end:
            pieces += [(text[at : match.start], False), (text[match.start : match.end], True)]
            at = match.end
    pieces.append((text[at:end], False))
    return [piece for piece in pieces if piece[0]]
