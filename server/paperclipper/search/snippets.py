"""Which words of a text a search found, and the best piece of it to show. Pure; gives fragments, never markup.

A formula ($…$, $$…$$, \\(…\\), \\[…\\]) is never cut: it is marked as a whole, and shown whole or not at all.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import itemgetter
from typing import NamedTuple

from paperclipper.search.document import PARTS, STEMS
from paperclipper.search.language.plan import Phrase, Plan, Term, leaves
from paperclipper.search.words.analysis import Chain, placed_runs, run_chains
from paperclipper.search.words.inflection import stem

Fragments = list[tuple[str, bool]]
"""Pieces of a text in order, each with whether the search found it."""

WIDTH = 240
# As formats/formulas.py reads them: "$5 and $10" is money, `\$` a dollar, and none is long or spans a paragraph.
_FORMULA = re.compile(
    r"(?P<formula>\$\$(?!\s*\$\$)(?:(?!\n\n).){1,1000}?\$\$"
    r"|\\\[(?!\s*\\\])(?:(?!\n\n).){1,1000}?\\\]"
    r"|\\\((?!\s*\\\))(?:(?!\n\n).){1,1000}?\\\)"
    r"|\$(?![\s$])(?:(?!\n\n)[^$]|(?<=\\)\$){1,1000}+(?<!\s)\$(?!\d))"
    r"|\\.|\$\$",
    re.DOTALL,
)
_LEAD = 60


@dataclass(frozen=True)
class Sought:
    """What a search looks for in one kind of text: for each stem, word and phrase, the clause that asks for it."""

    stems: dict[str, int]
    words: dict[str, int]
    phrases: tuple[tuple[Phrase, int], ...]
    _runs: dict[str, tuple[Chain, ...]] = field(default_factory=dict, compare=False)

    @property
    def is_empty(self) -> bool:
        """True where there is nothing to look for."""
        return not (self.stems or self.words or self.phrases)

    def chains_of(self, run: str) -> tuple[Chain, ...]:
        """The chains of a run, if any of its words is asked for: most of a text is not, and is passed over."""
        found = self._runs.get(run)
        if found is None:
            chains = run_chains(run)
            said = {word for chain in chains for word in (*(each.text for each in chain.words), *chain.joined)}
            is_asked = any(self.clause_of(word) is not None for word in said) or not said.isdisjoint(self._in_phrases)
            found = self._runs[run] = chains if is_asked else ()
        return found

    @cached_property
    def _in_phrases(self) -> frozenset[str]:
        return frozenset(word for phrase, _ in self.phrases for slot in phrase.slots for word in slot)

    def clause_of(self, word: str) -> int | None:
        """The clause that asks for this word; None where none does."""
        found = self.words.get(word)
        return self.stems.get(stem(word)) if found is None else found


class Match(NamedTuple):
    """A place in a text, and the clause that it answers."""

    start: int
    end: int
    clause: int


class _Place(NamedTuple):
    """A word's place: what stands there, compounds that begin or end there too."""

    start: int
    end: int
    words: tuple[str, ...]


_NOTHING = _Place(0, 0, ())


def sought(plan: Plan, part: str) -> Sought:
    """What to mark in one kind of text."""
    stems: dict[str, int] = {}
    words: dict[str, int] = {}
    phrases = []
    for number, clause in enumerate(plan.clauses):
        for leaf in (leaf for node in (clause.node, clause.near) if node for leaf in leaves(node)):
            if leaf.within and not leaf.within & 1 << PARTS.index(part):
                continue
            if isinstance(leaf, Term):
                (stems if leaf.field == STEMS else words).setdefault(leaf.text, number)
            else:
                phrases.append((leaf, number))
    return Sought(stems, words, tuple(phrases))


def matches(text: str, wanted: Sought) -> list[Match]:
    """The places in a text that a search found, in order; those in a formula stand for the whole formula."""
    if wanted.is_empty:
        return []
    asked = [
        (number, offset, chains)
        for number, (offset, run) in enumerate(placed_runs(text))
        if (chains := wanted.chains_of(run))
    ]
    found = [match for _, offset, chains in asked for chain in chains for match in _of_chain(chain, offset, wanted)]
    if wanted.phrases:
        found += _phrases(list(_places(asked)), wanted.phrases)
    formulas = _formulas(text) if found else []
    return sorted(_widened(match, formulas) for match in found)


