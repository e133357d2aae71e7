"""Which words of a text a search looks for, and where they stand. Pure; must not know what becomes of the places.

Most of a text is not asked for, and analysing all of it would take longer than the search. So only those chunks of it
(what stands between two blanks) are analysed that have the first letters of a word that is asked for, its *needle*, or
may spell it otherwise: with digits, with signs between its letters, with letters beyond ASCII.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from itertools import chain as chained
from typing import NamedTuple

from paperclipper.search.document import STEMS, ZONES, Text
from paperclipper.search.query.plan import PhraseNode, Plan, TermNode, leaves
from paperclipper.search.text.compounds import WRITTEN_SCALES
from paperclipper.search.text.latex import STYLE_COMMANDS
from paperclipper.search.text.stemming import SHARED_LETTERS, stem, stem_prefixes
from paperclipper.search.text.tokenizer import Chain, chains, run_chains, runs_between

_Span = tuple[int, int]
_BETWEEN = " \0 "  # texts: no word reaches over it
_FOREIGN = b"?"  # what stands for a letter beyond ASCII, whatever it is
_SIGNS = b"-'^&${}_\"+#*"  # that may stand within a word
_ONE_SIGN = bytes.maketrans(_SIGNS, _SIGNS[:1] * len(_SIGNS))
_BRACES = b"{", b"$"  # around what follows a style: tr\mathbf{an}s, printed without its backslash
_DIGITS = tuple(str(digit).encode() for digit in range(10))
_SCALES = tuple(scale.encode() for scale in WRITTEN_SCALES)
_STYLE = re.compile("|".join(STYLE_COMMANDS).encode())


class Match(NamedTuple):
    """A place in a text, and the clause of the plan that it answers."""

    start: int
    end: int
    clause: int


class _Place(NamedTuple):
    """A word's place: what stands there, compounds that begin or end there too."""

    start: int
    end: int
    words: tuple[str, ...]


@dataclass(frozen=True)
class Sought:
    """What a search looks for in one kind of text: for each stem, word and phrase, the clause that asks for it.

    A run is analysed once: many stand in several texts of a page of papers.
    """

    stems: dict[str, int]
    words: dict[str, int]
    phrases: tuple[tuple[PhraseNode, int], ...]
    _found: dict[str, list[Match]] = field(default_factory=dict, compare=False)
    _places: dict[str, list[_Place]] = field(default_factory=dict, compare=False)

    @cached_property
    def starts(self) -> tuple[str, ...]:
        """What begins every word that is asked for."""
        exact = (word[:SHARED_LETTERS] for word in chained(self.words, self._in_phrases))
        stemmed = (each for found in self.stems for each in stem_prefixes(found))
        kept: list[str] = []
        for needle in sorted({*exact, *stemmed}):
            if not (kept and needle.startswith(kept[-1])):
                kept.append(needle)
        return tuple(kept)

    @cached_property
    def needles(self) -> tuple[bytes, ...]:
        """The same as it is looked for."""
        return tuple(map(_plain, self.starts))

    @cached_property
    def needles_without_signs(self) -> tuple[tuple[bytes, bytes], ...]:
        """Each needle, and what it is without the signs in it."""
        return tuple((needle, needle.translate(None, _SIGNS)) for needle in self.needles)

    @cached_property
    def has_numbers(self) -> bool:
        """True where a word asked for may be written with another number or with a blank: 1M, `1 million`."""
        return any(word[:1].isdigit() for word in chained(self.stems, self.words, self._in_phrases))

    @cached_property
    def slots(self) -> tuple[tuple[list[frozenset[str]], int], ...]:
        """The phrases, to be compared with what is written, each with its clause."""
        return tuple(([frozenset(slot) for slot in phrase.slots], clause) for phrase, clause in self.phrases)

    @cached_property
    def _in_phrases(self) -> frozenset[str]:
        return frozenset(word for phrase, _ in self.phrases for slot in phrase.slots for word in slot)

    def in_run(self, run: str) -> list[Match]:
        """What single words find in a run, as if a text began with it."""
        found = self._found.get(run)
        if found is None:
            found = self._found[run] = []
            for chain in run_chains(run):
                found += self._in_chain(chain)
        return found

    def _in_chain(self, chain: Chain) -> list[Match]:
        for word in chain.compounds:
            clause = self.clause_of(word)
            if clause is not None:
                return [Match(chain.words[0].start, chain.words[-1].end, clause)]
        found = []
        for text, start, end in chain.words:
            clause = self.clause_of(text)
            if clause is not None:
                found.append(Match(start, end, clause))
        return found

    def places_in_run(self, run: str) -> list[_Place]:
        """All words of a run if one of them is in a phrase, as if a text began with it."""
        found = self._places.get(run)
        if found is None:
            there = ((chain, word) for chain in run_chains(run) for word in chain.words)
            places = [_Place(word.start, word.end, (word.text, *chain.compounds)) for chain, word in there]
            asked = any(not self._in_phrases.isdisjoint(place.words) for place in places)
            found = self._places[run] = places if asked else []
        return found

    def clause_of(self, word: str) -> int | None:
        """The clause that asks for this word; None where none does."""
        found = self.words.get(word)
        if found is None and word.startswith(self.starts):  # most words do not, and stemming takes long
            return self.stems.get(stem(word))
        return found


