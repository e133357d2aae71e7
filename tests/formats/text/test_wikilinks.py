import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperclipper.formats.text import wikilinks

LONG = " ".join(["word"] * 40)


@pytest.mark.parametrize(
    ("markdown", "found"),
    [
        ("See [[Otters|them]],\nthen rest.", ("See ", "them", ", then rest.")),
        ("[[Badgers]] and [[otters]]", ("Badgers and ", "otters", "")),
        (f"{LONG} [[Otters]] {LONG}", ("…" + "word " * 17, "Otters", " word" * 17 + "…")),
        ("No link, as it was written.", ("", "", "No link, as it was written.")),
    ],
)
def test_the_context_of_a_link(markdown, found):
    assert wikilinks.context(markdown, [wikilinks.target("otters")]) == found


@given(st.text("ab[]| \n"))
def test_any_text_has_a_context(markdown):
    assert all("\n" not in part for part in wikilinks.context(markdown, [wikilinks.target("a")]))
