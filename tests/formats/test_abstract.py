import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperclipper.formats import abstract
from paperclipper.formats.formulas import MAX_FORMULAS


def test_paragraphs_formulas_and_links():
    html = abstract.to_html("We fold $n$ boats.\n \nSee (https://boats.example/a?b=1&c=2).")
    assert html == (
        '<p>We fold <math display="inline"><mrow><mi>n</mi></mrow></math> boats.</p>\n'
        '<p>See (<a href="https://boats.example/a?b=1&amp;c=2" rel="noopener noreferrer">'
        "https://boats.example/a?b=1&amp;c=2</a>).</p>"
    )


def test_nothing_is_nothing():
    assert abstract.to_html(" \n\n ") == ""


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "*no* `markup` <b>here</b> &amp;",
        'https://a.example/"onmouseover="alert(1)',
        "javascript:alert(1)",
        "https://user:password@evil.example/",
        "https://",
        r"\frac{a}{b} alone",
    ],
)
def test_all_else_is_text(text):
    html = abstract.to_html(text)
    tags = set(re.findall(r"<(\w+)", html))
    assert tags <= {"p", "a"}
    assert "onmouseover" not in "".join(re.findall(r"<[^>]*>", html))
    assert "password" not in "".join(re.findall(r'href="[^"]*"', html))


def test_formulas_beyond_the_limit_are_shown_as_source():
    html = abstract.to_html("$a$ " * (MAX_FORMULAS * 2))
    assert 0 < html.count("<math") <= MAX_FORMULAS
    assert html.count("<math") + html.count("<code>") == MAX_FORMULAS * 2


@given(st.text(st.characters(exclude_characters="$\\")))
def test_text_without_formulas_is_escaped_whole(text):
    html = abstract.to_html(text)
    assert set(re.findall(r"<(/?\w+)", html)) <= {"p", "/p", "a", "/a"}
