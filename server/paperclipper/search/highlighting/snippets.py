"""The best piece of a text to show, with what a search found in it. Pure; gives fragments, never markup.

A formula is never cut: it is marked as a whole, and shown whole or not at all. Where formulas stand is told by others.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from operator import itemgetter

from paperclipper.search.highlighting.matcher import Match

Fragments = list[tuple[str, bool]]
"""Pieces of a text in order, each with whether the search found it."""
Spans = Sequence[tuple[int, int]]
"""Where formulas stand in a text, in order."""

WIDTH = 240
_LEAD = 60


def over_formulas(found: Sequence[Match], formulas: Spans) -> list[Match]:
    """The same places, but for those in a formula: these stand for the whole of it."""
    return sorted(_widened(match, formulas) for match in found) if formulas else list(found)


def _widened(match: Match, formulas: Spans) -> Match:
    first = bisect_right(formulas, match.start, key=itemgetter(1))
    touched = formulas[first : bisect_left(formulas, match.end, key=itemgetter(0))]
    if not touched:
        return match
    return Match(min(match.start, touched[0][0]), max(match.end, touched[-1][1]), match.clause)


def marks(text: str, found: Sequence[Match]) -> Fragments:
    """The whole text, with what the search found in it."""
    return _fragments(text, 0, len(text), found)


def snippet(text: str, found: Sequence[Match], formulas: Spans = (), width: int = WIDTH) -> Fragments:
    """The piece of about `width` characters that answers most clauses of the search, whole words only."""
    best = _best(found, width) if found else Match(0, 0, 0)
    start = best.start - _LEAD
    start = _begun(text, _outside(text, _after(start, formulas), formulas)) if start > 0 else 0
    end = max(best.end, _outside(text, start + width, formulas)) if start + width < len(text) else len(text)
    if end <= start:  # a formula longer than the piece
        end = _after(start + width, formulas)
    return _fragments(text, start, end, found)


def _best(found: Sequence[Match], width: int) -> Match:
    """The first of those that stand together for the most clauses."""
    every = len({match.clause for match in found})
    best, most = found[0], 0
    for i, first in enumerate(found):
        clauses = _together(found, i, first.start + width - _LEAD)
        if clauses > most:
            best, most = first, clauses
        if most == every:
            break
    return best


def _together(found: Sequence[Match], first: int, last: int) -> int:
    """How many clauses are answered by this match and those behind it, up to a place."""
    clauses = {found[first].clause}
    for i in range(first + 1, len(found)):
        start, end, clause = found[i]
        if start >= last:
            break
        if end <= last:
            clauses.add(clause)
    return len(clauses)


def _outside(text: str, place: int, formulas: Spans) -> int:
    """The last place not after `place` that lies in no formula and no word, but for one longer than the lead."""
    around = _around(place, formulas)
    before = around[0] if around else place
    while 0 < before < len(text) and text[before - 1].isalnum() and text[before].isalnum():
        before -= 1
        if place - before > _LEAD:
            return place
    return before


def _begun(text: str, place: int) -> int:
    """Past the space and the signs that end what was before."""
    while place < len(text) and (text[place].isspace() or text[place] in ".,;:!?)]}"):
        place += 1
    return place


def _after(place: int, formulas: Spans) -> int:
    around = _around(place, formulas)
    return around[1] if around else place


def _around(place: int, formulas: Spans) -> tuple[int, int] | None:
    """The formula that a place lies in."""
    for formula in formulas:
        if formula[0] < place < formula[1]:
            return formula
    return None


def _fragments(text: str, start: int, end: int, found: Sequence[Match]) -> Fragments:
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
