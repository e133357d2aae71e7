"""The postings of many papers at once, in arrays: what `document` says of each, for a writer that takes them together.

A text is a row of runs, and most runs of a text were met before. So each run is analysed once, a paper is a row of
numbers of runs, and what remains is arithmetic. Must not know how an index keeps what it gives.
"""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from paperclipper.model import Paper
from paperclipper.search.document import (
    GAP,
    LAST_PLACE,
    PARTS,
    STEMS,
    TITLE,
    WORDS,
    ZONE_BITS,
    part_weight,
    run_terms,
    texts,
)
from paperclipper.search.words.analysis import FILLER, runs
from paperclipper.search.words.inflection import stem

Numbers = npt.NDArray[np.int64]
_TITLE_ZONE = PARTS.index(TITLE)
_WEIGHTS = np.array([part_weight(zone) for zone in range(len(PARTS))])


class FieldPostings(NamedTuple):
    """All postings of some terms of a field, term by term, the terms in order.

    `numbers` are the papers', ascending within a term; those of term i are from `starts[i]` up to `starts[i + 1]`.
    `values` has what is written beside them, one behind the other, that of posting i from `ends[i]` up to
    `ends[i + 1]`; `ends` is empty where nothing is.
    """

    field: str
    terms: Sequence[bytes]
    starts: npt.NDArray[np.integer[Any]]
    numbers: npt.NDArray[np.integer[Any]]
    weights: npt.NDArray[np.float64]
    values: bytes = b""
    ends: Sequence[int] = ()


class Batch:
    """Papers that are added one after the other, each under the next number."""

    def __init__(self) -> None:
        self._runs = _Runs()
        self._texts = _Texts()
        self._others: dict[str, dict[str, list[int]]] = {}

    def add(self, number: int, paper: Paper, others: Mapping[str, Iterable[str]]) -> dict[str, int]:
        """A paper's texts, and terms of other fields; returns how many words the scored fields have."""
        for field, terms in others.items():
            known = self._others.setdefault(field, {})
            for term in terms:
                known.setdefault(term, []).append(number)
        lengths = {STEMS: 0, TITLE: 0}
        for text in texts(paper):
            if text.text:
                found = list(map(self._runs.__getitem__, runs(text.text)))
                telling = sum(map(self._runs.telling.__getitem__, found))
                lengths[STEMS] += telling
                if text.field == TITLE:
                    lengths[TITLE] = telling
                self._texts.add(number, PARTS.index(text.field), found)
        return lengths

    def postings(self) -> Iterator[FieldPostings]:
        """Field by field, the fields in order."""
        found = {field: _presence(field, terms) for field, terms in self._others.items() if terms}
        if self._texts.runs:
            found |= {each.field: each for each in _of_texts(self._runs, self._texts)}
        yield from (found[field] for field in sorted(found))


class _Runs(dict[str, int]):
    """A number for each run that was met, and what it says: words at places counted from the run's beginning.

    A compound is said where it begins and where it ends, and counts once.
    """

    def __init__(self) -> None:
        super().__init__()
        self.words = _Numbers()
        self.said, self.places, self.counts = array("i"), array("i"), array("b")
        self.starts, self.widths = array("i", (0,)), array("i")
        self.telling: list[int] = []  # of each run, how many of its words count for a text's length

    def __missing__(self, run: str) -> int:
        number = self[run] = len(self)
        place = telling = 0
        for chain, compounds in run_terms(run):
            begin = place
            for word in chain:
                self._say(word, place)
                place += 1
            for compound in compounds:
                self._say(compound, begin)
                self._say(compound, place - 1, count=0)
            telling += sum(word not in FILLER for word in (*chain, *compounds))
        self.starts.append(len(self.said))
        self.widths.append(place)
        self.telling.append(telling)
        return number

    def _say(self, word: str, place: int, count: int = 1) -> None:
        self.said.append(self.words[word])
        self.places.append(place)
        self.counts.append(count)


class _Numbers(dict[str, int]):
    """A number for each word that was met."""

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self)
        return number


class _Texts:
    """Texts as numbers of runs: whose each is, of which kind, how many runs it has."""

    def __init__(self) -> None:
        self.runs, self.papers, self.zones, self.sizes = array("i"), array("i"), array("i"), array("i")

    def add(self, paper: int, zone: int, found: Sequence[int]) -> None:
        """One more text."""
        self.runs.extend(found)
        self.papers.append(paper)
        self.zones.append(zone)
        self.sizes.append(len(found))


class _Said(NamedTuple):
    """Every word that is said in a batch: which, in which paper and kind of text, at which place, whether it counts."""

    words: Numbers
    papers: Numbers
    zones: Numbers
    places: Numbers
    counts: Numbers

    def where(self, chosen: npt.NDArray[np.bool_]) -> "_Said":
        """Some of them."""
        return _Said(*(column[chosen] for column in self))

    @property
    def weights(self) -> npt.NDArray[np.float64]:
        """What each adds to its word."""
        found: npt.NDArray[np.float64] = _WEIGHTS[self.zones] * self.counts
        return found


