import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperclipper.formats.text import abstract
from paperclipper.formats.text.abstract import HighlightSpan
from paperclipper.formats.text.formulas import MAX_FORMULAS
from paperclipper.model import Colour, TextQuote


def test_paragraphs_formulas_and_links():
    html = abstract.to_html("We fold $n$ boats.\n \nSee (https://boats.example/a?b=1&c=2).")
    assert html == (
        '<p><span data-at="0">We fold </span><span data-at="8" data-to="11">'
        '<math display="inline"><mrow><mi>n</mi></mrow></math></span><span data-at="11"> boats.</span></p>\n'
        '<p><span data-at="21">See (</span><a href="https://boats.example/a?b=1&amp;c=2"'
        ' rel="noopener noreferrer" data-at="26" data-to="57">'
        'https://boats.example/a?b=1&amp;c=2</a><span data-at="57">).</span></p>'
    )


def test_an_empty_abstract_is_empty():
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
def test_everything_else_is_text(text):
    html = abstract.to_html(text)
    tags = set(re.findall(r"<(\w+)", html))
    assert tags <= {"p", "a", "span"}
    assert "onmouseover" not in "".join(re.findall(r"<[^>]*>", html))
    assert "password" not in "".join(re.findall(r'href="[^"]*"', html))


def test_formulas_beyond_the_limit_are_shown_as_source():
    html = abstract.to_html("$a$ " * (MAX_FORMULAS * 2))
    assert 0 < html.count("<math") <= MAX_FORMULAS
    assert html.count("<math") + html.count("<code>") == MAX_FORMULAS * 2


@given(st.text(st.characters(exclude_characters="$\\")))
def test_text_without_formulas_is_escaped(text):
    html = abstract.to_html(text)
    assert set(re.findall(r"<(/?\w+)", html)) <= {"p", "/p", "a", "/a", "span", "/span"}


class Shown(HTMLParser):
    """The text of a page by the positions its pieces state, and the positions that each `<mark>` covers."""

    def __init__(self, html):
        super().__init__()
        self.text, self.covered, self.names = {}, {}, []
        self._marks, self._at, self._to = [], None, None
        self.feed(html)
        assert self._marks == []

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag == "mark":
            self._marks.append(found["data-mark"])
            self.names += [found["id"]] if "id" in found else []
        elif "data-at" in found:
            self._at, self._to = int(found["data-at"]), int(found.get("data-to", 0))
            self._cover(range(self._at, self._to))

    def handle_endtag(self, tag):
        if tag == "mark":
            self._marks.pop()
        elif tag == "span":
            self._at = None

    def handle_data(self, data):
        if self._at is not None and not self._to:
            self.text |= {self._at + i: letter for i, letter in enumerate(data)}
            self._cover(range(self._at, self._at + len(data)))

    def _cover(self, positions):
        for mark in self._marks:
            self.covered.setdefault(mark, set()).update(positions)


@st.composite
def highlighted(draw):
    """An abstract and highlights in it, which may overlap."""
    text = draw(st.text("ab <&$x1\\n", max_size=60))
    ends = draw(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)), max_size=4))
    colours = list(Colour)
    return text, [
        HighlightSpan(at, at + long, f"m{i}", i + 1, colours[i]) for i, (at, long) in enumerate(ends)
    ]


@given(highlighted())
def test_highlights_cover_their_words_and_whole_formulas(case):
    text, highlights = case
    shown = Shown(abstract.to_html(text, highlights))
    assert all(text[position] == letter for position, letter in shown.text.items())
    for highlight in highlights:
        covered = shown.covered.get(highlight.id, set())
        within = set(range(highlight.start, highlight.end))
        assert covered & set(shown.text) == within & set(shown.text)
        assert (f"mark-{highlight.id}" in shown.names) == bool(covered)
    assert len(shown.names) == len(set(shown.names))


@given(highlighted())
def test_highlights_change_no_text(case):
    text, highlights = case
    plain = re.sub(r"</?mark[^>]*>|<sup.*?</sup>|</?span[^>]*>", "", abstract.to_html(text, highlights))
    assert plain == re.sub(r"</?span[^>]*>", "", abstract.to_html(text))


def test_a_partly_covered_formula_or_url_is_highlighted_whole():
    text = "Bounds of $K_5$ hold, see https://a.example."
    shown = Shown(
        abstract.to_html(
            text, [HighlightSpan(0, 12, "a", 1, Colour.BLUE), HighlightSpan(40, 42, "b", 2, Colour.PINK)]
        )
    )
    assert shown.covered["a"] == set(range(15))
    assert shown.covered["b"] == set(range(26, 43))


def test_each_highlight_links_to_its_note_once():
    html = abstract.to_html("One two\n\nthree.", [HighlightSpan(4, 12, "a", 1, Colour.BLUE)])
    assert html.count('<mark class="hl hl-blue" data-mark="a"') == 2
    assert html.count('<a href="#note-a" aria-label="your highlight 1">1</a>') == 1


@pytest.mark.parametrize(
    ("exact", "found"),
    [
        ("of $K_5$ hold", "of $K_5$ hold"),
        ("of K5 hold", "of $K_5$ hold"),
        ("of\nK 5 hold", "of $K_5$ hold"),
        ("5 hold", "$K_5$ hold"),
        ("see https://a.example", "see https://a.example"),
        ("of K6", None),
    ],
)
def test_quotes_are_found_as_in_the_source_and_as_shown(exact, found):
    text = "Bounds of $K_5$ hold, see https://a.example."
    span = abstract.find(text, TextQuote(exact))
    assert (text[slice(*span)] if span else None) == found
