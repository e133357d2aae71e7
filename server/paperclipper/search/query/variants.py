"""Finds variants of a word: joined, split, inflected, abbreviated, completed and similarly spelt.

Looks them up in a lexicon, with a limit on the number of lookups.
"""

from collections.abc import Iterator, Sequence
from functools import cache

from paperclipper.search.document import ACRONYMS, STEMS, WORDS
from paperclipper.search.query.plan import Lexicon, PhraseNode, TermNode
from paperclipper.search.text import acronyms, compounds, spelling
from paperclipper.search.text.stemming import stem
from paperclipper.search.text.tokenizer import STOP_WORDS

Variant = tuple[TermNode | PhraseNode, float]

MAX_LOOKUPS = 1500
MAX_TERMS_READ = 60_000
_MAX_INFLECTION_CANDIDATES = 200
_MIN_SPLIT_LENGTH, _MIN_HALF_LENGTH = 7, 3
_MAX_SPLITS, _MAX_INFLECTIONS, _MAX_EXPANSIONS, _MAX_SIMILAR = 3, 8, 2, 5
_MAX_ACRONYM_LENGTH = 10
_SPELLING_FACTOR, _ACRONYM_FACTOR = 1.0, 0.8


class VariantFinder:
    """Looks up variants in a lexicon for one search. Once a limit is reached, lookups return nothing."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._frequencies: dict[tuple[str, str], int] = {}
        self.lookups = self.terms_read = 0

    def frequency(self, field: str, term: str) -> int:
        """Return the number of papers that contain a term in a field; 0 once the limit is reached."""
        key = (field, term)
        if key not in self._frequencies:
            if self.lookups >= MAX_LOOKUPS:
                return 0
            self.lookups += 1
            self._frequencies[key] = self._lexicon.frequency(field, term)
        return self._frequencies[key]

    def terms_with_prefix(self, field: str, prefix: str, limit: int) -> Sequence[str]:
        """Return terms that start with a prefix; none once the limit is reached."""
        found = self._lexicon.terms_with_prefix(field, prefix, min(limit, MAX_TERMS_READ - self.terms_read))
        self.terms_read += len(found)
        return found

    def words_with_prefix(self, prefix: str, limit: int) -> tuple[Sequence[str], bool]:
        """Return the most frequent words that start with a prefix, and whether there are more.

        Return no words once the limit is reached.
        """
        if self.terms_read + limit > MAX_TERMS_READ:
            return (), True
        found, more = self._lexicon.most_frequent_terms(WORDS, prefix, limit)
        self.terms_read += len(found)
        return found, more

    def inflections(self, word: str) -> tuple[str, ...]:
        """Return the word and its most frequent inflections."""
        root = stem(word)
        shared = next(
            (i for i, pair in enumerate(zip(word, root, strict=False)) if pair[0] != pair[1]), len(root)
        )
        if len(word) < 4 or shared < 3:
            return (word,)
        found = self.terms_with_prefix(
            WORDS, word[: max(3, min(shared, len(root) - 1))], _MAX_INFLECTION_CANDIDATES
        )
        others = [other for other in found if other != word and stem(other) == root]
        return (
            word,
            *sorted(others, key=lambda other: -self.frequency(WORDS, other))[: _MAX_INFLECTIONS - 1],
        )

    def split(self, word: str) -> Iterator[Variant]:
        """Yield the word split in two: `selfsupervised` as `self supervised`.

        Words more frequent than their halves are not split.
        """
        whole = self.frequency(WORDS, word)
        for frequency, (first, second) in self._halves(word)[:_MAX_SPLITS]:
            if frequency > whole:
                yield PhraseNode(((first,), self.inflections(second))), _SPELLING_FACTOR

    def halves(self, word: str) -> tuple[str, str] | None:
        """Return the two most frequent words that an unknown word can be split into, or None."""
        found = self._halves(word) if not self.frequency(WORDS, word) else []
        return found[0][1] if found and found[0][0] else None

    def _halves(self, word: str) -> list[tuple[int, tuple[str, str]]]:
        """Return all splits as (frequency of the rarer half, halves), most frequent first."""
        if len(word) < _MIN_SPLIT_LENGTH or not word.isalpha():
            return []
        pairs = [(word[:i], word[i:]) for i in range(_MIN_HALF_LENGTH, len(word) - _MIN_HALF_LENGTH + 1)]
        significant = [pair for pair in pairs if not STOP_WORDS.intersection(pair)]
        rarer = [(min(self.frequency(WORDS, half) for half in pair), pair) for pair in significant]
        return sorted(rarer, reverse=True)

    def joined(self, first: str, second: str) -> Iterator[Variant]:
        """Yield two words joined into one: `self supervised`, `GPT 4`, `1 million`."""
        for word in compounds.compound_forms((first, second), (" ",)):
            if self.frequency(STEMS, stem(word)):
                yield TermNode(STEMS, stem(word)), _SPELLING_FACTOR

    def acronym_expansions(self, acronym: str) -> Iterator[Variant]:
        """Yield the expansions of an acronym, both common ones and those defined in the library's papers.

        Expansions that contain the acronym itself are skipped.
        """
        if len(acronym) > _MAX_ACRONYM_LENGTH:
            return
        keys = dict.fromkeys((acronym, acronym.removesuffix("s")))
        found = [expansion.split(" ") for key in keys for expansion in reversed(self._expansions(key))]
        significant = {tuple(map(stem, words)): words for words in found if keys.keys().isdisjoint(words)}
        for words in significant.values():
            yield (
                PhraseNode((*((word,) for word in words[:-1]), self.inflections(words[-1]))),
                _ACRONYM_FACTOR,
            )

    def _expansions(self, acronym: str) -> list[str]:
        known = acronyms.known_acronyms().get(acronym)
        return list(dict.fromkeys([*([known] if known else []), *self._explained_in_library(acronym)]))[
            : 1 + _MAX_EXPANSIONS
        ]

    def _explained_in_library(self, key: str) -> list[str]:
        pairs = self.terms_with_prefix(ACRONYMS, f"{key}=", 50)
        frequent = sorted(pairs, key=lambda pair: -self.frequency(ACRONYMS, pair))
        return [pair.partition("=")[2] for pair in frequent[:_MAX_EXPANSIONS]]

    def acronyms_for(self, expansion: str) -> Iterator[Variant]:
        """Yield the acronyms of an expansion."""
        for key in dict.fromkeys((expansion, expansion.removesuffix("s"))):
            for acronym in dict.fromkeys(
                [*_acronyms_by_expansion().get(key, ()), *self._explained_in_library(key)]
            ):
                yield TermNode(STEMS, stem(acronym)), _ACRONYM_FACTOR

    def similar_words(self, word: str, distance: int = 0) -> list[str]:
        """Return the words at the smallest edit distance, most frequent first.

        With a `distance`, return all words within that distance.
        """
        found = self._similar_terms(WORDS, word, distance or spelling.max_edits(word))
        return [other for apart, other in found if distance or apart == found[0][0]][:_MAX_SIMILAR]

    def similar_stems(self, word: str, distance: int = 0) -> list[str]:
        """Return the stems of similar words, and the stems similar to the word's own stem.

        The misspelling may be in the stem or in the ending.
        """
        root = stem(word)
        found = self._similar_terms(STEMS, root, distance or spelling.max_edits(root))
        nearest = [other for apart, other in found if distance or apart == found[0][0]][:_MAX_SIMILAR]
        of_words = [stem(other) for other in self.similar_words(word, distance)]
        return [other for other in dict.fromkeys([*of_words, *nearest]) if other != root]

    def _similar_terms(self, field: str, term: str, distance: int) -> list[tuple[int, str]]:
        known = (
            self._lexicon.similar_terms(field, term, distance, MAX_TERMS_READ - self.terms_read)
            if term.isascii()
            else ()
        )
        self.terms_read += len(known)
        found = spelling.similar_words(term, (other for other in known if other not in STOP_WORDS), distance)
        return sorted(found, key=lambda pair: (pair[0], -self.frequency(field, pair[1]), pair[1]))


@cache
def _acronyms_by_expansion() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for acronym, expansion in acronyms.known_acronyms().items():
        found.setdefault(expansion, []).append(acronym)
    return found
