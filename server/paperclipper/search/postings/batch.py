"""Indexes papers in batches: computes the same postings as `document`, but for many papers at once.

A text is a sequence of runs (see `text.tokenizer`), and most runs have occurred in earlier texts. Each
distinct run is therefore analysed once, texts become sequences of run numbers, and the rest is array
arithmetic. Must not depend on how an index stores postings.
"""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from operator import itemgetter
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
    ZONES,
    texts,
    zone_weight,
)
from paperclipper.search.postings.arrays import FieldPostings, Integers, pack_positions
from paperclipper.search.postings.term_dictionary import ranges
from paperclipper.search.text.stemming import stem
from paperclipper.search.text.tokenizer import STOP_WORDS, run_chains, runs

MAX_PAPERS = 1 << 14
_TITLE_ZONE = ZONES.index(TITLE)
_ZONE_WEIGHTS = np.array([zone_weight(zone) for zone in range(len(ZONES))])


class Batch:
    """A batch of papers to index, added in the order of their document numbers."""

    def __init__(self, run_cache: "RunCache") -> None:
        """Start an empty batch. Batches may share a run cache."""
        self._run_cache = run_cache
        self._texts = _Texts()
        self._other_fields: dict[str, dict[str, list[int]]] = {}

    def add(self, number: int, paper: Paper, other_terms: Mapping[str, Iterable[str]]) -> dict[str, int]:
        """Add the texts of a paper, and its terms in unscored fields.

        Return the length of each scored field in words. Raise ValueError if the batch is full.
        """
        if number >= MAX_PAPERS:
            raise ValueError(f"a batch takes at most {MAX_PAPERS} papers")
        for field, terms in other_terms.items():
            papers_by_term = self._other_fields.setdefault(field, {})
            for term in terms:
                papers_by_term.setdefault(term, []).append(number)
        return self._add_texts(number, paper)

    def _add_texts(self, number: int, paper: Paper) -> dict[str, int]:
        lengths = {STEMS: 0, TITLE: 0}
        for text in texts(paper):
            if text.text:
                run_numbers = list(map(self._run_cache.__getitem__, runs(text.text)))
                length = sum(map(self._run_cache.significant.__getitem__, run_numbers))
                lengths[STEMS] += length
                if text.field == TITLE:
                    lengths[TITLE] = length
                self._texts.add(number, ZONES.index(text.field), run_numbers)
        return lengths

    def postings(self) -> Iterator[FieldPostings]:
        """Yield the postings of each field, ordered by field."""
        found = {
            field: _unscored_postings(field, terms) for field, terms in self._other_fields.items() if terms
        }
        if self._texts.runs:
            occurrences = _occurrences(self._run_cache, self._texts)
            found |= {each.field: each for each in _text_postings(self._run_cache.words, occurrences)}
        yield from (found[field] for field in sorted(found))


class RunCache(dict[str, int]):
    """The runs analysed so far: maps each run to its number and stores the words it contains.

    A compound has two occurrences, at its first and at its last position, but counts once.
    """

    def __init__(self) -> None:
        super().__init__()
        self.words = _WordNumbers()
        self.occurrences = _RunOccurrences(array("i"), array("i"), array("b"))
        self.offsets = array("i", (0,))  # start of each run's occurrences, and the end of the last
        self.widths = array("i")  # number of positions in each run
        self.significant: list[int] = []  # words in each run that count towards the text length

    def __missing__(self, run: str) -> int:
        number = self[run] = len(self)
        words, positions, counts = self.occurrences
        found, width = _words_of_run(run)
        significant = 0
        for word, position, count in found:
            words.append(self.words[word])
            positions.append(position)
            counts.append(count)
            if word not in STOP_WORDS:
                significant += count
        self.offsets.append(len(words))
        self.widths.append(width)
        self.significant.append(significant)
        return number


class _RunOccurrences(NamedTuple):
    """Columns with the words of all runs: word number, position in the run, and 1, or 0 if not counted."""

    words: "array[int]"
    positions: "array[int]"
    counts: "array[int]"