def _of_texts(known: _Runs, written: _Texts) -> Iterator[FieldPostings]:
    said = _said(known, written)
    words, ranks = _ranked(known.words)
    yield _words(words, said._replace(words=ranks[said.words]))
    stems = _Numbers()
    stem_of = np.array([-1 if word in FILLER else stems[stem(word)] for word in known.words], np.int64)
    said = said._replace(words=stem_of[said.words])
    said = said.where(said.words >= 0)
    found, ranks = _ranked(stems)
    said = said._replace(words=ranks[said.words]) if found else said
    yield _stems(found, said)
    yield _title(found, said.where(said.zones == _TITLE_ZONE))


def _said(known: _Runs, written: _Texts) -> _Said:
    runs_, sizes = np.array(written.runs, np.int64), np.array(written.sizes, np.int64)
    starts, widths = np.array(known.starts, np.int64), np.array(known.widths, np.int64)
    text_of = np.repeat(np.arange(len(sizes)), sizes)
    papers = np.array(written.papers, np.int64)
    begins = _begins(papers, text_of, widths[runs_])
    lengths = np.diff(starts)[runs_]
    run_of = np.repeat(np.arange(len(runs_)), lengths)
    at = np.arange(len(run_of)) - np.repeat(_before(lengths), lengths) + starts[runs_][run_of]
    text_of = text_of[run_of]
    places = np.array(known.places, np.int64)[at] + begins[run_of]
    zones = np.array(written.zones, np.int64)[text_of]
    return _Said(
        np.array(known.said, np.int64)[at],
        papers[text_of],
        zones,
        (zones + 1 << ZONE_BITS) | np.minimum(places, LAST_PLACE),
        np.array(known.counts, np.int64)[at],
    )


def _begins(papers: Numbers, text_of: Numbers, widths: Numbers) -> Numbers:
    """The place in its paper at which each run begins, with a gap after each text."""
    before, paper_of = _before(widths), papers[text_of]
    first_run, first_text = np.searchsorted(paper_of, paper_of), np.searchsorted(papers, paper_of)
    begins: Numbers = before - before[first_run] + (text_of - first_text) * GAP
    return begins


def _before(sizes: Numbers) -> Numbers:
    """How much stands before each."""
    found: Numbers = np.cumsum(sizes) - sizes
    return found


def _ranked(numbers: Mapping[str, int]) -> tuple[list[bytes], Numbers]:
    """The words in the order of their bytes, and the place of each in it."""
    encoded = [word.encode() for word in numbers]
    order = sorted(range(len(encoded)), key=encoded.__getitem__)
    ranks = np.empty(len(order), np.int64)
    ranks[order] = np.arange(len(order))
    return [encoded[number] for number in order], ranks


class _Folded(NamedTuple):
    """What is said, in the order of words and papers; where each posting begins in it; and the postings."""

    order: Numbers
    firsts: Numbers
    terms: list[bytes]
    starts: Numbers
    numbers: Numbers


def _folded(words: Sequence[bytes], said: _Said) -> _Folded:
    papers = int(said.papers.max(initial=0)) + 1
    keys = said.words * papers + said.papers
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    firsts = np.flatnonzero(np.diff(keys, prepend=-1))
    ranks, numbers = np.divmod(keys[firsts], papers)
    begins = np.flatnonzero(np.diff(ranks, prepend=-1))
    return _Folded(order, firsts, [words[i] for i in ranks[begins].tolist()], np.append(begins, len(ranks)), numbers)


def _summed(values: npt.NDArray[Any], folded: _Folded, how: np.ufunc = np.add) -> npt.NDArray[Any]:
    found: npt.NDArray[Any] = how.reduceat(values[folded.order], folded.firsts) if len(folded.firsts) else values[:0]
    return found


def _words(words: Sequence[bytes], said: _Said) -> FieldPostings:
    """With the places of each word beside it, as 32-bit numbers."""
    folded = _folded(words, said)
    written = said.places[folded.order].astype(np.uint32).tobytes()
    ends = (np.append(folded.firsts, len(said.places)) * 4).tolist()
    weights = _summed(said.weights, folded)
    return FieldPostings(WORDS, folded.terms, folded.starts, folded.numbers, weights, written, ends)


def _stems(stems: Sequence[bytes], said: _Said) -> FieldPostings:
    """With the kinds of text that each stem is in beside it, a bit for each of 16."""
    folded = _folded(stems, said)
    parts = _summed(1 << said.zones, folded, np.bitwise_or).astype(np.uint16)
    ends = range(0, 2 * len(parts) + 1, 2)
    weights = _summed(said.weights, folded)
    return FieldPostings(STEMS, folded.terms, folded.starts, folded.numbers, weights, parts.tobytes(), ends)


def _title(stems: Sequence[bytes], said: _Said) -> FieldPostings:
    folded = _folded(stems, said)
    return FieldPostings(TITLE, folded.terms, folded.starts, folded.numbers, _summed(said.weights, folded))


def _presence(field: str, terms: Mapping[str, Sequence[int]]) -> FieldPostings:
    """Terms of which an index says no more than that they are there."""
    encoded = sorted((term.encode(), numbers) for term, numbers in terms.items())
    starts = np.array([0, *accumulate(len(numbers) for _, numbers in encoded)], np.int64)
    numbers = np.array([number for _, of_term in encoded for number in of_term], np.int64)
    return FieldPostings(field, [term for term, _ in encoded], starts, numbers, np.ones(len(numbers)))
