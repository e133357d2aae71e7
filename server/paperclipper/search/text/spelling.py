"""Similar spellings: words within an edit distance of 1, or 2 for long words. Pure."""

from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

_LONG = 8


def max_edits(word: str) -> int:
    """Return the maximum edit distance for a word: 1, or 2 for long words."""
    return 2 if len(word) >= _LONG else 1


def similar_words(word: str, known: Iterable[str], most: int) -> list[tuple[int, str]]:
    """Return (distance, word) for each known word at most `most` edits away, except the word itself.

    Uses the optimal string alignment distance: an insertion, deletion, substitution or transposition of
    adjacent letters counts as one edit, and no letter is edited twice.
    """
    found = process.extract(word, list(known), scorer=OSA.distance, score_cutoff=most, limit=None)
    return [(int(distance), other) for other, distance, _ in found if distance]