def sought(plan: Plan | None) -> dict[str, Sought]:
    """What to look for in each kind of text: mostly the same in all; nothing without a plan."""
    found = [
        (number, leaf)
        for number, clause in enumerate(plan.clauses if plan else ())
        for node in (clause.node, clause.similar)
        if node
        for leaf in leaves(node)
    ]
    if not any(leaf.zone_mask for _, leaf in found):
        return dict.fromkeys(ZONES, _sought(found))
    allowed = {part: 1 << bit for bit, part in enumerate(ZONES)}
    return {
        part: _sought((number, leaf) for number, leaf in found if not leaf.zone_mask or leaf.zone_mask & bit)
        for part, bit in allowed.items()
    }


def _sought(leaves_of_clauses: Iterable[tuple[int, TermNode | PhraseNode]]) -> Sought:
    stems: dict[str, int] = {}
    words: dict[str, int] = {}
    phrases = []
    for number, leaf in leaves_of_clauses:
        if isinstance(leaf, TermNode):
            (stems if leaf.field == STEMS else words).setdefault(leaf.text, number)
        else:
            phrases.append((leaf, number))
    return Sought(stems, words, tuple(phrases))


def matches(texts: Sequence[Text], wanted: Mapping[str, Sought]) -> list[list[Match]]:
    """The places in each text that a search found, in order. `wanted` says what to look for in each kind of text."""
    found: list[list[Match]] = [[] for _ in texts]
    for each in {id(each): each for each in wanted.values()}.values():
        numbers = [number for number, text in enumerate(texts) if wanted[text.field] is each]
        looked = matches_in_all([texts[number].text for number in numbers], each)
        for number, places in zip(numbers, looked, strict=True):
            found[number] = places
    return found


def matches_in_all(texts: Sequence[str], wanted: Sought) -> list[list[Match]]:
    """The places in each of some texts, which are looked through as one: that is sooner done than many short ones."""
    return [
        _matches(text, chunks, wanted) if chunks else []
        for text, chunks in zip(texts, _chunks(texts, wanted), strict=True)
    ]


def _matches(text: str, chunks: Sequence[_Span], wanted: Sought) -> list[Match]:
    runs = [placed for chunk in chunks for placed in runs_between(text, *chunk)]
    found = [
        Match(offset + start, offset + end, clause)
        for offset, run in runs
        for start, end, clause in wanted.in_run(run)
    ]
    if wanted.phrases:
        found += _in_phrases(text, runs, wanted)
    return sorted(found)


def _chunks(texts: Sequence[str], wanted: Sought) -> list[list[_Span]]:
    """Where the chunks stand in each text in which a word may be that is asked for, in order."""
    found: list[list[_Span]] = [[] for _ in texts]
    if not (wanted.needles and texts):
        return found
    number, begin, stop = 0, 0, len(texts[0])
    for start, end in _apart(sorted(_likely(_plain(_BETWEEN.join(texts)), wanted))):
        while start >= stop:
            number += 1
            begin = stop + len(_BETWEEN)
            stop = begin + len(texts[number])
        found[number].append((max(0, start - begin), end - begin))
    return found


