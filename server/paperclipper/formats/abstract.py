"""A plain abstract, with the LaTeX that authors leave in it, as safe HTML.

Pure. Nothing in an abstract is markup: what is neither a formula nor a web address is escaped.
"""

import re
from html import escape

from paperclipper.errors import InvalidInputError
from paperclipper.formats import formulas
from paperclipper.formats.formulas import Piece
from paperclipper.identifiers import check_url

_PARAGRAPHS = re.compile(r"\n\s*\n")
_URL = re.compile(r"https?://[^\s<>\"'`{}|\\^]+")
_AFTER_URL = ".,;:!?)]*_"


def to_html(text: str) -> str:
    """The abstract as `<p>` paragraphs: formulas as MathML, web addresses as links, everything else as written."""
    left = formulas.MAX_FORMULAS
    paragraphs = []
    for paragraph in filter(None, map(str.strip, _PARAGRAPHS.split(text))):
        pieces = list(formulas.pieces(paragraph))
        paragraphs.append("".join(_html(piece, spare=left > index) for index, piece in enumerate(pieces)))
        left -= len(pieces)
    return "\n".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)


def _html(piece: Piece, *, spare: bool) -> str:
    if piece.is_formula and spare:
        return formulas.to_html(piece.text, display=piece.display)
    return f"<code>{escape(piece.text)}</code>" if piece.is_formula else _linked(piece.text)


def _linked(text: str) -> str:
    parts, position = [], 0
    for match in _URL.finditer(text):
        url = match[0].rstrip(_AFTER_URL)
        parts += [escape(text[position : match.start()]), _link(url)]
        position = match.start() + len(url)
    return "".join([*parts, escape(text[position:])])


def _link(url: str) -> str:
    try:
        check_url(url)
    except InvalidInputError:
        return escape(url)
    return f'<a href="{escape(url)}" rel="noopener noreferrer">{escape(url)}</a>'
