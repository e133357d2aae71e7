"""Marks matches in a text and extracts the best snippet. Pure; returns fragments, not markup.

Unbreakable spans, such as formulas, are supplied by the caller. They are never cut, and always marked whole.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from operator import itemgetter

from paperclipper.search.highlighting.chunks import Span
from paperclipper.search.highlighting.matcher import Match

Fragments = list[tuple[str, bool]]
"""Consecutive pieces of a text, as (piece, whether it is marked)."""
Spans = Sequence[Span]
"""The unbreakable spans of a text, in order."""

WIDTH = 240
_LEAD = 60


def widen(matches: Sequence[Match], unbreakable: Spans) -> list[Match]:
    """Extend each match to cover the unbreakable spans it overlaps."""
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
    """Return a snippet of whole words, about `width` characters long, that matches the most clauses."""
    best = _best_match(matches, width) if matches else Match(0, 0, 0)
    start = best.start - _LEAD
    start = _piece_start(text, start, unbreakable) if start > 0 else 0
    end = len(text)
    if start + width < len(text):
        end = max(best.end, _cut_before(text, start + width, unbreakable))
    if end <= start:  # an unbreakable span is longer than the snippet
        end = _end_of_unbreakable(start + width, unbreakable)
    return _fragments(text, start, end, matches)


def _best_match(matches: Sequence[Match], width: int) -> Match:
    """Return the first match from which a snippet contains matches of the most clauses."""
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
    """Count the distinct clauses of the matches from index `first` up to the position `limit`."""
    clauses = {matches[first].clause}
    for i in range(first + 1, len(matches)):
        start, end, clause = matches[i]
        if start >= limit:
            break
        if end <= limit:
            clauses.add(clause)
    return len(clauses)


def _piece_start(text: str, position: int, unbreakable: Spans) -> int:
    """Return the start of a snippet near a position.

    Unbreakable spans, spaces and closing punctuation at the cut are skipped.
    """
    start = _cut_before(text, _end_of_unbreakable(position, unbreakable), unbreakable)
    while start < len(text) and (text[start].isspace() or text[start] in ".,;:!?)]}"):
        start += 1
    return start


def _cut_before(text: str, position: int, unbreakable: Spans) -> int:
    """Return the last position up to the given one that is inside neither an unbreakable span nor a word.

    Words longer than the lead are cut.
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
        if overlaps and pieces and pieces[-1][1]:  # extends the previous mark
            pieces[-1] = (pieces[-1][0] + text[reached : min(match.end, end)], True)
            reached = min(match.end, end)
        elif match.start >= reached and match.end <= end:
            pieces += [(text[reached : match.start], False), (text[match.start : match.end], True)]
            reached = match.end
    pieces.append((text[reached:end], False))
    return [piece for piece in pieces if piece[0]]
