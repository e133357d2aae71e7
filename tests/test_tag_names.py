import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperclipper import tag_names
from paperclipper.errors import InvalidInputError


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("#boats", "boats"),
        ("  two   words ", "two words"),
        ("a / b//c/", "a/b/c"),
        ("/a", "a"),
        ("C#", "C#"),
        ("折り紙", "折り紙"),
        ("x" * 100, "x" * 100),
    ],
)
def test_a_tag_name_is_normalised(typed, shown):
    assert tag_names.parse(typed) == shown


@given(st.text(max_size=120))
def test_parsing_a_tag_name_is_idempotent(text):
    try:
        tidied = tag_names.parse(text)
    except InvalidInputError:
        return
    assert tidied.startswith("#") or tag_names.parse(tidied) == tidied
