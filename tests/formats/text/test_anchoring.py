import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperclipper.formats.text.anchoring import CONTEXT, find, quote
from paperclipper.model import TextQuote

TEXT = "We fold boats. Boats of paper sink; boats of noise do not."
# Few letters, so that quotes occur several times.
texts = st.text("ab \n", max_size=80)


def squeezed(text):
    return "".join(text.split())


@st.composite
def quoted(draw, source=texts):
    """A text, and a range of it that is not only white space."""
    text = draw(source.filter(str.strip))
    start = draw(st.sampled_from([i for i, letter in enumerate(text) if not letter.isspace()]))
    return text, start, draw(st.integers(start + 1, len(text)))


def test_a_quote_has_its_context():
    made = quote(TEXT, 14, 21)
    assert made == TextQuote("Boats", "We fold boats. ", " of paper sink; boats of noise d", 15, 20)
    assert len(made.suffix) == CONTEXT


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (TextQuote("boats"), "We fold "),
        (TextQuote("boats", prefix="sink; "), "We fold boats. Boats of paper sink; "),
        (TextQuote("boats", suffix=" of noise"), "We fold boats. Boats of paper sink; "),
        (TextQuote("boats", start=30), "We fold boats. Boats of paper sink; "),
        (TextQuote("paper\n   sink"), "We fold boats. Boats of "),
        (TextQuote("papersink"), "We fold boats. Boats of "),
        (TextQuote("ships"), None),
        (TextQuote("  \n"), None),
        (TextQuote(""), None),
    ],
)
def test_the_context_selects_the_occurrence(wanted, found):
    span = find(TEXT, wanted)
    assert (TEXT[: span[0]] if span else None) == found


@given(quoted())
def test_a_quote_is_found_at_its_position(case):
    text, start, end = case
    made = quote(text, start, end)
    assert find(text, made) == (made.start, made.end)
    assert text[made.start : made.end] == made.exact == text[start:end].strip()


@given(quoted(), st.lists(st.sampled_from([" ", "\n", "  ", "\t"]), min_size=80, max_size=80))
def test_white_space_is_ignored(case, spaces):
    text, start, end = case
    made = quote(text, start, end)
    respaced = "".join(spaces[i] if letter.isspace() else letter for i, letter in enumerate(text))
    span = find(respaced, made)
    assert squeezed(respaced[slice(*span)]) == squeezed(made.exact)
    assert len(squeezed(respaced[: span[0]])) == len(squeezed(text[: made.start]))


@given(quoted(st.text()), st.text(max_size=40), st.text(max_size=40))
def test_a_quote_is_found_after_insertions(case, before, after):
    text, start, end = case
    made = quote(text, start, end)
    grown = before + text + after
    assert squeezed(grown[slice(*find(grown, made))]) == squeezed(made.exact)


@given(st.text(), st.builds(TextQuote, st.text(), st.text(), st.text(), st.none() | st.integers(0, 99)))
def test_only_exact_words_are_found(text, wanted):
    span = find(text, wanted)
    if span:
        assert squeezed(text[slice(*span)]) == squeezed(wanted.exact)
    else:
        assert not squeezed(wanted.exact) or squeezed(wanted.exact) not in squeezed(text)


def test_the_worst_quote_takes_at_most_a_second():
    start = time.perf_counter()
    find("a" * 20_000, TextQuote("a" * 20, "a" * 1000, "a" * 1000))
    assert time.perf_counter() - start < 1
