"""The ways in which one thing is written: apart and together, inflected, as an acronym, begun, misspelt.

Asks a lexicon which of them there are, and bounds what is asked.
"""

from collections.abc import Iterator, Sequence
from functools import cache

from paperclipper.search.document import ACRONYMS, STEMS, WORDS
from paperclipper.search.query.plan import Lexicon, Phrase, Term
from paperclipper.search.text import acronyms, compounds, spelling
from paperclipper.search.text.stemming import stem
from paperclipper.search.text.tokenizer import FILLER

Way = tuple[Term | Phrase, float]

MOST_LOOKED_UP = 1500
MOST_LOOKED_AT = 60_000
_LOOKED_AT_FORMS = 200
_SPLIT_FROM, _SHORTEST_HALF = 7, 3
_MOST_SPLITS, _MOST_FORMS, _MOST_EXPANSIONS, _MOST_NEAR = 3, 8, 2, 5
_LONGEST_ACRONYM = 10
_OTHERWISE, _ACRONYM, _NEARLY = 1.0, 0.8, 0.5


class Ways:
    """What one search asks of a lexicon; it answers nothing more when it was asked too much."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._known: dict[tuple[str, str], int] = {}
        self.looked_up = self.looked_at = 0

    def frequency(self, field: str, term: str) -> int:
        """In how many papers a field has a term; 0 when too many were asked for."""
        key = (field, term)
        if key not in self._known:
            if self.looked_up >= MOST_LOOKED_UP:
                return 0
            self.looked_up += 1
            self._known[key] = self._lexicon.frequency(field, term)
        return self._known[key]

    def beginning(self, field: str, prefix: str, limit: int) -> Sequence[str]:
        """Terms that begin so; none when too many were looked at."""
        found = self._lexicon.beginning(field, prefix, min(limit, MOST_LOOKED_AT - self.looked_at))
        self.looked_at += len(found)
        return found

    def begun(self, beginning: str, most: int) -> tuple[Sequence[str], bool]:
        """The most frequent words that begin so, and whether there are more; none when too many were looked at."""
        if self.looked_at + most > MOST_LOOKED_AT:
            return (), True
        found, more = self._lexicon.begun(WORDS, beginning, most)
        self.looked_at += len(found)
        return found, more

    def forms(self, word: str) -> tuple[str, ...]:
        """The word, and the most frequent other forms of it."""
        root = stem(word)
        shared = next(
            (i for i, pair in enumerate(zip(word, root, strict=False)) if pair[0] != pair[1]), len(root)
        )
        if len(word) < 4 or shared < 3:
            return (word,)
        found = self.beginning(WORDS, word[: max(3, min(shared, len(root) - 1))], _LOOKED_AT_FORMS)
        others = [other for other in found if other != word and stem(other) == root]
        return (word, *sorted(others, key=lambda other: -self.frequency(WORDS, other))[: _MOST_FORMS - 1])

    def split(self, word: str) -> Iterator[Way]:
        """Apart, what is written together: `selfsupervised`. Words that are more frequent than their halves stay."""
        whole = self.frequency(WORDS, word)
        for frequency, (first, second) in self._halves(word)[:_MOST_SPLITS]:
            if frequency > whole:
                yield Phrase(((first,), self.forms(second))), _OTHERWISE

    def halves(self, word: str) -> tuple[str, str] | None:
        """The two most frequent words that make up one which there is not; None where there are no such two."""
        found = self._halves(word) if not self.frequency(WORDS, word) else []
        return found[0][1] if found and found[0][0] else None

    def _halves(self, word: str) -> list[tuple[int, tuple[str, str]]]:
        """(how frequent the rarer one is, the pair), most frequent first."""
        if len(word) < _SPLIT_FROM or not word.isalpha():
            return []
        pairs = [(word[:i], word[i:]) for i in range(_SHORTEST_HALF, len(word) - _SHORTEST_HALF + 1)]
        telling = [pair for pair in pairs if not FILLER.intersection(pair)]
        rarer = [(min(self.frequency(WORDS, half) for half in pair), pair) for pair in telling]
        return sorted(rarer, reverse=True)

    def together(self, first: str, second: str) -> Iterator[Way]:
        """As one word, what is written apart: `self supervised`, `GPT 4`, `1 million`."""
        for word in compounds.joined((first, second), (" ",)):
            if self.frequency(STEMS, stem(word)):
                yield Term(STEMS, stem(word)), _OTHERWISE

    def expansions(self, short: str) -> Iterator[Way]:
        """What an acronym stands for, in the field and in this library; nothing that holds the acronym itself."""
        if len(short) > _LONGEST_ACRONYM:
            return
        keys = dict.fromkeys((short, short.removesuffix("s")))
        found = [long.split(" ") for key in keys for long in reversed(self._stands_for(key))]
        telling = {tuple(map(stem, words)): words for words in found if keys.keys().isdisjoint(words)}
        for words in telling.values():
            yield Phrase((*((word,) for word in words[:-1]), self.forms(words[-1]))), _ACRONYM

    def _stands_for(self, short: str) -> list[str]:
        known = acronyms.table().get(short)
        return list(dict.fromkeys([*([known] if known else []), *self._explained(short)]))[
            : 1 + _MOST_EXPANSIONS
        ]

    def _explained(self, short: str) -> list[str]:
        pairs = self.beginning(ACRONYMS, f"{short}=", 50)
        frequent = sorted(pairs, key=lambda pair: -self.frequency(ACRONYMS, pair))
        return [pair.partition("=")[2] for pair in frequent[:_MOST_EXPANSIONS]]

    def acronym(self, long: str) -> Iterator[Way]:
        """The acronyms that stand for words in a row."""
        for key in dict.fromkeys((long, long.removesuffix("s"))):
            for short in dict.fromkeys([*_shorts().get(key, ()), *self._explained(key)]):
                yield Term(STEMS, stem(short)), _ACRONYM

    def near(self, word: str, distance: int = 0) -> list[str]:
        """The words that are spelt nearest, the most frequent first; or all up to a distance."""
        found = self._spelt_like(WORDS, word, distance or spelling.reach(word))
        return [other for apart, other in found if distance or apart == found[0][0]][:_MOST_NEAR]

    def near_stems(self, word: str, distance: int = 0) -> list[str]:
        """The stems of the words near, and those near to its own: a slip may be in the stem or in the ending."""
        root = stem(word)
        found = self._spelt_like(STEMS, root, distance or spelling.reach(root))
        nearest = [other for apart, other in found if distance or apart == found[0][0]][:_MOST_NEAR]
        of_words = [stem(other) for other in self.near(word, distance)]
        return [other for other in dict.fromkeys([*of_words, *nearest]) if other != root]

    def _spelt_like(self, field: str, term: str, distance: int) -> list[tuple[int, str]]:
        known = (
            self._lexicon.alike(field, term, distance, MOST_LOOKED_AT - self.looked_at)
            if term.isascii()
            else ()
        )
        self.looked_at += len(known)
        found = spelling.near(term, (other for other in known if other not in FILLER), distance)
        return sorted(found, key=lambda pair: (pair[0], -self.frequency(field, pair[1]), pair[1]))


@cache
def _shorts() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for short, long in acronyms.table().items():
        found.setdefault(long, []).append(short)
    return found
