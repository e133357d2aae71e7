"""Removing heading, list, bold and code markup from excerpts of notes in search results.

Pure. This is not a full Markdown parser: an excerpt is rarely a whole note, so ambiguous characters are kept.
"""

import re
from collections.abc import Sequence

_MARKUP = re.compile(r"^[ \t]{0,3}(?:(?:#{1,6}|>|[-*+])[ \t]+(?:\[[ xX]\][ \t]+)?)+|\*\*|`+", re.MULTILINE)

_MAY_BE_MARKUP = re.compile(r"[#>*+`]|-[ \t]")


def strip_markup(pieces: Sequence[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """Return consecutive pieces without markup. Pieces that become empty are omitted."""
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
