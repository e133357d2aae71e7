import re
import sys
from html import escape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperclipper.formats.text import notes
from paperclipper.formats.text.formulas import MAX_FORMULA_TEXT, MAX_FORMULAS


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("# A *b* `c`", "<h1>A <em>b</em> <code>c</code></h1>\n"),
        (
            "- [ ] a\n- [x] b",
            '<li><input type="checkbox" aria-label="to do" disabled=""> a</li>\n'
            '<li><input type="checkbox" checked="" aria-label="done" disabled=""> b</li>',
        ),
        ("|a|\n|-|\n|b|", "<td>b</td>"),
        ("```py\na < b\n```", "<pre><code>a &lt; b\n</code></pre>"),
        ("$x$", '<math display="inline"><mrow><mi>x</mi></mrow></math>'),
        ("$$\nx\n$$", '<math display="block"><mrow><mi>x</mi></mrow></math>'),
        ("$\\frac$", "<code>\\frac</code>"),
        ("costs $5 and $10", "<p>costs $5 and $10</p>"),
        ("[a](https://b.example)", '<a href="https://b.example" rel="noopener noreferrer">a</a>'),
        (
            "![a](https://b.example/c.png)",
            '<a href="https://b.example/c.png" rel="noopener noreferrer">a</a>',
        ),
        ("~~a~~", "<s>a</s>"),
    ],
)
def test_markdown_is_rendered(markdown, html):
    assert html in notes.to_html(markdown)


HERE = {"2401.12345": "/papers/1", "A title": "/papers/2"}.get
ABSENT = '<span class="no-paper">{}<span class="visually-hidden"> (not in your library)</span></span>'


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("See [[2401.12345]].", 'See <a href="/papers/1" rel="noopener noreferrer">2401.12345</a>.'),
        ("[[A title|the *first*]]", '<a href="/papers/2" rel="noopener noreferrer">the *first*</a>'),
        ("|a|\n|-|\n|[[A title\\|b]]|", '<td><a href="/papers/2" rel="noopener noreferrer">b</a></td>'),
        ("[[Another <b>]]", ABSENT.format("Another &lt;b&gt;")),
        ("[[]] [[a]b]] [[a|]]", "<p>[[]] [[a]b]] [[a|]]</p>"),
        ("`[[A title]]`", "<code>[[A title]]</code>"),
        ("```\n[[A title]]\n```", "<pre><code>[[A title]]\n</code></pre>"),
        ("    [[A title]]", "<pre><code>[[A title]]\n</code></pre>"),
    ],
)
def test_wikilinks_lead_to_papers_in_the_library(markdown, html):
    assert html in notes.to_html(markdown, HERE)


def test_other_relative_links_are_removed():
    html = notes.to_html("[[A title]] [x](/papers/9) [y](/settings) <a href='/settings'>", HERE)
    assert re.findall(r'href="([^"]*)"', html) == ["/papers/2"]


HOSTILE = [
    "<script>alert(1)</script>",
    "<svg onload=alert(1)>",
    "<b onclick=alert(1)>x</b>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](data:text/html;base64,PHN2Zz4=)",
    "[x](vbscript:x)",
    "[x](//evil.example)",
    "[x](/api/v1/papers)",
    "[x](#id)",
    "[x](https://user:password@evil.example)",
    '[x](https://a.example" onmouseover="alert(1))',
    '[x](https://a.example "t\\" onmouseover=\\"alert(1)")',
    "<javascript:alert(1)>",
    "![x](https://evil.example/p.png?leak)",
    "![x](data:image/png;base64,AAAA)",
    "![<script>](javascript:alert(1))",
    "[x]\n\n[x]: javascript:alert(1)",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "$\\href{javascript:alert(1)}{x}$",
    "$\\text{</mtext></math><img src=x onerror=alert(1)>}$",
    "```<img src=x onerror=alert(1)>\n```",
    "<input type=text autofocus onfocus=alert(1)>",
    "[[<script>alert(1)</script>]]",
    '[[x|" onmouseover="alert(1)]]',
    "[[javascript:alert(1)]]",
    "[[https://user:password@evil.example]]",
]


