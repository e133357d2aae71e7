"""Finds the matches of a plan in texts. Pure: returns positions and does not depend on how they are used."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain as chained
from typing import NamedTuple

from paperclipper.search.document import STEMS, ZONES, Text
from paperclipper.search.highlighting.chunks import Needles, Span, candidate_chunks
from paperclipper.search.query.plan import PhraseNode, Plan, TermNode, leaves
from paperclipper.search.text.stemming import SHARED_LETTERS, stem, stem_prefixes
from paperclipper.search.text.tokenizer import Chain, chains, run_chains, runs_between


class Match(NamedTuple):
    """A span of a text, and the index of the clause it matches."""

    start: int
    end: int
    clause: int


class _Token(NamedTuple):
    """A word of a text. `forms` are the word itself and the compounds that begin or end at it."""

    start: int
    end: int
    forms: tuple[str, ...]


@dataclass(frozen=True)
class Matcher:
    """Matches stems, words and phrases in one kind of text, each with the index of its clause.

    Results are cached by run, because many runs occur in several texts on a page.
    """

    stems: dict[str, int]
    words: dict[str, int]
    phrases: tuple[tuple[PhraseNode, int], ...]
    _matches_by_run: dict[str, list[Match]] = field(default_factory=dict, compare=False)
    _tokens_by_run: dict[str, list[_Token]] = field(default_factory=dict, compare=False)

    @cached_property
    def needles(self) -> Needles:
        """The first letters of every word that can match."""
        exact = (word[:SHARED_LETTERS] for word in chained(self.words, self._phrase_words))
        stemmed = (prefix for each in self.stems for prefix in stem_prefixes(each))
        # These may be written with a different number or with a space: 1M, `1 million`.
        words = chained(self.stems, self.words, self._phrase_words)
        return Needles({*exact, *stemmed}, numbers=any(word[:1].isdigit() for word in words))

    @cached_property
    def phrase_slots(self) -> tuple[tuple[list[frozenset[str]], int], ...]:
        """The phrases as lists of word sets, each with the index of its clause."""
        return tuple(([frozenset(slot) for slot in phrase.slots], clause) for phrase, clause in self.phrases)

    @cached_property
    def _phrase_words(self) -> frozenset[str]:
        return frozenset(word for phrase, _ in self.phrases for slot in phrase.slots for word in slot)

    def find_in_run(self, run: str) -> list[Match]:
        """Return the matches of single words in a run, with spans relative to the run."""
        found = self._matches_by_run.get(run)
        if found is None:
            found = self._matches_by_run[run] = []
            for chain in run_chains(run):
                found += self._find_in_chain(chain)
        return found

    def _find_in_chain(self, chain: Chain) -> list[Match]:
        for word in chain.compounds:
            clause = self._clause_for(word)
            if clause is not None:
                return [Match(chain.words[0].start, chain.words[-1].end, clause)]
        found = []
        for text, start, end in chain.words:
            clause = self._clause_for(text)
            if clause is not None:
                found.append(Match(start, end, clause))
        return found

    def phrase_tokens(self, run: str) -> list[_Token]:
        """Return all tokens of a run, or an empty list if none occurs in a phrase."""
        found = self._tokens_by_run.get(run)
        if found is None:
            words = ((chain, word) for chain in run_chains(run) for word in chain.words)
            tokens = [_Token(word.start, word.end, (word.text, *chain.compounds)) for chain, word in words]
            is_relevant = any(not self._phrase_words.isdisjoint(token.forms) for token in tokens)
            found = self._tokens_by_run[run] = tokens if is_relevant else []
        return found

    def _clause_for(self, word: str) -> int | None:
        found = self.words.get(word)
        if found is None and word.startswith(self.needles.prefixes):  # few words do, and stemming is slow
            return self.stems.get(stem(word))
        return found


def matchers_by_zone(plan: Plan | None) -> dict[str, Matcher]:
    """Return the matcher for each kind of text; no matchers without a plan.

    Kinds of text with the same terms and phrases share one matcher.
    """
    found = [
        (number, leaf)
        for number, clause in enumerate(plan.clauses if plan else ())
        for node in (clause.node, clause.similar)
        if node
        for leaf in leaves(node)
    ]
    if not any(leaf.zone_mask for _, leaf in found):
        return dict.fromkeys(ZONES, _matcher(found))
    return {
        zone: _matcher(
            (number, leaf) for number, leaf in found if not leaf.zone_mask or leaf.zone_mask & 1 << bit
        )
        for bit, zone in enumerate(ZONES)
    }


def _matcher(leaves_of_clauses: Iterable[tuple[int, TermNode | PhraseNode]]) -> Matcher:
    stems: dict[str, int] = {}
    words: dict[str, int] = {}
    phrases = []
    for number, leaf in leaves_of_clauses:
        if isinstance(leaf, PhraseNode):
            phrases.append((leaf, number))
        else:
            (stems if leaf.field == STEMS else words).setdefault(leaf.text, number)
    return Matcher(stems, words, tuple(phrases))


def find_matches(texts: Sequence[Text], matchers: Mapping[str, Matcher]) -> list[list[Match]]:
    """Return the matches in each text, in order. `matchers` are by kind of text."""
    found: list[list[Match]] = [[] for _ in texts]
    for matcher in {id(each): each for each in matchers.values()}.values():
        numbers = [number for number, text in enumerate(texts) if matchers[text.field] is matcher]
        matches = find_all([texts[number].text for number in numbers], matcher)
        for number, matches_in_text in zip(numbers, matches, strict=True):
            found[number] = matches_in_text
    return found


def find_all(texts: Sequence[str], matcher: Matcher) -> list[list[Match]]:
    """Return the matches of one matcher in each text, in order."""
    return [
        _find_in_chunks(text, chunks, matcher) if chunks else []
        for text, chunks in zip(texts, candidate_chunks(texts, matcher.needles), strict=True)
    ]


def _find_in_chunks(text: str, chunks: Sequence[Span], matcher: Matcher) -> list[Match]:
    runs = [run for chunk in chunks for run in runs_between(text, *chunk)]
    found = [
        Match(offset + start, offset + end, clause)
        for offset, run in runs
        for start, end, clause in matcher.find_in_run(run)
    ]
    if matcher.phrases:
        found += _find_phrases(text, runs, matcher)
    return sorted(found)


def _find_phrases(text: str, runs: Iterable[tuple[int, str]], matcher: Matcher) -> Iterator[Match]:
    """Find the phrases in each sequence of adjacent runs that contain phrase words."""
    row: list[tuple[int, _Token]] = []
    reached = 0
    for offset, run in runs:
        tokens = matcher.phrase_tokens(run)
        if tokens:
            if row and offset > reached + 1 and next(chains(text[reached:offset]), None):
                yield from _find_phrases_in_row(row, matcher)
                row = []
            row += [(offset, token) for token in tokens]
            reached = offset + len(run)
    yield from _find_phrases_in_row(row, matcher)


def _find_phrases_in_row(row: Sequence[tuple[int, _Token]], matcher: Matcher) -> Iterator[Match]:
    for slots, clause in matcher.phrase_slots:
        for i in range(len(row) - len(slots) + 1):
            if all(not slot.isdisjoint(row[at][1].forms) for at, slot in enumerate(slots, i)):
                (first_offset, first), (last_offset, last) = row[i], row[i + len(slots) - 1]
                yield Match(first_offset + first.start, last_offset + last.end, clause)