def _plain(text: str) -> bytes:
    """In small letters, with `_FOREIGN` for every letter beyond ASCII: each stands where it stands in the text."""
    return text.encode("ascii", "replace").lower()


def _likely(plain: bytes, wanted: Sought) -> list[_Span]:
    """The chunks of a text in which a word may be that is asked for."""
    found = [chunk for needle in (*wanted.needles, _FOREIGN, b"\\") for chunk in _chunks_with(plain, needle)]
    found += _with_hidden(plain, wanted)
    if wanted.has_numbers:
        found += (chunk for digit in _DIGITS for chunk in _chunks_with(plain, digit))
    braced = (chunk for brace in _BRACES for chunk in _chunks_with(plain, brace))
    found += (chunk for chunk in braced if _STYLE.search(plain, *chunk))
    return found


def _chunks_with(plain: bytes, needle: bytes) -> Iterator[_Span]:
    at = plain.find(needle)
    while at >= 0:
        chunk = _chunk(plain, at)
        yield chunk
        at = plain.find(needle, chunk[1])


def _chunk(plain: bytes, at: int) -> _Span:
    """The chunk at a place; a number and the scale behind it (`1 million`) are in one."""
    start, end = plain.rfind(b" ", 0, at) + 1, plain.find(b" ", at)
    if start and plain.startswith(_SCALES, start):
        start = plain.rfind(b" ", 0, start - 1) + 1
    if end >= 0 and plain.endswith((*_DIGITS, _FOREIGN), 0, end) and plain.startswith(_SCALES, end + 1):
        end = plain.find(b" ", end + 1)
    return start, end if end >= 0 else len(plain)


def _with_hidden(plain: bytes, wanted: Sought) -> Iterator[_Span]:
    """The chunks in which signs stand within the needle of a word that is asked for: `tr-ans`."""
    pieces = plain.translate(_ONE_SIGN).split(_SIGNS[:1])
    bare, ends = b"".join(pieces), list(accumulate(map(len, pieces)))
    for needle, without in wanted.needles_without_signs:
        if bare.count(without) > plain.count(needle):
            yield from (_chunk(plain, at) for at in _through_signs(bare, ends, without))


def _through_signs(bare: bytes, ends: Sequence[int], needle: bytes) -> Iterator[int]:
    """Where a text has the needle with signs in it, from the text without signs and where each sign stood in that."""
    at = bare.find(needle)
    while at >= 0:
        signs = bisect_right(ends, at)
        if ends[signs] < at + len(needle):
            yield at + signs
        at = bare.find(needle, at + 1)


def _apart(chunks: Iterable[_Span]) -> Iterator[_Span]:
    """The chunks without those that lie within another."""
    reached = -1
    for start, end in chunks:
        if end > reached:
            yield max(start, reached), end
            reached = end


def _in_phrases(text: str, runs: Iterable[tuple[int, str]], wanted: Sought) -> Iterator[Match]:
    """The phrases in those runs between which no other words stand."""
    row: list[tuple[int, _Place]] = []
    reached = 0
    for offset, run in runs:
        there = wanted.places_in_run(run)
        if there:
            if row and offset > reached + 1 and next(chains(text[reached:offset]), None):
                yield from _phrases_in_row(row, wanted)
                row = []
            row += [(offset, place) for place in there]
            reached = offset + len(run)
    yield from _phrases_in_row(row, wanted)


def _phrases_in_row(row: Sequence[tuple[int, _Place]], wanted: Sought) -> Iterator[Match]:
    for slots, clause in wanted.slots:
        for i in range(len(row) - len(slots) + 1):
            if all(not slot.isdisjoint(row[at][1].words) for at, slot in enumerate(slots, i)):
                (first, begin), (last, close) = row[i], row[i + len(slots) - 1]
                yield Match(first + begin.start, last + close.end, clause)