class Live(HTMLParser):
    """The active parts of a page."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        if tag in {
            "script",
            "img",
            "svg",
            "iframe",
            "style",
            "form",
            "object",
            "embed",
            "link",
            "base",
            "video",
        }:
            self.found.append(tag)
        for name, value in attrs:
            web = name != "href" or (value or "").startswith(("https://", "http://"))
            if (
                name.startswith("on")
                or name in {"src", "style", "action"}
                or not web
                or "password" in (value or "")
            ):
                self.found.append((name, value))
        if tag == "input" and dict(attrs).get("type") != "checkbox":
            self.found.append(attrs)


@pytest.mark.parametrize("markdown", HOSTILE)
def test_hostile_notes_are_safe_html(markdown):
    assert Live(notes.to_html(markdown)).found == []


@given(st.lists(st.sampled_from([*HOSTILE, "\n", "> ", "- ", "`", "$", "<", "]("])).map("".join) | st.text())
def test_any_mixture_is_safe_html(markdown):
    assert Live(notes.to_html(markdown)).found == []


def test_formulas_beyond_the_limit_are_shown_as_source():
    html = notes.to_html("$a$ " * (MAX_FORMULAS + 50))
    assert (html.count("<math"), html.count("<code>")) == (MAX_FORMULAS, 50)
    html = notes.to_html(f"${'a' * 500}$ " * 50)
    assert (html.count("<math"), html.count("<code>")) == (
        MAX_FORMULA_TEXT // 500,
        50 - MAX_FORMULA_TEXT // 500,
    )


BEYOND = {
    "letters": "<b>" * 50_000,
    "brackets": "[" * (notes.MAX_BRACKETS + 1),
    "lines": "<b>\n" * (notes.MAX_LINES + 1),
    "blocks": "# <b>\n" * (notes.MAX_BLOCKS // 3 + 1),
    "cells of a table": "|a" * 150 + "\n" + "|-" * 150 + "\n" + "<b>\n" * 400,
    "steps": "*<b>" * (notes.MAX_STEPS // 2),
}


@pytest.mark.parametrize("what", BEYOND)
def test_a_note_beyond_the_limits_is_shown_as_typed(what):
    html = notes.to_html(BEYOND[what])
    assert html == f"<pre>{escape(BEYOND[what])}</pre>"


def test_a_long_note_with_all_of_markdown_is_rendered():
    page = "## Words\n\nWe *fold* boats of `paper`, see [[2401.12345]] and [x](https://b.example).\n\n"
    page += "- [ ] a\n- b\n\n"
    page += "|a|b|\n|-|-|\n|1|2|\n\n" + "They float, mostly, whatever the weather. " * 60 + "\n\n$a^2$\n\n"
    html = notes.to_html(page * (notes.MAX_NOTE // len(page)), HERE)
    assert html.count("<h2>") == html.count("<table>") == html.count("/papers/1") > 30


def filled(unit, most=notes.MAX_NOTE):
    """Repeat the unit as often as the limits of a note allow."""
    size = min(notes.MAX_NOTE, most)
    if "[" in unit:
        size = min(size, len(unit) * notes.MAX_BRACKETS // unit.count("["))
    return (unit * (size // len(unit) + 1))[:size]


WORST = [
    *map(filled, ["*a_ ", "> ", "<!--", "*_~~", "\\(", "$a$ ", "1) a\n"]),
    *map(filled, ["[", "![", "[a](", "[[a|", "[a]: <b\n", "- [ ] x\n", "![["]),
    "".join("`" * count + "a" for count in range(440)),
    "".join(" " * depth + "- a\n" for depth in range(430)),
    "[a]: b '" + filled("x\n", 99_000),
    "[a](" + filled("("),
    "|a" * 150 + "\n" + "|-" * 150 + "\n" + filled("x\n", 90_000),
    filled("$" + "{" * 400 + "}" * 400 + "$ "),
    filled("$" + "\\frac{" * 160 + "$ "),
    filled("$" + "\\left(" * 140 + "$ "),
    filled("$\\begin{matrix}" + "a&" * 450 + "\\end{matrix}$ "),
]
MOST_CALLS = 8_000_000


@pytest.mark.timeout(60)
@pytest.mark.parametrize("note", WORST, ids=range(len(WORST)))
def test_the_work_for_the_worst_notes_is_limited(note):
    """Work is counted in calls of the interpreter, so that a slow machine does not fail."""
    calls = 0

    def count(*_):
        nonlocal calls
        calls += 1

    sys.setprofile(count)
    try:
        notes.to_html(note)
    finally:
        sys.setprofile(None)
    assert calls < MOST_CALLS
