"""Which words of a text a search looks for, and where they stand. Pure; must not know what becomes of the places.

Most of a text is not asked for, and analysing all of it would take longer than the search. So only those chunks of it
(what stands between two blanks) are analysed that have the first letters of a word that is asked for, its *needle*, or
may spell it otherwise: with digits, with signs between its letters, with letters beyond ASCII.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain as chained
from typing import NamedTuple

from paperclipper.search.document import PARTS, STEMS
from paperclipper.search.language.plan import Phrase, Plan, Term, leaves
from paperclipper.search.words.analysis import Chain, placed_runs, run_chains
from paperclipper.search.words.compounds import WRITTEN_SCALES
from paperclipper.search.words.inflection import SHARED, beginnings, stem
from paperclipper.search.words.mathematics import STYLES

_SIGNS = b"-'^&${}_\"+#*"  # that may stand within a word
_FOREIGN = re.compile(r"[\\\x80-\U0010ffff]")
_ODD = re.compile(rf"[0-9{re.escape(_SIGNS.decode())}\\\x80-\U0010ffff]")
_STYLE = re.compile("|".join(STYLES))


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


class _Run(NamedTuple):
    """A run of which a word is asked for."""

    start: int
    end: int
    chains: tuple[Chain, ...]


_NOTHING = _Place(0, 0, ())


@dataclass(frozen=True)
class Sought:
    """What a search looks for in one kind of text: for each stem, word and phrase, the clause that asks for it."""

    stems: dict[str, int]
    words: dict[str, int]
    phrases: tuple[tuple[Phrase, int], ...]
    _runs: dict[str, tuple[Chain, ...]] = field(default_factory=dict, compare=False)

    @cached_property
    def needles(self) -> tuple[str, ...]:
        """What begins every word that is asked for, where it is spelt with plain letters; in small letters."""
        exact = (word[:SHARED] for word in chained(self.words, self._in_phrases))
        stemmed = (each for found in self.stems for each in beginnings(found))
        kept: list[str] = []
        for needle in sorted({*exact, *stemmed}):
            if not (kept and needle.startswith(kept[-1])):
                kept.append(needle)
        return tuple(kept)

    @cached_property
    def bytes_of_needles(self) -> tuple[tuple[bytes, bytes], ...]:
        """The needles of ASCII letters, with and without signs."""
        plain = (needle.encode() for needle in self.needles if needle.isascii())
        return tuple((needle, needle.translate(None, _SIGNS)) for needle in plain)

    @cached_property
    def has_numbers(self) -> bool:
        """True where a word asked for may be written with another number or with a blank: 1M, `1 million`."""
        return any(word[:1].isdigit() for word in chained(self.stems, self.words, self._in_phrases))

    @cached_property
    def _in_phrases(self) -> frozenset[str]:
        return frozenset(word for phrase, _ in self.phrases for slot in phrase.slots for word in slot)

    def chains_of(self, run: str) -> tuple[Chain, ...]:
        """The chains of a run, if any of its words is asked for."""
        found = self._runs.get(run)
        if found is None:
            chains = run_chains(run)
            found = self._runs[run] = chains if any(map(self._is_asked, chains)) else ()
        return found

    def _is_asked(self, chain: Chain) -> bool:
        said = (*(word.text for word in chain.words), *chain.joined)
        return any(self.clause_of(word) is not None or word in self._in_phrases for word in said)

    def clause_of(self, word: str) -> int | None:
        """The clause that asks for this word; None where none does."""
        found = self.words.get(word)
        return self.stems.get(stem(word)) if found is None else found


def sought(plan: Plan) -> dict[str, Sought]:
    """What to look for in each kind of text: mostly the same in all."""
    found = [
        (number, leaf)
        for number, clause in enumerate(plan.clauses)
        for node in (clause.node, clause.near)
        if node
        for leaf in leaves(node)
    ]
    if not any(leaf.within for _, leaf in found):
        return dict.fromkeys(PARTS, _sought(found))
    allowed = {part: 1 << bit for bit, part in enumerate(PARTS)}
    return {
        part: _sought((number, leaf) for number, leaf in found if not leaf.within or leaf.within & bit)
        for part, bit in allowed.items()
    }


def _sought(leaves_of_clauses: Iterable[tuple[int, Term | Phrase]]) -> Sought:
    stems: dict[str, int] = {}
    words: dict[str, int] = {}
    phrases = []
    for number, leaf in leaves_of_clauses:
        if isinstance(leaf, Term):
            (stems if leaf.field == STEMS else words).setdefault(leaf.text, number)
        else:
            phrases.append((leaf, number))
    return Sought(stems, words, tuple(phrases))


def matches(text: str, wanted: Sought) -> list[Match]:
    """The places in a text that a search found, in order."""
    if not wanted.needles:
        return []
    asked = [
        _Run(offset, offset + len(run), chains)
        for start, end in _chunks(text, wanted)
        for offset, run in placed_runs(text, start, end)
        if (chains := wanted.chains_of(run))
    ]
    found = [match for run in asked for chain in run.chains for match in _of_chain(chain, run.start, wanted)]
    if asked and wanted.phrases:
        found += _phrases(list(_places(text, asked)), wanted.phrases)
    return sorted(found)


def _chunks(text: str, wanted: Sought) -> list[tuple[int, int]]:
    """Where the chunks stand in which a word may be that is asked for, in order."""
    low = text.lower()
    if len(low) != len(text):  # a letter that is two in small
        return [(0, len(text))]
    found = {chunk for needle in wanted.needles for chunk in _with_needle(low, needle)}
    found.update(_with_sign(low, _ODD if _hides(low, wanted) else _FOREIGN))
    return list(_apart(sorted(found)))


def _with_needle(low: str, needle: str) -> Iterator[tuple[int, int]]:
    at = low.find(needle)
    while at >= 0:
        chunk = _chunk(low, at)
        yield chunk
        at = low.find(needle, chunk[1])


def _with_sign(low: str, sign: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    end = 0
    while found := sign.search(low, end):
        start, end = _chunk(low, found.start())
        yield start, end


def _chunk(low: str, at: int) -> tuple[int, int]:
    """The chunk at a place; a number and the scale behind it (`1 million`) are in one."""
    start, end = low.rfind(" ", 0, at) + 1, low.find(" ", at)
    if start and low.startswith(WRITTEN_SCALES, start):
        start = low.rfind(" ", 0, start - 1) + 1
    if end >= 0 and low[end - 1].isdigit() and low.startswith(WRITTEN_SCALES, end + 1):
        end = low.find(" ", end + 1)
    return start, end if end >= 0 else len(low)


def _hides(low: str, wanted: Sought) -> bool:
    """True where signs may stand within the needle of a word that is asked for: `tr-ans`, `Fr'echet`, `1M`."""
    if wanted.has_numbers or ("{" in low and _STYLE.search(low)):
        return True
    plain = low.encode("ascii", "ignore")
    bare = plain.translate(None, _SIGNS)
    if len(bare) == len(plain):
        return False
    return any(bare.count(without) > plain.count(needle) for needle, without in wanted.bytes_of_needles)


def _apart(chunks: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The chunks without those that lie within another."""
    reached = -1
    for start, end in chunks:
        if end > reached:
            yield max(start, reached), end
            reached = end


