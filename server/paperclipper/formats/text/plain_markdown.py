"""Pieces of a note without the markup of headings, lists, bold text and code, for lists of results.

Pure. This is not Markdown's grammar: a piece is seldom a whole note, so doubtful characters stay.
"""

import re
from collections.abc import Sequence

_MARKUP = re.compile(r"^[ \t]{0,3}(?:(?:#{1,6}|>|[-*+])[ \t]+(?:\[[ xX]\][ \t]+)?)+|\*\*|`+", re.MULTILINE)

_MAY_BE_MARKUP = re.compile(r"[#>*+`]|-[ \t]")


def strip_markup(pieces: Sequence[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """Return the consecutive pieces without markup, leaving out those that become empty."""
    whole = "".join(text for text, _ in pieces)
    if not _MAY_BE_MARKUP.search(whole):
        return list(pieces)
    markup = {position for match in _MARKUP.finditer(whole) for position in range(*match.span())}
    stripped, start = [], 0
    for text, is_marked in pieces:
        kept = "".join(character for i, character in enumerate(text, start) if i not in markup)
        stripped.append((kept, is_marked))
        start += len(text)
    return [piece for piece in stripped if piece[0]]
