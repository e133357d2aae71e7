"""Finds the chunks of a text that may contain a search term.

A chunk is the text between two spaces. Analysing whole texts would take longer than the search itself, so
only chunks are analysed that contain a *needle* (the first letters of a search term) or that may spell a term
differently: with digits, punctuation between letters, or non-ASCII letters.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate

from paperclipper.search.text.compounds import WRITTEN_SCALES
from paperclipper.search.text.latex import STYLE_COMMANDS

Span = tuple[int, int]

_SEPARATOR = " \0 "  # between texts; never part of a word
_NON_ASCII = b"?"  # replaces each non-ASCII letter
_PUNCTUATION = b"-'^&${}_\"+#*"  # may occur within a word
_UNIFY_PUNCTUATION = bytes.maketrans(_PUNCTUATION, _PUNCTUATION[:1] * len(_PUNCTUATION))
_BRACES = b"{", b"$"  # enclose the argument of a style: tr\mathbf{an}s, printed without its backslash
_DIGITS = tuple(str(digit).encode() for digit in range(10))
_SCALES = tuple(scale.encode() for scale in WRITTEN_SCALES)
_STYLE = re.compile("|".join(STYLE_COMMANDS).encode())


class Needles:
    """The prefixes that select chunks for analysis.

    With `numbers`, chunks with digits are selected too, because numbers have other spellings: `1 million`.
    """

    def __init__(self, prefixes: Iterable[str], *, numbers: bool) -> None:
        self.prefixes = _without_longer(sorted(prefixes))
        self.numbers = numbers

    @cached_property
    def encoded(self) -> tuple[bytes, ...]:
        """The prefixes encoded like the texts they are searched in."""
        return tuple(map(_to_ascii, self.prefixes))

    @cached_property
    def without_punctuation(self) -> tuple[tuple[bytes, bytes], ...]:
        """Pairs of each needle and its form without punctuation."""
        return tuple((needle, needle.translate(None, _PUNCTUATION)) for needle in self.encoded)


def _without_longer(prefixes: Iterable[str]) -> tuple[str, ...]:
    """Drop prefixes that start with another prefix. The input must be sorted."""
    kept: list[str] = []
    for prefix in prefixes:
        if not (kept and prefix.startswith(kept[-1])):
            kept.append(prefix)
    return tuple(kept)


def candidate_chunks(texts: Sequence[str], needles: Needles) -> list[list[Span]]:
    """Return the chunks of each text that may contain a search term, in order.

    The texts are concatenated and searched as one, which is faster than searching many short texts.
    """
    found: list[list[Span]] = [[] for _ in texts]
    if not (needles.prefixes and texts):
        return found
    number, begin, stop = 0, 0, len(texts[0])
    for start, end in _without_overlaps(sorted(_likely_chunks(_to_ascii(_SEPARATOR.join(texts)), needles))):
        while start >= stop:
            number += 1
            begin = stop + len(_SEPARATOR)
            stop = begin + len(texts[number])
        found[number].append((max(0, start - begin), end - begin))
    return found


def _to_ascii(text: str) -> bytes:
    """Lower-case a text and replace each non-ASCII letter. Positions do not change."""
    return text.encode("ascii", "replace").lower()


def _likely_chunks(text: bytes, needles: Needles) -> list[Span]:
    found = [
        chunk for needle in (*needles.encoded, _NON_ASCII, b"\\") for chunk in _chunks_with(text, needle)
    ]
    found += _chunks_with_hidden_needle(text, needles)
    if needles.numbers:
        found += (chunk for digit in _DIGITS for chunk in _chunks_with(text, digit))
    braced = (chunk for brace in _BRACES for chunk in _chunks_with(text, brace))
    found += (chunk for chunk in braced if _STYLE.search(text, *chunk))
    return found


def _chunks_with(text: bytes, needle: bytes) -> Iterator[Span]:
    position = text.find(needle)
    while position >= 0:
        chunk = _chunk_at(text, position)
        yield chunk
        position = text.find(needle, chunk[1])


def _chunk_at(text: bytes, position: int) -> Span:
    """Return the chunk at a position. A number followed by a scale (`1 million`) is one chunk."""
    start, end = text.rfind(b" ", 0, position) + 1, text.find(b" ", position)
    if start and text.startswith(_SCALES, start):
        start = text.rfind(b" ", 0, start - 1) + 1
    if end >= 0 and text.endswith((*_DIGITS, _NON_ASCII), 0, end) and text.startswith(_SCALES, end + 1):
        end = text.find(b" ", end + 1)
    return start, end if end >= 0 else len(text)


def _chunks_with_hidden_needle(text: bytes, needles: Needles) -> Iterator[Span]:
    """Yield the chunks that contain a needle interrupted by punctuation, such as `tr-ans`."""
    pieces = text.translate(_UNIFY_PUNCTUATION).split(_PUNCTUATION[:1])
    bare, ends = b"".join(pieces), list(accumulate(map(len, pieces)))
    for needle, bare_needle in needles.without_punctuation:
        if bare.count(bare_needle) > text.count(needle):
            yield from (_chunk_at(text, position) for position in _find_hidden(bare, ends, bare_needle))


def _find_hidden(bare: bytes, ends: Sequence[int], needle: bytes) -> Iterator[int]:
    """Yield the positions of needles interrupted by punctuation.

    `bare` is the text without punctuation; `ends` are the positions in it where punctuation was removed.
    """
    position = bare.find(needle)
    while position >= 0:
        removed = bisect_right(ends, position)
        if ends[removed] < position + len(needle):
            yield position + removed
        position = bare.find(needle, position + 1)


def _without_overlaps(chunks: Iterable[Span]) -> Iterator[Span]:
    """Drop the parts of chunks that overlap an earlier chunk. The input must be sorted."""
    reached = -1
    for start, end in chunks:
        if end > reached:
            yield max(start, reached), end
            reached = end
