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
    MAX_POSITION,
    POSITION_GAP,
    STEMS,
    TITLE,
    WORDS,
    ZONE_BITS,
    ZONES,
    texts,
    zone_weight,
)
from paperclipper.search.postings.arrays import POSITION_BITS, FieldPostings
from paperclipper.search.text.stemming import stem
from paperclipper.search.text.tokenizer import STOP_WORDS, run_chains, runs

Numbers = npt.NDArray[np.int64]
PAPER_BITS = 14
PLACE_WITH_ZONE_BITS = ZONE_BITS + len(ZONES).bit_length()
_TITLE_ZONE = ZONES.index(TITLE)
_WEIGHTS = np.array([zone_weight(zone) for zone in range(len(ZONES))])


class Batch:
    """Papers that are added one after the other, each under the next number."""

    def __init__(self, known: "RunCache") -> None:
        """Of papers whose runs may be known from other batches."""
        self._runs = known
        self._texts = _Texts()
        self._others: dict[str, dict[str, list[int]]] = {}

    def add(self, number: int, paper: Paper, others: Mapping[str, Iterable[str]]) -> dict[str, int]:
        """A paper's texts, and terms of other fields; returns how many words the scored fields have.

        Raises ValueError for more papers than fit into a batch.
        """
        if number >> PAPER_BITS:
            raise ValueError(f"a batch has room for {1 << PAPER_BITS} papers")
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
                self._texts.add(number, ZONES.index(text.field), found)
        return lengths

    def postings(self) -> Iterator[FieldPostings]:
        """Field by field, the fields in order."""
        found = {field: _presence(field, terms) for field, terms in self._others.items() if terms}
        if self._texts.runs:
            found |= {each.field: each for each in _of_texts(self._runs, self._texts)}
        yield from (found[field] for field in sorted(found))


class RunCache(dict[str, int]):
    """A number for each run that was met, and what it says: words at positions counted from the run's beginning.

    A compound is said where it begins and where it ends, and counts once.
    """

    def __init__(self) -> None:
        super().__init__()
        self.words = _Words()
        self.said, self.positions, self.counts = array("i"), array("i"), array("b")
        self.offsets, self.widths = array("i", (0,)), array("i")
        self.telling: list[int] = []  # of each run, how many of its words count for a text's length

    def __missing__(self, run: str) -> int:
        number = self[run] = len(self)
        position = telling = 0
        for words, compounds, _ in run_chains(run):
            begin = position
            for word, _, _ in words:
                self._say(word, position)
                telling += word not in STOP_WORDS
                position += 1
            for compound in compounds:
                self._say(compound, begin)
                self._say(compound, position - 1, count=0)
                telling += compound not in STOP_WORDS
        self.offsets.append(len(self.said))
        self.widths.append(position)
        self.telling.append(telling)
        return number

    def _say(self, word: str, position: int, count: int = 1) -> None:
        self.said.append(self.words[word])
        self.positions.append(position)
        self.counts.append(count)


class _Numbers(dict[str, int]):
    """A number for each word that was met."""

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self)
        return number


class _Words(_Numbers):
    """The words that were met, and of each the number of its stem; -1 where it is filler, which is not scored."""

    def __init__(self) -> None:
        super().__init__()
        self.stems = _Numbers()
        self.stem_of = array("i")

    def __missing__(self, word: str) -> int:
        self.stem_of.append(-1 if word in STOP_WORDS else self.stems[stem(word)])
        return super().__missing__(word)


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


# Each word that is said is one number, so that sorting numbers is all there is to it. From the highest bits down: which
# word, in which paper, in which kind of text (counted from 1), at which position, and whether it counts.
_POSITION, _PAPER, _WORD = 1, 1 + PLACE_WITH_ZONE_BITS, 1 + PLACE_WITH_ZONE_BITS + PAPER_BITS


def _of_texts(known: RunCache, written: _Texts) -> Iterator[FieldPostings]:
    words, where = _said(known, written)
    ordered, ranks = _ranked(known.words, words)
    yield _words(ordered, np.sort(ranks << _WORD | where))
    stems = np.array(known.words.stem_of, np.int64)[words]
    scored = stems >= 0
    ordered, ranks = _ranked(known.words.stems, stems[scored])
    said = np.sort(ranks << _WORD | where[scored])
    yield _stems(ordered, said)
    yield _title(ordered, said[_zones(said) == _TITLE_ZONE])


