from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperclipper.search.spelling import differs_by, near, reach

WORD = st.text("abc", max_size=8)


def damerau(one, other):
    """The plainest form: of all first steps the best."""

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
def test_letters_added_left_out_exchanged_and_swapped_count_one_each(one, other, expected):
    assert differs_by(one, other, 2) == expected


@given(WORD, WORD, st.integers(0, 4))
def test_the_distance_is_damerau_s_as_far_as_it_was_asked(one, other, most):
    expected = damerau(one, other)
    assert differs_by(one, other, most) == (expected if expected <= most else None)
    assert differs_by(other, one, most) == differs_by(one, other, most)


@given(WORD, st.lists(WORD), st.integers(1, 2))
def test_near_words_are_all_that_are_so_near_but_the_word_itself(word, known, most):
    distances = [(damerau(word, other), other) for other in known]
    assert near(word, known, most) == [pair for pair in distances if 1 <= pair[0] <= most]


def test_two_letters_may_differ_in_a_long_word():
    assert [reach(word) for word in ("keel", "lattice", "lattices", "transformer")] == [1, 1, 2, 2]
