"""Locating a quote in a text (W3C Web Annotation, TextQuoteSelector), and quoting a range of a text.

Pure. White space is ignored, because pages break lines differently. If a quote occurs several times, the
occurrence with the most similar context is chosen; ties are broken by identical white space, then by distance
from the original position.
"""

from collections.abc import Iterator
from itertools import takewhile
from operator import eq
from typing import NamedTuple

from paperclipper.model import TextQuote

CONTEXT = 32
_MAX_OCCURRENCES = 1_000
_MAX_CONTEXT = 64

Span = tuple[int, int]


class CompactText(NamedTuple):
    """A text without white space, and each character's start and end offsets in the original text."""

    text: str
    starts: list[int]
    ends: list[int]


def compact(text: str) -> CompactText:
    """Return the text without white space."""
    found = [(i, character) for i, character in enumerate(text) if not character.isspace()]
    return CompactText("".join(c for _, c in found), [i for i, _ in found], [i + 1 for i, _ in found])


def quote(text: str, start: int, end: int) -> TextQuote:
    """Return the range (in code points) as a quote with context, without leading or trailing white space."""
    exact = text[start:end].strip()
    begin = text.find(exact, start)
    stop = begin + len(exact)
    return TextQuote(exact, text[max(0, begin - CONTEXT) : begin], text[stop : stop + CONTEXT], begin, stop)


def find(text: str, wanted: TextQuote) -> Span | None:
    """Return the range of the quote in the text, in code points, or None."""
    return find_in_compact(compact(text), wanted, text)


def find_in_compact(compacted: CompactText, wanted: TextQuote, text: str = "") -> Span | None:
    """Like `find`, but in a compact text, whose characters may map to longer ranges of the original."""
    exact, prefix, suffix = (_squeezed(part) for part in (wanted.exact, wanted.prefix, wanted.suffix))
    starts = list(_occurrences(compacted.text, exact))
    if not starts:
        return None

    def score(start: int) -> tuple[int, bool, int]:
        span = _span(compacted, start, exact)
        is_verbatim = text[slice(*span)] == wanted.exact
        ahead = compacted.text[max(0, start - _MAX_CONTEXT) : start]
        end = start + len(exact)
        behind = compacted.text[end : end + _MAX_CONTEXT]
        context = _common_prefix_length(ahead[::-1], prefix[::-1]) + _common_prefix_length(behind, suffix)
        return context, is_verbatim, -abs(span[0] - (wanted.start or 0))

    return _span(compacted, max(starts, key=score), exact)


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _occurrences(text: str, exact: str) -> Iterator[int]:
    start = text.find(exact) if exact else -1
    for _ in range(_MAX_OCCURRENCES):
        if start == -1:
            return
        yield start
        start = text.find(exact, start + 1)


def _span(compacted: CompactText, start: int, exact: str) -> Span:
    return compacted.starts[start], compacted.ends[start + len(exact) - 1]


def _common_prefix_length(one: str, other: str) -> int:
    """Return the length of the longest common prefix."""
    return sum(takewhile(bool, map(eq, one, other)))
