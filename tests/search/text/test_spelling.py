from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperclipper.search.text.spelling import max_edits, similar_words

WORD = st.text("abc", max_size=8)


def damerau(one, other):
    """Return the edit distance by plain recursion: try every first step and take the best."""

    @cache
    def rest(i, j):
        if i == len(one) or j == len(other):
            return len(one) - i + len(other) - j
        steps = [rest(i + 1, j) + 1, rest(i, j + 1) + 1, rest(i + 1, j + 1) + (one[i] != other[j])]
        if len(one) - i > 1 and len(other) - j > 1 and one[i : i + 2] == other[j : j + 2][::-1]:
            steps.append(rest(i + 2, j + 2) + 1)
        return min(steps)

    return rest(0, 0)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("keel", "keel", 0),
        ("keel", "kel", 1),
        ("keel", "keels", 1),
        ("keel", "heel", 1),
        ("keel", "eekl", 2),
        ("attention", "attnetion", 1),
        ("abcd", "badc", 2),
        ("transformer", "tranfsormers", 2),
        ("keel", "mast", None),
        ("", "ab", 2),
        ("", "abc", None),
    ],
)
def test_insertions_deletions_substitutions_and_swaps_count_one_each(one, other, expected):
    assert similar_words(one, [other], 2) == ([(expected, other)] if expected else [])


@given(WORD, st.lists(WORD), st.integers(1, 2))
def test_finds_every_word_within_the_distance_except_the_word_itself(word, known, most):
    distances = [(damerau(word, other), other) for other in known]
    assert sorted(similar_words(word, known, most)) == sorted(
        pair for pair in distances if 1 <= pair[0] <= most
    )


def test_two_letters_may_differ_in_a_long_word():
    assert [max_edits(word) for word in ("keel", "lattice", "lattices", "transformer")] == [1, 1, 2, 2]