def _words_of_run(run: str) -> tuple[list[tuple[str, int, int]], int]:
    """Return the words of a run, ordered by position, and the number of positions in the run.

    A word is (text, position in the run, 1 or, if not counted, 0).
    """
    found = []
    position = 0
    for words, compounds, _ in run_chains(run):
        first = position
        for word, _, _ in words:
            found.append((word, position, 1))
            position += 1
        for compound in compounds:
            found += [(compound, first, 1), (compound, position - 1, 0)]
    if len(found) > position:
        found.sort(key=itemgetter(1))  # compounds were appended after their component words
    return found, position


class _Numbers(dict[str, int]):
    """Assigns consecutive numbers to strings in the order of first use."""

    def __missing__(self, string: str) -> int:
        number = self[string] = len(self)
        return number


class _WordNumbers(_Numbers):
    """Numbers the words and their stems. `stem_numbers` maps word numbers to stem numbers (-1: stop word)."""

    def __init__(self) -> None:
        super().__init__()
        self.stems = _Numbers()
        self.stem_numbers = array("i")

    def __missing__(self, word: str) -> int:
        self.stem_numbers.append(-1 if word in STOP_WORDS else self.stems[stem(word)])
        return super().__missing__(word)


class _Texts:
    """All texts as run numbers, with the document number, zone and number of runs of each text."""

    def __init__(self) -> None:
        self.runs, self.papers, self.zones, self.sizes = array("i"), array("i"), array("i"), array("i")

    def add(self, paper: int, zone: int, run_numbers: Sequence[int]) -> None:
        self.runs.extend(run_numbers)
        self.papers.append(paper)
        self.zones.append(zone)
        self.sizes.append(len(run_numbers))


class _Occurrences(NamedTuple):
    """All occurrences of words in texts, as columns."""

    words: Integers  # word numbers
    papers: Integers  # document numbers
    zones: Integers  # indexes into `ZONES`
    positions: Integers  # counted across all texts of the paper
    counts: Integers  # 1; 0 for the last position of a compound

    def take(self, chosen: Any) -> "_Occurrences":
        """Return the occurrences selected by an array of indexes or a mask."""
        return _Occurrences(*(column[chosen] for column in self))


def _occurrences(run_cache: RunCache, written: _Texts) -> _Occurrences:
    """Return all occurrences, ordered by paper, zone and position."""
    runs_, papers, zones, starts = _placed_runs(written, np.array(run_cache.widths, np.int64))
    offsets = np.array(run_cache.offsets, np.int64)
    sizes = np.diff(offsets)[runs_]
    chosen = ranges(offsets[runs_], sizes)
    run_of = np.repeat(np.arange(len(runs_)), sizes)
    words, positions, counts = (np.array(column)[chosen] for column in run_cache.occurrences)
    return _Occurrences(
        words, papers[run_of], zones[run_of], np.minimum(positions + starts[run_of], MAX_POSITION), counts
    )


def _placed_runs(written: _Texts, widths: Integers) -> tuple[Integers, Integers, Integers, Integers]:
    """Return the number, document number, zone and start position of each run, ordered by the last three."""
    text_of = np.repeat(np.arange(len(written.sizes)), written.sizes)
    text_papers = np.array(written.papers, np.int64)
    found = np.array(written.runs)
    papers, zones = text_papers[text_of].astype(np.uint16), np.array(written.zones, np.uint8)[text_of]
    starts = _run_starts(text_papers, text_of, widths[found])
    order = np.lexsort((zones, papers))
    return found[order], papers[order], zones[order], starts[order]


def _run_starts(papers: Integers, text_of: Integers, widths: Integers) -> Integers:
    """Return the start position of each run in its paper. Texts are separated by `POSITION_GAP`."""
    before = np.cumsum(widths) - widths
    paper_of = papers[text_of]
    first_run, first_text = np.searchsorted(paper_of, paper_of), np.searchsorted(papers, paper_of)
    starts: Integers = before - before[first_run] + (text_of - first_text) * POSITION_GAP
    return starts


