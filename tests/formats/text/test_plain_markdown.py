"""Pieces of notes without markup, as lists of results show them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperclipper.formats.text.plain_markdown import strip_markup

PIECES = st.lists(st.tuples(st.text("a *`#>-[]x\n"), st.booleans()))


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        (
            [("the **", False), ("keel", True), ("** of `x`", False)],
            [("the ", False), ("keel", True), (" of x", False)],
        ),
        ([("# Keels\n- [ ] one\n> - two", False)], [("Keels\none\ntwo", False)]),
        (
            [("one", True), (" - two # three > 2 * 4", False)],
            [("one", True), (" - two # three > 2 * 4", False)],
        ),
        ([("a*b* _c_ [d](https://e.example)", False)], [("a*b* _c_ [d](https://e.example)", False)]),
        ([("**", True), ("x", False)], [("x", False)]),
        ([], []),
    ],
)
def test_markup_is_removed_and_words_stay(pieces, expected):
    assert strip_markup(pieces) == expected


@given(PIECES)
def test_only_markup_is_removed(pieces):
    def letters(found):
        return [(letter, is_marked) for text, is_marked in found for letter in text if letter == "a"]

    assert letters(strip_markup(pieces)) == letters(pieces)
