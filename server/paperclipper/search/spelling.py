"""Words that are spelt nearly the same: one slip of the finger apart, or two in a long word. Pure."""

from collections.abc import Iterable

_LONG = 8


def reach(word: str) -> int:
    """How many letters may differ: one, in a long word two."""
    return 2 if len(word) >= _LONG else 1


def differs_by(one: str, other: str, most: int) -> int | None:
    """By how many letters two words differ (added, left out, exchanged, or two neighbours swapped), if by `most`."""
    if abs(len(one) - len(other)) > most:
        return None
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        above, row = row, [i]
        for j, other_letter in enumerate(other, 1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (letter != other_letter))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == other_letter:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return None
        before = above
    return row[-1] if row[-1] <= most else None


def near(word: str, known: Iterable[str], most: int) -> list[tuple[int, str]]:
    """(how many letters differ, word) of the known words near this one, itself left out."""
    same_letters = set(word)
    found = []
    for other in known:
        # Cheap to see, and true of nearly all: another length, or too many letters that are not shared.
        if abs(len(other) - len(word)) > most or len(same_letters.symmetric_difference(other)) > 2 * most:
            continue
        distance = differs_by(word, other, most)
        if distance:
            found.append((distance, other))
    return found
