import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperclipper.formats.text.word_diff import DiffKind, compare

SAME, REMOVED, ADDED = DiffKind


@pytest.mark.parametrize(
    ("old", "new", "runs"),
    [
        ("a b c", "a b c", [(SAME, "a b c")]),
        (
            "We fold boats.",
            "We sink boats.",
            [(SAME, "We"), (REMOVED, " fold"), (ADDED, " sink"), (SAME, " boats.")],
        ),
        ("", "new", [(ADDED, "new")]),
        ("old", "", [(REMOVED, "old")]),
        ("", "", []),
        ("one, two", "one; two", [(SAME, "one"), (REMOVED, ","), (ADDED, ";"), (SAME, " two")]),
    ],
)
def test_the_words_that_differ(old, new, runs):
    assert compare(old, new) == runs


@given(st.text("ab ,\n"), st.text("ab ,\n"))
def test_both_texts_can_be_restored_from_the_runs(old, new):
    runs = compare(old, new)
    assert "".join(run.text for run in runs if run.kind is not ADDED) == old
    assert "".join(run.text for run in runs if run.kind is not REMOVED) == new


@given(st.text(), st.text())
def test_any_two_texts_can_be_compared(old, new):
    runs = compare(old, new)
    assert ("".join(r.text for r in runs if r.kind is not ADDED), all(r.text for r in runs)) == (old, True)


@pytest.mark.parametrize("unit", ["a ", "a b ", "ab\n", "a\n\n", "x"])
def test_the_longest_notes_take_at_most_a_second(unit):
    old = unit * (100_000 // len(unit))
    start = time.perf_counter()
    compare(old, old[5:] + "b c " * 5)
    compare("".join(unit * 1_400), "".join(reversed(unit * 1_400)))
    assert time.perf_counter() - start < 2
