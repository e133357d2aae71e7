"""Similar spelling: words within an edit distance of one, or two for a long word. Pure."""

from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

_LONG = 8


def max_edits(word: str) -> int:
    """Return the allowed edit distance: 1, or 2 for a long word."""
    return 2 if len(word) >= _LONG else 1


def similar_words(word: str, known: Iterable[str], most: int) -> list[tuple[int, str]]:
    """Return (distance, word) for each known word at most `most` edits away, except the word itself.

    The distance is the optimal string alignment distance: an insertion, a deletion, a substitution or a swap
    of two neighbouring letters counts as one edit, and no letter is edited twice.
    """
    found = process.extract(word, list(known), scorer=OSA.distance, score_cutoff=most, limit=None)
    return [(int(distance), other) for other, distance, _ in found if distance]