def _of_chain(chain: Chain, offset: int, wanted: Sought) -> Iterator[Match]:
    whole = next((clause for word in chain.joined if (clause := wanted.clause_of(word)) is not None), None)
    if whole is not None:
        yield Match(offset + chain.words[0].start, offset + chain.words[-1].end, whole)
        return
    for word in chain.words:
        clause = wanted.clause_of(word.text)
        if clause is not None:
            yield Match(offset + word.start, offset + word.end, clause)


def _places(text: str, asked: Sequence[_Run]) -> Iterator[_Place]:
    """The places of all words in the runs that are asked for, with a gap where other words stand between them."""
    reached = asked[0].start
    for run in asked:
        if any(run_chains(between) for _, between in placed_runs(text, reached, run.start)):
            yield _NOTHING
        reached = run.end
        for chain in run.chains:
            for word in chain.words:
                yield _Place(run.start + word.start, run.start + word.end, (word.text, *chain.joined))


def _phrases(places: Sequence[_Place], phrases: Sequence[tuple[Phrase, int]]) -> Iterator[Match]:
    for phrase, clause in phrases:
        slots = [frozenset(slot) for slot in phrase.slots]
        for i in range(len(places) - len(slots) + 1):
            row = places[i : i + len(slots)]
            if all(not slot.isdisjoint(place.words) for slot, place in zip(slots, row, strict=True)):
                yield Match(row[0].start, row[-1].end, clause)
