"""Marks matches in a text and cuts out its best piece. Pure; returns fragments, never markup.

Unbreakable spans, such as formulas, are never cut: they are marked as a whole, and shown whole or not at all.
The caller finds them.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from operator import itemgetter

from paperclipper.search.highlighting.chunks import Span
from paperclipper.search.highlighting.matcher import Match

Fragments = list[tuple[str, bool]]
"""The pieces of a text in order, each with whether it is marked."""
Spans = Sequence[Span]
"""The unbreakable spans of a text, in order."""

WIDTH = 240
_LEAD = 60


def widen(matches: Sequence[Match], unbreakable: Spans) -> list[Match]:
    """Extend every match that touches unbreakable spans over all of them."""
    return sorted(_widened(match, unbreakable) for match in matches) if unbreakable else list(matches)


def _widened(match: Match, unbreakable: Spans) -> Match:
    first = bisect_right(unbreakable, match.start, key=itemgetter(1))
    touched = unbreakable[first : bisect_left(unbreakable, match.end, key=itemgetter(0))]
    if not touched:
        return match
    return Match(min(match.start, touched[0][0]), max(match.end, touched[-1][1]), match.clause)


def mark(text: str, matches: Sequence[Match]) -> Fragments:
    """Return the whole text with its matches marked."""
    return _fragments(text, 0, len(text), matches)


def best_snippet(
    text: str, matches: Sequence[Match], unbreakable: Spans = (), width: int = WIDTH
) -> Fragments:
    """Return the piece of about `width` characters, in whole words, with matches of the most clauses."""
    best = _best_match(matches, width) if matches else Match(0, 0, 0)
    start = best.start - _LEAD
    start = _piece_start(text, start, unbreakable) if start > 0 else 0
    end = len(text)
    if start + width < len(text):
        end = max(best.end, _cut_before(text, start + width, unbreakable))
    if end <= start:  # an unbreakable span is longer than the piece
        end = _end_of_unbreakable(start + width, unbreakable)
    return _fragments(text, start, end, matches)


def _best_match(matches: Sequence[Match], width: int) -> Match:
    """Return the first match of the closest group with the most clauses."""
    all_clauses = len({match.clause for match in matches})
    best, most = matches[0], 0
    for i, first in enumerate(matches):
        clauses = _count_clauses(matches, i, first.start + width - _LEAD)
        if clauses > most:
            best, most = first, clauses
        if most == all_clauses:
            break
    return best


def _count_clauses(matches: Sequence[Match], first: int, limit: int) -> int:
    """How many clauses this match and those after it have, up to a position."""
    clauses = {matches[first].clause}
    for i in range(first + 1, len(matches)):
        start, end, clause = matches[i]
        if start >= limit:
            break
        if end <= limit:
            clauses.add(clause)
    return len(clauses)


def _piece_start(text: str, position: int, unbreakable: Spans) -> int:
    """Return where a piece cut near a position starts.

    That is after unbreakable spans, spaces and closing punctuation.
    """
    start = _cut_before(text, _end_of_unbreakable(position, unbreakable), unbreakable)
    while start < len(text) and (text[start].isspace() or text[start] in ".,;:!?)]}"):
        start += 1
    return start


def _cut_before(text: str, position: int, unbreakable: Spans) -> int:
    """The last position, up to this one, that is in no unbreakable span and no word.

    A word longer than the lead is cut.
    """
    around = _unbreakable_at(position, unbreakable)
    cut = around[0] if around else position
    while 0 < cut < len(text) and text[cut - 1].isalnum() and text[cut].isalnum():
        cut -= 1
        if position - cut > _LEAD:
            return position
    return cut


def _end_of_unbreakable(position: int, unbreakable: Spans) -> int:
    around = _unbreakable_at(position, unbreakable)
    return around[1] if around else position


def _unbreakable_at(position: int, unbreakable: Spans) -> Span | None:
    return next((span for span in unbreakable if span[0] < position < span[1]), None)


def _fragments(text: str, start: int, end: int, matches: Sequence[Match]) -> Fragments:
    pieces: Fragments = []
    reached = start
    for match in matches:
        overlaps = match.start < reached < match.end
        if overlaps and pieces and pieces[-1][1]:  # extends the mark before
            pieces[-1] = (pieces[-1][0] + text[reached : min(match.end, end)], True)
            reached = min(match.end, end)
        elif match.start >= reached and match.end <= end:
            pieces += [(text[reached : match.start], False), (text[match.start : match.end], True)]
            reached = match.end
    pieces.append((text[reached:end], False))
    return [piece for piece in pieces if piece[0]]
