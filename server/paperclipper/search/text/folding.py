"""Folding: removes case, diacritics, ligatures, width variants and TeX accents. Pure."""

import re
import unicodedata

_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ĸ": "k"}
)
# \'e  \'{e}  {\'e}  \"{\i}  \H{o}  \c c  \ss  \o{}
TEX_ACCENT = (
    r"\{?\\(?:[\"'`^~=.]|[Hcdbkruv](?=[\s{\\]))\s?\{?\\?[A-Za-z](?:\}\}?)?"
    r"|\\(?:ss|ae|oe|aa|[oli])(?![A-Za-z])(?:\{\})?"
)
_TEX_MARKUP = re.compile(r"[{}\s\"'`^~=.]|\\(?:[Hcdbkruv](?=[\s{\\]))?")


def fold(text: str) -> str:
    """Fold case, and remove diacritics, ligatures and width variants."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text)
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return bare.casefold().translate(_LETTERS)


def strip_tex_accents(word: str) -> str:
    """Replace TeX accents in a word with plain letters."""
    return _TEX_MARKUP.sub("", word)