def _text_postings(words: _WordNumbers, found: _Occurrences) -> Iterator[FieldPostings]:
    yield _word_postings(*_ordered_by_term(words, found))
    stems = np.array(words.stem_numbers)[found.words]
    scored = stems >= 0
    terms, found = _ordered_by_term(words.stems, found._replace(words=stems).take(scored))
    yield _stem_postings(terms, found)
    yield _postings(TITLE, terms, found.take(found.zones == _TITLE_ZONE))


def _ordered_by_term(numbers: Mapping[str, int], found: _Occurrences) -> tuple[list[bytes], _Occurrences]:
    """Return the terms that occur, sorted bytewise, and the occurrences ordered by term.

    In the returned occurrences, `words` are indexes into the returned terms.
    """
    counts = np.bincount(found.words, minlength=len(numbers)).tolist()
    terms = sorted((term.encode(), number) for term, number in numbers.items() if counts[number])
    rank_of = np.empty(len(numbers), np.int32)
    rank_of[[number for _, number in terms]] = np.arange(len(terms))
    ranks = rank_of[found.words]
    return [term for term, _ in terms], found._replace(words=ranks).take(_stable_order(ranks))


def _stable_order(ranks: Integers) -> Integers:
    """Return the indexes that sort the ranks stably, in two passes: NumPy sorts 16-bit integers fastest."""
    order: Integers = np.lexsort((ranks.astype(np.uint16), (ranks >> 16).astype(np.uint16)))
    return order


def _postings(field: str, terms: Sequence[bytes], found: _Occurrences) -> FieldPostings:
    """Return the postings of occurrences, which must be ordered by term, paper, zone and position."""
    firsts = _first_of_each_posting(found)
    ranks = found.words[firsts]
    first_of_each_term = np.flatnonzero(_differs_from_previous(ranks))
    return FieldPostings(
        field,
        terms=[terms[rank] for rank in ranks[first_of_each_term].tolist()],
        offsets=np.append(first_of_each_term, len(ranks)),
        numbers=found.papers[firsts],
        weights=_reduce(np.add, _ZONE_WEIGHTS[found.zones] * found.counts, firsts),
    )


def _word_postings(terms: Sequence[bytes], found: _Occurrences) -> FieldPostings:
    """Return the postings of words, with their positions."""
    return _postings(WORDS, terms, found)._replace(
        positions=pack_positions(found.papers, found.zones, found.positions),
        position_offsets=np.append(np.flatnonzero(_differs_from_previous(found.words)), len(found.words)),
    )


def _stem_postings(terms: Sequence[bytes], found: _Occurrences) -> FieldPostings:
    """Return the postings of stems, with their zone masks."""
    zone_masks = _reduce(np.bitwise_or, 1 << found.zones.astype(np.int64), _first_of_each_posting(found))
    return _postings(STEMS, terms, found)._replace(zone_masks=zone_masks)


def _first_of_each_posting(found: _Occurrences) -> Integers:
    return np.flatnonzero(_differs_from_previous(found.words) | _differs_from_previous(found.papers))


def _differs_from_previous(column: Integers) -> npt.NDArray[np.bool_]:
    """Return a mask of the values that differ from their predecessor; True for the first value."""
    differs = np.ones(len(column), np.bool_)
    differs[1:] = column[1:] != column[:-1]
    return differs


def _reduce(operation: np.ufunc, values: npt.NDArray[Any], firsts: Integers) -> npt.NDArray[Any]:
    """Reduce the values of each posting to one."""
    found: npt.NDArray[Any] = operation.reduceat(values, firsts) if len(firsts) else values[:0]
    return found


def _unscored_postings(field: str, papers_by_term: Mapping[str, Sequence[int]]) -> FieldPostings:
    """Return postings without weights and positions."""
    encoded = sorted((term.encode(), papers) for term, papers in papers_by_term.items())
    return FieldPostings(
        field,
        terms=[term for term, _ in encoded],
        offsets=np.array([0, *accumulate(len(papers) for _, papers in encoded)], np.int64),
        numbers=np.array([number for _, papers in encoded for number in papers], np.int64),
    )