def _said(known: RunCache, written: _Texts) -> tuple[Numbers, Numbers]:
    """The number of every word that is said, and the lower bits of its number."""
    runs_, sizes = np.array(written.runs, np.int64), np.array(written.sizes, np.int64)
    offsets, widths = np.array(known.offsets, np.int64), np.array(known.widths, np.int64)
    text_of = np.repeat(np.arange(len(sizes)), sizes)
    papers, zones = np.array(written.papers, np.int64), np.array(written.zones, np.int64) + 1
    begins = _begins(papers, text_of, widths[runs_])
    lengths = np.diff(offsets)[runs_]
    run_of = np.repeat(np.arange(len(runs_)), lengths)
    at = np.arange(len(run_of)) - np.repeat(_before(lengths), lengths) + offsets[runs_][run_of]
    positions = np.minimum(np.array(known.positions, np.int64)[at] + begins[run_of], MAX_POSITION)
    where = (papers << _PAPER | zones << ZONE_BITS + _POSITION)[text_of[run_of]]
    return np.array(known.said, np.int64)[at], where | positions << _POSITION | np.array(
        known.counts, np.int64
    )[at]


def _begins(papers: Numbers, text_of: Numbers, widths: Numbers) -> Numbers:
    """The position in its paper at which each run begins, with a gap after each text."""
    before, paper_of = _before(widths), papers[text_of]
    first_run, first_text = np.searchsorted(paper_of, paper_of), np.searchsorted(papers, paper_of)
    begins: Numbers = before - before[first_run] + (text_of - first_text) * POSITION_GAP
    return begins


def _before(sizes: Numbers) -> Numbers:
    """How much stands before each."""
    found: Numbers = np.cumsum(sizes) - sizes
    return found


def _ranked(known: Mapping[str, int], said: Numbers) -> tuple[list[bytes], Numbers]:
    """The words that are said, in the order of their bytes; and for each time one is said its position in that order."""
    counts = np.bincount(said, minlength=len(known)).tolist()
    encoded = sorted((word.encode(), number) for word, number in known.items() if counts[number])
    ranks = np.empty(len(known), np.int64)
    ranks[[number for _, number in encoded]] = np.arange(len(encoded))
    return [word for word, _ in encoded], ranks[said]


def _zones(said: Numbers) -> Numbers:
    """The kinds of text."""
    found: Numbers = (said & (1 << _PAPER) - 1) >> ZONE_BITS + _POSITION
    return found - 1


class _Folded(NamedTuple):
    """Where each posting begins in what is said, in order; where each term begins in it; and the postings."""

    firsts: Numbers
    position_offsets: Numbers
    postings: FieldPostings


def _folded(field: str, words: Sequence[bytes], said: Numbers) -> _Folded:
    pairs = said >> _PAPER
    firsts = np.flatnonzero(np.diff(pairs, prepend=-1))
    pairs = pairs[firsts]
    ranks = pairs >> PAPER_BITS
    begins = np.flatnonzero(np.diff(ranks, prepend=-1))
    postings = FieldPostings(
        field,
        [words[rank] for rank in ranks[begins].tolist()],
        np.append(begins, len(ranks)),
        pairs & (1 << PAPER_BITS) - 1,
        _summed(_WEIGHTS[_zones(said)] * (said & 1), firsts),
    )
    return _Folded(firsts, np.append(firsts[begins], len(said)), postings)


def _summed(values: npt.NDArray[Any], firsts: Numbers, how: np.ufunc = np.add) -> npt.NDArray[Any]:
    found: npt.NDArray[Any] = how.reduceat(values, firsts) if len(firsts) else values[:0]
    return found


def _words(words: Sequence[bytes], said: Numbers) -> FieldPostings:
    """With the positions of each word."""
    _, position_offsets, postings = _folded(WORDS, words, said)
    papers = said >> _PAPER & (1 << PAPER_BITS) - 1
    positions = papers << POSITION_BITS | said >> _POSITION & (1 << PLACE_WITH_ZONE_BITS) - 1
    return postings._replace(positions=positions, position_offsets=position_offsets)


def _stems(stems: Sequence[bytes], said: Numbers) -> FieldPostings:
    """With the kinds of text that each stem is in, a bit for each."""
    firsts, _, postings = _folded(STEMS, stems, said)
    return postings._replace(zone_masks=_summed(1 << _zones(said), firsts, np.bitwise_or))


def _title(stems: Sequence[bytes], said: Numbers) -> FieldPostings:
    return _folded(TITLE, stems, said).postings


def _presence(field: str, terms: Mapping[str, Sequence[int]]) -> FieldPostings:
    """TermDictionary of which an index says no more than that they are there."""
    encoded = sorted((term.encode(), numbers) for term, numbers in terms.items())
    offsets = np.array([0, *accumulate(len(numbers) for _, numbers in encoded)], np.int64)
    numbers = np.array([number for _, of_term in encoded for number in of_term], np.int64)
    return FieldPostings(field, [term for term, _ in encoded], offsets, numbers)
