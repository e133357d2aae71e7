"""The tokenizer shared by indexing, queries and highlighting.

Pure; independent of papers, queries and Whoosh. When you change its output, change ANALYSIS_VERSION too, so
that indexes written with the old version are rebuilt.

A text is split into runs (the text between spaces and punctuation), a run into chains (words joined by
hyphens and the like), and a chain into words. `Self-Play fine-tunes GPT4` has the chains self+play,
fine+tunes and gpt+4.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from paperclipper.search.text.compounds import WRITTEN_SCALES, camel_case_parts, compound_forms
from paperclipper.search.text.folding import TEX_ACCENT, fold, strip_tex_accents
from paperclipper.search.text.latex import COMMANDS, GREEK, IGNORED_COMMANDS, STYLE_COMMANDS, SYMBOLS
from paperclipper.search.text.stemming import STEMMER_VERSION

ANALYSIS_VERSION = f"3, {STEMMER_VERSION}"

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
_GREEK = "\u00b5\u0370-\u03ff\U0001d6a8-\U0001d7cb"
_MARKS = "\u0300-\u036f"
_RAISED = "²³¹⁰⁴-⁹₀-₉"
_SYMBOLS = "".join(SYMBOLS)
_HYPHENS = "\\-\u2010\u2011\u2012\u2013"
_RUN_CHARACTER = rf"[\w{_MARKS}{_HYPHENS}'’^&${{}}{_SYMBOLS}]"  # always part of a run
_RUN_SEQUENCE = (  # part of a run only in certain contexts
    r"(?:[A-Z]\*(?<![\w*][A-Z]\*)(?![\w*])|\\(?:[A-Za-z]+|[^\sA-Za-z])|[.,](?<=\d[.,])(?=\d)"
    r"|\"(?<=[A-Za-z]\")(?=[aeiouAEIOU])|\+\+(?<=[A-Za-z]\+\+)|\#(?<=[CFcf]\#))"
)
_RUN = re.compile(
    rf"\d+(?:\.\d+)?\s(?:{'|'.join(WRITTEN_SCALES)})\b"
    rf"|(?:{_RUN_SEQUENCE}+{_RUN_CHARACTER}*+|{_RUN_CHARACTER}++)(?:{_RUN_SEQUENCE}+{_RUN_CHARACTER}*+)*+"
)
_TOKEN = re.compile(
    r"(?P<eprint>(?<![\d.])\d{4}\.\d{4,5}(?:v\d+)?(?![\d.]))"
    r"|(?P<number>\d{1,3}(?:,\d{3})+(?![\d,])|\d+(?:st|nd|rd|th)(?![A-Za-z])|\d+(?:\.\d+)*|"
    rf"[{_RAISED}]+)"
    r"|(?P<special>[A-Za-z]\+\+|[CFcf]\#|[A-Z]\*)"
    rf"|(?P<letters>(?:[^\W\d_{_RAISED}]|[{_MARKS}]|{TEX_ACCENT})+)"
    r"|(?P<command>\\[A-Za-z]+)"
    rf"|(?P<symbol>[{_SYMBOLS}])"
)
_GLUE = re.compile(rf"[{{}}$]*(?:\\?[{_HYPHENS}'’_^&\"]|\s)?[{{}}$]*")
_SCRIPTS = re.compile(rf"(?P<cjk>[{_CJK}]+)|(?P<greek>[{_GREEK}]+)|[^{_CJK}{_GREEK}]+")
_STOP_WORDS_TEXT = (
    "a about after all also am an and any are as at be because been before being both but by can could did "
    "do does for from had has have he her his how i if in into is it its just me more most my no not of off "
    "on one only or other our out over own she should so some such than that the their them then there these "
    "they this those through to too under up use used using very via was we were what when where which while "
    "who why will with would you your"
)
STOP_WORDS = frozenset(_STOP_WORDS_TEXT.split())
"""Words too common to be significant. They are optional in matches and do not affect scores."""


class Word(NamedTuple):
    """A folded word, and its span in the text."""

    text: str
    start: int
    end: int


class Chain(NamedTuple):
    """One or more joined words, with their spellings as one word in `compounds`.

    Consecutive Chinese, Japanese or Korean characters form a chain of overlapping bigrams, followed by the
    last character.
    """

    words: tuple[Word, ...]
    compounds: tuple[str, ...] = ()
    is_cjk: bool = False

    @property
    def has_only_stop_words(self) -> bool:
        """Whether all words of the chain are stop words."""
        return all(word.text in STOP_WORDS for word in self.words)


def chains(text: str) -> Iterator[Chain]:
    """Yield the chains of a text, in order."""
    for found in _RUN.finditer(text):
        offset = found.start()
        for chain in run_chains(found[0]):
            moved = tuple(Word(word.text, word.start + offset, word.end + offset) for word in chain.words)
            yield chain._replace(words=moved)


def words(text: str) -> Iterator[Word]:
    """Yield the words of a text, in order."""
    for chain in chains(text):
        yield from chain.words


def word_texts(text: str) -> list[str]:
    """Return the folded words of a text, in order, without their spans."""
    return [word.text for run in runs(text) for chain in run_chains(run) for word in chain.words]


def runs(text: str) -> list[str]:
    """Return the runs of a text, in order. Runs can be analysed independently of each other."""
    return _RUN.findall(text)


def runs_between(text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    """Yield (start, run) for each run in a range. The range must not begin or end inside a run."""
    return ((found.start(), found[0]) for found in _RUN.finditer(text, start, end))


@lru_cache(maxsize=50_000)
def run_chains(run: str) -> tuple[Chain, ...]:
    """Return the chains of a run, with spans relative to the run."""
    if run.isascii() and run.isalpha() and (run.islower() or run.istitle()) and run not in STYLE_COMMANDS:
        return (Chain((Word(run.lower(), 0, len(run)),)),)
    return tuple(_chains(run))


class _Part(NamedTuple):
    word: Word
    gap: str
    kind: str


def _chains(run: str) -> Iterator[Chain]:
    chain: list[_Part] = []
    for part in _parts(run):
        if chain and not (_GLUE.fullmatch(part.gap) and "cjk" not in (part.kind, chain[-1].kind)):
            yield _chain(chain)
            chain = []
        if part.kind == "cjk":
            yield _pairs(part.word.text, part.word.start)
        elif not (chain and part.word.text == "s" and part.gap in ("'", "’") and part.word.end == len(run)):
            chain.append(part)
    if chain:
        yield _chain(chain)


def _chain(parts: Sequence[_Part]) -> Chain:
    found = tuple(part.word for part in parts)
    return Chain(found, compound_forms([word.text for word in found], [part.gap for part in parts[1:]]))


def _pairs(run: str, start: int) -> Chain:
    pairs = [run[i : i + 2] for i in range(len(run))]
    found = (
        Word(unicodedata.normalize("NFKC", pair), start + i, start + i + len(pair))
        for i, pair in enumerate(pairs)
    )
    return Chain(tuple(found), is_cjk=True)


def _parts(run: str) -> Iterator[_Part]:
    gap, end = "", 0
    for token in _TOKEN.finditer(run):
        gap += run[end : token.start()]
        end = token.end()
        for word, kind in _words_of(token):
            if word.text:  # empty for an accent without a letter
                yield _Part(word, gap, kind)
                gap = ""


def _words_of(token: re.Match[str]) -> Iterator[tuple[Word, str]]:
    kind, text, start = str(token.lastgroup), token[0], token.start()
    if kind == "letters":
        if text not in STYLE_COMMANDS:
            yield from _words_of_letters(text, start)
        return
    name = _token_name(kind, text)
    if name:
        yield Word(name, start, token.end()), kind


def _token_name(kind: str, text: str) -> str:
    """Return the word for a non-letter token, or an empty string for an ignored command."""
    if kind == "eprint":
        return text.partition("v")[0]
    if kind == "number":
        return fold(text).replace(",", "")
    if kind == "symbol":
        return SYMBOLS[text]
    if kind == "command":
        name = text[1:]
        return "" if name in IGNORED_COMMANDS else COMMANDS.get(name, name.lower())
    return fold(text)


def _words_of_letters(text: str, start: int) -> Iterator[tuple[Word, str]]:
    if "\\" in text:
        yield Word(fold(strip_tex_accents(text)), start, start + len(text)), "letters"
        return
    for script in _SCRIPTS.finditer(text):
        kind, piece, piece_start = script.lastgroup, script[0], start + script.start()
        if kind == "cjk":
            yield Word(piece, piece_start, piece_start + len(piece)), "cjk"
        elif kind == "greek":
            word = GREEK.get(fold(piece), fold(piece))
            yield Word(word, piece_start, piece_start + len(piece)), "letters"
        else:
            for hump, end in camel_case_parts(piece):
                yield Word(fold(piece[hump:end]), piece_start + hump, piece_start + end), "letters"