def _of_chain(chain: Chain, offset: int, wanted: Sought) -> Iterator[Match]:
    whole = next((clause for word in chain.joined if (clause := wanted.clause_of(word)) is not None), None)
    if whole is not None:
        yield Match(offset + chain.words[0].start, offset + chain.words[-1].end, whole)
        return
    for word in chain.words:
        clause = wanted.clause_of(word.text)
        if clause is not None:
            yield Match(offset + word.start, offset + word.end, clause)


def _places(asked: Sequence[tuple[int, int, tuple[Chain, ...]]]) -> Iterator[_Place]:
    """The places of all words in the runs that are asked for, with a gap where others stand between them."""
    before = -1
    for number, offset, chains in asked:
        if number != before + 1:
            yield _NOTHING
        before = number
        for chain in chains:
            for word in chain.words:
                yield _Place(offset + word.start, offset + word.end, (word.text, *chain.joined))


def _formulas(text: str) -> list[tuple[int, int]]:
    return [found.span() for found in _FORMULA.finditer(text) if found["formula"]]


def _phrases(places: Sequence[_Place], phrases: Sequence[tuple[Phrase, int]]) -> Iterator[Match]:
    for phrase, clause in phrases:
        slots = [frozenset(slot) for slot in phrase.slots]
        for i in range(len(places) - len(slots) + 1):
            row = places[i : i + len(slots)]
            if all(not slot.isdisjoint(place.words) for slot, place in zip(slots, row, strict=True)):
                yield Match(row[0].start, row[-1].end, clause)


def _widened(match: Match, formulas: Sequence[tuple[int, int]]) -> Match:
    first = bisect_right(formulas, match.start, key=itemgetter(1))
    touched = formulas[first : bisect_left(formulas, match.end, key=itemgetter(0))]
    if not touched:
        return match
    return Match(min(match.start, touched[0][0]), max(match.end, touched[-1][1]), match.clause)


def marks(text: str, found: Sequence[Match]) -> Fragments:
    """The whole text, with what the search found in it."""
    return _fragments(text, 0, len(text), found)


def snippet(text: str, found: Sequence[Match], width: int = WIDTH) -> Fragments:
    """The piece of about `width` characters that answers most clauses of the search, whole words only."""
    formulas = _formulas(text)
    best = _best(found, width) if found else Match(0, 0, 0)
    start = best.start - _LEAD
    start = _begun(text, _outside(text, _after(start, formulas), formulas)) if start > 0 else 0
    end = max(best.end, _outside(text, start + width, formulas)) if start + width < len(text) else len(text)
    if end <= start:  # a formula longer than the piece
        end = _after(start + width, formulas)
    return _fragments(text, start, end, found)


def _best(found: Sequence[Match], width: int) -> Match:
    """The first of those that stand together for the most clauses."""
    reach = width - _LEAD

    def worth(first: int) -> tuple[int, int]:
        clauses, last = {found[first].clause}, found[first].start + reach
        for i in range(first + 1, len(found)):
            if found[i].start >= last:
                break
            if found[i].end <= last:
                clauses.add(found[i].clause)
        return len(clauses), -first

    return found[max(range(len(found)), key=worth)]


def _outside(text: str, place: int, formulas: Sequence[tuple[int, int]]) -> int:
    """The last place not after `place` that lies in no formula and no word, but for one longer than the lead."""
    before = next((start for start, end in formulas if start < place < end), place)
    while 0 < before < len(text) and text[before - 1].isalnum() and text[before].isalnum():
        before -= 1
        if place - before > _LEAD:
            return place
    return before


def _begun(text: str, place: int) -> int:
    """Past the space and the signs that end what was before."""
    while place < len(text) and (text[place].isspace() or text[place] in ".,;:!?)]}"):
        place += 1
    return place


def _after(place: int, formulas: Sequence[tuple[int, int]]) -> int:
    return next((end for start, end in formulas if start < place < end), place)


def _fragments(text: str, start: int, end: int, found: Sequence[Match]) -> Fragments:
    pieces: Fragments = []
    at = start
    for match in found:
        if match.start < at and match.end > at and pieces and pieces[-1][1]:  # overlaps the mark before
            pieces[-1] = (pieces[-1][0] + text[at : min(match.end, end)], True)
            at = min(match.end, end)
        elif match.start >= at and match.end <= end:
            pieces += [(text[at : match.start], False), (text[match.start : match.end], True)]
            at = match.end
    pieces.append((text[at:end], False))
    return [piece for piece in pieces if piece[0]]
