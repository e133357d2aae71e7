"""Finding LaTeX formulas in plain text and converting them to MathML.

Pure. The result is safe HTML. A formula that cannot be converted is shown as LaTeX source.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape

import latex2mathml.converter
import nh3

MAX_FORMULA = 1_000
MAX_FORMULAS = 300
MAX_FORMULA_TEXT = 20_000

_TAG_NAMES = (
    "math mrow mi mn mo ms mtext mspace msub msup msubsup munder mover munderover mmultiscripts mprescripts "
    "none mfrac msqrt mroot mstyle mpadded mphantom menclose mtable mtr mtd"
)
MATHML_TAGS = frozenset(_TAG_NAMES.split())
MATHML_ATTRIBUTES = {
    "*": frozenset(
        {"mathvariant", "displaystyle", "scriptlevel", "linethickness", "stretchy", "fence", "form"}
    ),
    "math": frozenset({"display"}),
    "mo": frozenset(
        {"minsize", "maxsize", "lspace", "rspace", "accent", "movablelimits", "separator", "symmetric"}
    ),
    "mspace": frozenset({"width", "height", "depth"}),
    "mtable": frozenset({"columnalign", "rowspacing", "columnspacing", "rowlines", "columnlines"}),
    "mtd": frozenset({"columnalign"}),
    "menclose": frozenset({"notation"}),
    "mover": frozenset({"accent"}),
    "munder": frozenset({"accentunder"}),
}
_PAIRS = (("$$", "$$", True), ("\\[", "\\]", True), ("\\(", "\\)", False), ("$", "$", False))


@dataclass(frozen=True)
class Piece:
    """A run of plain text, or a formula without its delimiters. `display` is true for a display formula.

    `start` and `end` are its range in the whole text, including the delimiters of a formula.
    """

    text: str
    is_formula: bool = False
    display: bool = False
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


def pieces(text: str) -> Iterator[Piece]:
    r"""Split the text into plain runs and formulas: `$…$`, `$$…$$`, `\(…\)`, `\[…\]`.

    A single `$` opens a formula only before a non-space character. It closes one only after a non-space
    character and not before a digit, so "$5 and $10" is plain text. `\$` is a literal dollar sign. Formulas
    cannot be longer than MAX_FORMULA or span paragraphs.
    """
    start = 0
    for formula in _formulas(text):
        if formula.start > start:
            yield Piece(text[start : formula.start], start=start, end=formula.start)
        yield formula
        start = formula.end
    if start < len(text):
        yield Piece(text[start:], start=start, end=len(text))


def spans(text: str) -> list[tuple[int, int]]:
    """Return the ranges of the formulas, including their delimiters."""
    return [(formula.start, formula.end) for formula in _formulas(text)]


def _formulas(text: str) -> Iterator[Piece]:
    position = 0
    while (position := _next_delimiter(text, position)) != -1:
        formula, position = _formula_at(text, position)
        if formula:
            yield formula


def _next_delimiter(text: str, position: int) -> int:
    dollar, backslash = text.find("$", position), text.find("\\", position)
    return max(dollar, backslash) if -1 in (dollar, backslash) else min(dollar, backslash)


def _formula_at(text: str, position: int) -> tuple[Piece | None, int]:
    """Return the formula at this position, or None, and the position at which to continue."""
    for opening, closing, display in _PAIRS:
        if text.startswith(opening, position):
            begin = position + len(opening)
            end = _closing(text, begin, closing)
            if end == -1:
                return None, begin
            after = end + len(closing)
            return Piece(text[begin:end], is_formula=True, display=display, start=position, end=after), after
    return None, position + (2 if text[position] == "\\" else 1)


def _closing(text: str, begin: int, closing: str) -> int:
    window = text[begin : begin + MAX_FORMULA + len(closing)].partition("\n\n")[0]
    if closing == "$":
        return _closing_dollar(text, begin, window)
    end = window.find(closing)
    return begin + end if end > 0 and window[:end].strip() else -1


def _closing_dollar(text: str, begin: int, window: str) -> int:
    end = window.find("$")
    while end > 0 and window[end - 1] == "\\":
        end = window.find("$", end + 1)
    if end < 1 or window[0].isspace() or window[end - 1].isspace():
        return -1
    return -1 if text[begin + end + 1 : begin + end + 2].isdigit() else begin + end


def to_html(latex: str, *, display: bool = False) -> str:
    """Return the formula as MathML, or as escaped source if it cannot be converted. Never raises."""
    source = f"<code>{escape(latex)}</code>"
    if len(latex) > MAX_FORMULA:
        return source
    # The converter does not escape the content of \text, where an angle bracket would end the formula.
    guarded = latex.replace("<", r"\lt ").replace(">", r"\gt ")
    try:
        mathml = latex2mathml.converter.convert(guarded, display="block" if display else "inline")
    except Exception:  # The converter raises various exceptions for invalid LaTeX.
        return source
    return _clean(mathml)


def _clean(mathml: str) -> str:
    attributes = {tag: set(names) for tag, names in MATHML_ATTRIBUTES.items()}
    return nh3.clean(mathml, tags=set(MATHML_TAGS), attributes=attributes, link_rel=None)
