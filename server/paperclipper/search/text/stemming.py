"""Stems folded English words in British and American spelling. Pure.

Uses Snowball's English stemmer, because the original Porter stemmer conflates general, generate and generic.
Snowball's output changes between versions, so its version is part of the analysis version.
"""

import re
import threading
from collections.abc import Iterator
from functools import cache, lru_cache

import Stemmer

SHARED_LETTERS = 4
"""The number of initial letters shared by all words of a stem. The spelling rules never change these."""
# Endings whose last letter changes or is dropped in inflected forms: use, using; try, tries.
_CHANGING = ("e", "i", "y", "bl")
STEMMER_VERSION: str = Stemmer.version()

# Irregular plurals and participles, and British spellings not covered by a rule.
_IRREGULAR_TEXT = (
    "analyses=analysis analyse=analysis analysed=analysis analyze=analysis analyzed=analysis "
    "analyzing=analysis analysing=analysis hypotheses=hypothesis theses=thesis syntheses=synthesis "
    "indices=index matrices=matrix vertices=vertex vortices=vortex criteria=criterion phenomena=phenomenon "
    "corpora=corpus spectra=spectrum optima=optimum minima=minimum maxima=maximum extrema=extremum "
    "formulae=formula children=child mice=mouse learnt=learn built=build taught=teach chosen=choose "
    "chose=choose proven=prove written=write wrote=write grey=gray programme=program programmes=program "
    "centre=center centres=center centred=center fibre=fiber fibres=fiber metre=meter metres=meter "
    "litre=liter theatre=theater defence=defense offence=offense licence=license practise=practice "
    "artefact=artifact artefacts=artifact sulphur=sulfur aluminium=aluminum sceptical=skeptical "
    "catalogue=catalog catalogues=catalog dialogue=dialog dialogues=dialog analogue=analog analogues=analog "
    "judgement=judgment judgements=judgment ageing=aging manoeuvre=maneuver tyre=tire tyres=tire plough=plow "
    "cheque=check mould=mold paediatric=pediatric anaemia=anemia oestrogen=estrogen haemoglobin=hemoglobin "
    "foetus=fetus orientated=oriented gpus=gpu cpus=cpu tpus=tpu npus=npu"
)
_IRREGULAR = dict(pair.split("=") for pair in _IRREGULAR_TEXT.split())
_NAMES = frozenset({"bayes", "kubernetes", "descartes"})
_OUR = re.compile(r"(behavi|col|fav|flav|hon|hum|lab|neighb|vap|arm|harb|rum|tum|vig|endeav)our")
_DOUBLED = re.compile(r"(mode|labe|cance|trave|leve|signa|channe|tunne|fue|tota|pane)ll?(?=(ed|ing|er|ers)$)")
_ACRONYMS = re.compile(r"[bcdfghjklmnpqrtvwxz]{2,}s")  # llms
_ISE = re.compile(r"(?P<root>[a-z]{3,})(?P<vowel>[iy])s(?=(e|ed|es|er|ers|ing|able|ation|ations)$)")
# Roots with these endings take -ise in American spelling too: denoise, supervised, pairwise, precise,
# enterprise, premise.
_ALWAYS_ISE = re.compile(
    r"([nprt]o|ra|ru|gu|w|pr|pr[eo]m|(?<!ti)v|(?<!i)c|expert|advert|treat|parad|anch|chand|chast)$"
)


class _OfThread(threading.local):
    """One stemmer per thread, because stemmers are not thread-safe. Not cached here; `stem` is."""

    def __init__(self) -> None:
        self.snowball = Stemmer.Stemmer("english", 0)


_of_thread = _OfThread()


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """Return the stem of an English word. Short words and words with other characters are returned as is."""
    if len(word) < 3 or not word.isascii() or not word.isalpha() or word in _NAMES:
        return word
    if _ACRONYMS.fullmatch(word):
        return word[:-1]
    return str(_of_thread.snowball.stemWord(_IRREGULAR.get(word) or american_spelling(word)))


def stem_prefixes(stemmed: str) -> Iterator[str]:
    """Yield the common prefix of the words with a stem, then each exceptional word without that prefix."""
    yield _shared_prefix(stemmed)
    yield from _words_without_prefix().get(stemmed, ())


def _shared_prefix(stemmed: str) -> str:
    unchanging = stemmed[:-1] if len(stemmed) > 1 and stemmed.endswith(_CHANGING) else stemmed
    return unchanging[:SHARED_LETTERS]


@cache
def _words_without_prefix() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for word in (*_IRREGULAR, "dying", "lying", "tying"):
        if not word.startswith(_shared_prefix(stem(word))):
            found.setdefault(stem(word), []).append(word)
    return found


def american_spelling(word: str) -> str:
    """Return the American spelling of a British one: behaviour, modelling, generalise, tokenisation."""
    word = _OUR.sub(r"\1or", word)
    word = _DOUBLED.sub(r"\1l", word)
    found = _ISE.match(word)
    if not found or _ALWAYS_ISE.search(found["root"]):
        return word
    return f"{found['root']}{found['vowel']}z{word[found.end() :]}"
