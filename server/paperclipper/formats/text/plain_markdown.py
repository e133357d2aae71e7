"""Pieces of a note as a reader of a list wants them: the words, without the signs of headings, lists, bold and code.

Pure. Not Markdown's grammar: a piece of a note is seldom whole, so what is in doubt stays.
"""

import re
from collections.abc import Sequence

_MARKUP = re.compile(r"^[ \t]{0,3}(?:(?:#{1,6}|>|[-*+])[ \t]+(?:\[[ xX]\][ \t]+)?)+|\*\*|`+", re.MULTILINE)

_MAY_BE_MARKUP = re.compile(r"[#>*+`]|-[ \t]")


def strip_markup(pieces: Sequence[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """The same pieces, which follow each other, without such signs; none is empty."""
    whole = "".join(text for text, _ in pieces)
    if not _MAY_BE_MARKUP.search(whole):
        return list(pieces)
    gone = {place for found in _MARKUP.finditer(whole) for place in range(*found.span())}
    shown, at = [], 0
    for text, is_marked in pieces:
        shown.append(("".join(sign for place, sign in enumerate(text, at) if place not in gone), is_marked))
        at += len(text)
    return [piece for piece in shown if piece[0]]
