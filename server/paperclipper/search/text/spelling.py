"""Words that are spelt nearly the same: one slip of the finger apart, or two in a long word. Pure."""

from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

_LONG = 8


def max_edits(word: str) -> int:
    """How many letters may differ: one, in a long word two."""
    return 2 if len(word) >= _LONG else 1


def similar_words(word: str, known: Iterable[str], most: int) -> list[tuple[int, str]]:
    """(by how many letters they differ, word) of the known words near this one, itself left out.

    A letter added, left out or exchanged counts one, and so do two neighbours swapped: the optimal string alignment
    distance, in which no letter is changed twice.
    """
    found = process.extract(word, list(known), scorer=OSA.distance, score_cutoff=most, limit=None)
    return [(int(distance), other) for other, distance, _ in found if distance]
