import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperclipper.formats.text.formulas import Piece, pieces, to_html


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a $x_1$ b", [Piece("a "), Piece("x_1", True), Piece(" b")]),
        (r"\(x\)\[y\]$$z$$", [Piece("x", True), Piece("y", True, True), Piece("z", True, True)]),
        ("costs $5 and $10", [Piece("costs $5 and $10")]),
        ("a $ x $ b", [Piece("a $ x $ b")]),
        (r"\$5 is $x$", [Piece(r"\$5 is "), Piece("x", True)]),
        (r"$a\$b$", [Piece(r"a\$b", True)]),
        ("$a\n\nb$", [Piece("$a\n\nb$")]),
        ("$$", [Piece("$$")]),
        ("$" + "x" * 2000 + "$", [Piece("$" + "x" * 2000 + "$")]),
        ("", []),
    ],
)
def test_formulas_are_distinguished_from_money(text, found):
    assert list(pieces(text)) == found


@given(st.text("ab $\\()[]1\n"))
def test_no_character_is_lost(text):
    delimiters = sum(
        len(piece.text) + (0 if not piece.is_formula else 4 if piece.display else 2) for piece in pieces(text)
    )
    extra = sum(text.count(mark) for mark in ("\\(", "\\)"))
    assert len(text) - extra * 2 <= delimiters <= len(text)


def test_a_formula_is_mathml():
    assert to_html("x^2") == ('<math display="inline"><mrow><msup><mi>x</mi><mn>2</mn></msup></mrow></math>')
    assert to_html("x", display=True).startswith('<math display="block">')


@pytest.mark.parametrize("latex", [r"\frac", "{" * 900, "^" * 900, "\\", r"\left(", "x" * 1001, r"\verb|<b>"])
def test_an_invalid_formula_is_shown_as_source(latex):
    shown = to_html(latex)
    assert shown.startswith(("<code>", "<math"))
    assert "<b>" not in shown


@pytest.mark.parametrize(
    "latex",
    [
        r"\text{<script>alert(1)</script>}",
        r"\text{</mtext></math><img src=x onerror=alert(1)>}",
        r"\text{&lt;img src=x onerror=alert(1)&gt;}",
        r"\href{javascript:alert(1)}{x}",
        r"\style{color:red;background:url(//evil.example)}{x}",
        r"\class{evil}{x}",
    ],
)
def test_formulas_are_safe_html(latex):
    shown = to_html(latex)
    assert not any(part in shown for part in ("<script", "<img", "href", "style=", "class=", "url("))


@given(st.text())
def test_any_formula_is_shown(latex):
    assert to_html(latex).startswith(("<math", "<code>"))


@pytest.mark.parametrize("unit", ["$", "$a", "\\(", "\\", "$$", "$a$ ", "\\[a"])
def test_finding_formulas_takes_linear_time(unit):
    text = unit * (100_000 // len(unit))
    start = time.perf_counter()
    list(pieces(text))
    assert time.perf_counter() - start < 2
