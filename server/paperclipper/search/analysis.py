"""Text into words and stems: one analysis for what is indexed, what is asked and what is marked.

Pure; must not know of papers, queries or Whoosh. Whoever changes what a text becomes renews ANALYSIS_VERSION: every
index made by the older analysis is then made anew.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from whoosh.lang.porter import stem as porter

ANALYSIS_VERSION = "1"

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
_MARKS = "\u0300-\u036f"
_WORD = re.compile(
    r"(?P<eprint>(?<!\d)\d{4}\.\d{4,5}(?:v\d*)?(?!\w))"
    rf"|(?P<cjk>[{_CJK}]+)"
    rf"|(?P<word>(?:[^\W_{_CJK}]|[{_MARKS}])+)"
)
_HYPHENS = frozenset("-\u2010\u2011\u2012\u2013")
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
_FILLER_TEXT = (
    "a about after all also am an and any are as at be because been before being both but by can could did do does for "
    "from had has have he her his how i if in into is it its just me more most my no not of off on one only or other "
    "our out over own s she should so some such t than that the their them then there these they this those through to "
    "too under up use used using very via was we were what when where which while who why will with would you your"
)
FILLER = frozenset(_FILLER_TEXT.split())
"""Words that say nothing of a paper: never required of one, and not scored."""


class Word(NamedTuple):
    """A word of a text: its folded form, where it stands, and whether a hyphen ties it to the word before."""

    text: str
    start: int
    end: int
    tied: bool = False


def fold(text: str) -> str:
    """One form for all spellings of case, diacritics, ligatures and width."""
    decomposed = unicodedata.normalize("NFKD", text)
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return bare.casefold().translate(_LETTERS)


def words(text: str) -> Iterator[Word]:
    """The words of a text in order. Chinese, Japanese and Korean runs come as overlapping pairs of characters, arXiv
    ids without their version."""
    last_end = -2
    for match in _WORD.finditer(text):
        start, end = match.span()
        if match["cjk"]:
            yield from _pairs(match["cjk"], start)
        elif match["eprint"]:
            yield Word(match["eprint"].partition("v")[0], start, end)
        else:
            tied = start == last_end + 1 and text[last_end] in _HYPHENS
            yield Word(_folded(match["word"]), start, end, tied)
            last_end = end


def _pairs(run: str, start: int) -> Iterator[Word]:
    for i in range(max(1, len(run) - 1)):
        pair = run[i : i + 2]
        yield Word(unicodedata.normalize("NFKC", pair), start + i, start + i + len(pair))


@lru_cache(maxsize=50_000)
def _folded(word: str) -> str:
    return fold(word)


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """What the inflections of an English word share; other words, and those with digits, are their own stem."""
    return str(porter(word)) if len(word) > 2 and word.isascii() and word.isalpha() else word


def chains(found: Sequence[Word]) -> Iterator[Sequence[Word]]:
    """The words grouped by the hyphens that tie them; a word by itself is a chain of one."""
    begin = 0
    for i in range(1, len(found) + 1):
        if i == len(found) or not found[i].tied:
            yield found[begin:i]
            begin = i


def joined(chain: Sequence[Word]) -> str:
    """The compound written as one word."""
    return "".join(word.text for word in chain)
