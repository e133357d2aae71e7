"""What the inflections of an English word share, in British and American spelling. Pure; knows single folded words.

Snowball's English stemmer rather than Porter's first: that one calls general, generate and generic the same. It goes on
being mended, so another version of it makes another analysis.
"""

import re
import threading
from collections.abc import Iterator
from functools import cache, lru_cache

import Stemmer

SHARED_LETTERS = 4
"""So many letters that no rule of British spelling changes are shared by the words of a stem."""
_CHANGING = (
    "e",
    "i",
    "y",
    "bl",
)  # whose last letter is another, or none, in some words: use, using; try, tries
STEMMER_VERSION: str = Stemmer.version()

# Plurals and participles that no suffix tells, and spellings that no rule does.
_IRREGULAR_TEXT = (
    "analyses=analysis analyse=analysis analysed=analysis analyze=analysis analyzed=analysis analyzing=analysis "
    "analysing=analysis hypotheses=hypothesis theses=thesis syntheses=synthesis indices=index matrices=matrix "
    "vertices=vertex vortices=vortex criteria=criterion phenomena=phenomenon corpora=corpus spectra=spectrum "
    "optima=optimum minima=minimum maxima=maximum extrema=extremum formulae=formula children=child mice=mouse "
    "learnt=learn built=build taught=teach chosen=choose chose=choose proven=prove written=write wrote=write "
    "grey=gray programme=program programmes=program centre=center centres=center centred=center fibre=fiber "
    "fibres=fiber metre=meter metres=meter litre=liter theatre=theater defence=defense offence=offense "
    "licence=license practise=practice artefact=artifact artefacts=artifact sulphur=sulfur aluminium=aluminum "
    "sceptical=skeptical catalogue=catalog catalogues=catalog dialogue=dialog dialogues=dialog analogue=analog "
    "analogues=analog judgement=judgment judgements=judgment ageing=aging manoeuvre=maneuver tyre=tire "
    "tyres=tire plough=plow cheque=check mould=mold paediatric=pediatric anaemia=anemia oestrogen=estrogen "
    "haemoglobin=hemoglobin foetus=fetus orientated=oriented gpus=gpu cpus=cpu tpus=tpu npus=npu"
)
_IRREGULAR = dict(pair.split("=") for pair in _IRREGULAR_TEXT.split())
_NAMES = frozenset({"bayes", "kubernetes", "descartes"})
_OUR = re.compile(r"(behavi|col|fav|flav|hon|hum|lab|neighb|vap|arm|harb|rum|tum|vig|endeav)our")
_DOUBLED = re.compile(r"(mode|labe|cance|trave|leve|signa|channe|tunne|fue|tota|pane)ll?(?=(ed|ing|er|ers)$)")
_ACRONYMS = re.compile(r"[bcdfghjklmnpqrtvwxz]{2,}s")  # llms
_ISE = re.compile(r"(?P<root>[a-z]{3,})(?P<vowel>[iy])s(?=(e|ed|es|er|ers|ing|able|ation|ations)$)")
# The ends of roots that take -ise everywhere: denoise, supervised, pairwise, precise, enterprise, premise.
_ALWAYS_ISE = re.compile(
    r"([nprt]o|ra|ru|gu|w|pr|pr[eo]m|(?<!ti)v|(?<!i)c|expert|advert|treat|parad|anch|chand|chast)$"
)


class _OfThread(threading.local):
    """A stemmer has one buffer, so each thread has its own; without a cache, for `stem` keeps what all rules make."""

    def __init__(self) -> None:
        self.snowball = Stemmer.Stemmer("english", 0)


_of_thread = _OfThread()


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The stem of an English word; other words, short ones and those with digits are their own."""
    if len(word) < 3 or not word.isascii() or not word.isalpha() or word in _NAMES:
        return word
    if _ACRONYMS.fullmatch(word):
        return word[:-1]
    return str(_of_thread.snowball.stemWord(_IRREGULAR.get(word) or american_spelling(word)))


def stem_prefixes(stemmed: str) -> Iterator[str]:
    """What all words of a stem begin with, `SHARED_LETTERS` letters at most; and those of its words that begin otherwise."""
    yield _shared(stemmed)
    yield from _spelt_otherwise().get(stemmed, ())


def _shared(stemmed: str) -> str:
    kept = stemmed[:-1] if len(stemmed) > 1 and stemmed.endswith(_CHANGING) else stemmed
    return kept[:SHARED_LETTERS]


@cache
def _spelt_otherwise() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for word in (*_IRREGULAR, "dying", "lying", "tying"):
        if not word.startswith(_shared(stem(word))):
            found.setdefault(stem(word), []).append(word)
    return found


def american_spelling(word: str) -> str:
    """The American spelling of a British one: behaviour, modelling, generalise, tokenisation."""
    word = _OUR.sub(r"\1or", word)
    word = _DOUBLED.sub(r"\1l", word)
    found = _ISE.match(word)
    if not found or _ALWAYS_ISE.search(found["root"]):
        return word
    return f"{found['root']}{found['vowel']}z{word[found.end() :]}"
