"""Compounds: one-word spellings, quantities as digits, and the parts of CamelCase words. Pure."""

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

MAX_PARTS = 8
_LONGEST = 40
WRITTEN_SCALES = ("thousand", "million", "billion", "trillion")
"""Scale words that may follow a number after a space."""
_SCALES = dict(zip(("k", "m", "b", "t", *WRITTEN_SCALES), (3, 6, 9, 12) * 2, strict=True))
_NUMBER = re.compile(r"\d{1,9}(?:\.\d{1,9})?")
# deepSeek, ImageNet, ChatGPT; not LoRA or arXiv, whose parts are not words
_HUMPS = re.compile(r"[A-Z]?[a-z]{2,}|[A-Z]{3,}(?![a-z])")
_SHORTEST_HUMP = 3


def compound_forms(parts: Sequence[str], gaps: Sequence[str]) -> tuple[str, ...]:
    """Return a compound as one word, then its pieces written without a separator.

    `gaps` are the separators between the parts. `R&D` keeps its ampersand, because it is never written as rd.
    """
    if not 1 < len(parts) <= MAX_PARTS:
        return ()
    if any("&" in gap for gap in gaps):
        whole = [
            parts[0],
            *(f"&{part}" if "&" in gap else part for gap, part in zip(gaps, parts[1:], strict=True)),
        ]
        return ("".join(whole),)
    found = ["".join(parts), *_pieces(parts, gaps), *quantity(parts)]
    return tuple(dict.fromkeys(word for word in found if len(word) <= _LONGEST))


def _pieces(parts: Sequence[str], gaps: Sequence[str]) -> list[str]:
    """Join adjacent parts written without a separator: `qwen2.5` and `72b` in Qwen2.5-Math-72B."""
    pieces, start = [], 0
    for i in range(1, len(parts) + 1):
        if i == len(parts) or gaps[i - 1]:
            pieces.append(parts[start:i])
            start = i
    return ["".join(piece) for piece in pieces if 1 < len(piece) < len(parts)]


def quantity(parts: Sequence[str]) -> tuple[str, ...]:
    """Return a quantity as digits, so that `1M`, `1 million` and `1,000,000` become the same word."""
    if len(parts) != 2 or parts[1] not in _SCALES or not _NUMBER.fullmatch(parts[0]):
        return ()
    value = Decimal(parts[0]).scaleb(_SCALES[parts[1]])
    return (f"{value:f}".rstrip("0").rstrip(".") if value % 1 else f"{int(value)}",)


def camel_case_parts(word: str) -> list[tuple[int, int]]:
    """Return the spans of the parts of a CamelCase word, or a single span if it has no such parts."""
    if word.islower() or word.isupper() or word[1:].islower():
        return [(0, len(word))]
    spans = [found.span() for found in _HUMPS.finditer(word)]
    covers_word = spans and spans[0][0] == 0 and spans[-1][1] == len(word)
    contiguous = all(one[1] == other[0] for one, other in pairwise(spans))
    if covers_word and contiguous and all(end - start >= _SHORTEST_HUMP for start, end in spans):
        return spans
    return [(0, len(word))]
