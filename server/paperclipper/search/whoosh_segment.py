"""A segment of a Whoosh index as arrays, and all segments together as one lexicon. Must not know of queries.

Postings and columns of a segment never change once they are written, so what was read of them is kept: columns as long
as the segment lives, postings as long as there is room. Deletions do change, and are kept apart.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from paperclipper.search import whoosh_raw
from paperclipper.search.document import NUMBERS, STEMS, TITLE, WORDS, ZONE_BITS
from paperclipper.search.whoosh_raw import Floats, Integers
from paperclipper.search.whoosh_schema import FACETED, PAPER
from paperclipper.search.whoosh_terms import NO_TERMS, Terms, merged

K1, B = 1.2, 0.75
PLACE_BITS = 32  # of a place in a paper's texts, with the kind of text
_ROOM = 96 << 20
_FREQUENCIES = 50_000
Mask = npt.NDArray[np.bool_]


class Postings(NamedTuple):
    """The papers that have a term, by number, what it weighs in each, and the bits of the kinds of text it is in.

    `parts` is None where they are not known. `places` are a word's positions in all papers, ascending, each with its
    paper's number above `PLACE_BITS`.
    """

    numbers: Integers
    weights: Floats
    parts: Integers | None
    places: Integers | None

    @property
    def size(self) -> int:
        """In bytes."""
        return sum(each.nbytes for each in self if each is not None)


NOTHING = Postings(np.zeros(0, np.int32), np.zeros(0), None, np.zeros(0, np.int64))


class Kept:
    """Postings that were read, up to so many bytes; what was not used for longest goes first."""

    def __init__(self, room: int = _ROOM) -> None:
        self._room = room
        self._used = 0
        self._postings: OrderedDict[tuple[str, str, str], Postings] = OrderedDict()

    def get(self, key: tuple[str, str, str], read: Callable[[], Postings]) -> Postings:
        """Those of a (segment, field, term)."""
        found = self._postings.get(key)
        if found is not None:
            self._postings.move_to_end(key)
            return found
        found = read()
        self._postings[key] = found
        self._used += found.size
        while self._used > self._room and len(self._postings) > 1:
            self._used -= self._postings.popitem(last=False)[1].size
        return found


class Vocabulary:
    """A number for every label that is counted, the same in all segments."""

    def __init__(self) -> None:
        self.labels: list[str] = []
        self._numbers: dict[str, int] = {}

    def number(self, label: str) -> int:
        """The label's."""
        found = self._numbers.setdefault(label, len(self.labels))
        if found == len(self.labels):
            self.labels.append(label)
        return found


class Labels(NamedTuple):
    """The labels of all papers, in the order of the papers, and where each paper's begin."""

    starts: Integers
    numbers: Integers


class Columns:
    """What never changes of a segment."""

    def __init__(self, reader: Any, vocabulary: Vocabulary) -> None:
        self.count = int(reader.doc_count_all())
        self.numbers = {name: whoosh_raw.numbers(reader, name) for name in NUMBERS}
        self.lengths = {field: whoosh_raw.lengths(reader, field) for field in (STEMS, TITLE)}
        self.terms = whoosh_raw.terms(reader)
        self.papers = whoosh_raw.texts(reader, PAPER)
        self.labels = _labels(whoosh_raw.texts(reader, FACETED), vocabulary)


def _labels(lines: Iterable[str] | None, vocabulary: Vocabulary) -> Labels:
    by_paper = [text.split("\n") if text else [] for text in lines or ()]
    starts = np.zeros(len(by_paper) + 1, np.int64)
    np.cumsum([len(labels) for labels in by_paper], out=starts[1:])
    numbers = (vocabulary.number(label) for labels in by_paper for label in labels)
    return Labels(starts, np.fromiter(numbers, np.int32, int(starts[-1])))


class Segment:
    """A segment's reader, with what is kept of it."""

    def __init__(self, reader: Any, segment_id: str, columns: Columns, kept: Kept) -> None:
        self.reader = reader
        self.columns = columns
        self._id = segment_id
        self._kept = kept

    @property
    def count(self) -> int:
        """How many papers it holds, deleted ones too."""
        return self.columns.count

    @cached_property
    def alive(self) -> Mask:
        """Which papers are not deleted."""
        found = np.ones(self.count, np.bool_)
        found[list(self.reader._perdoc.deleted_docs())] = False
        return found

    @cached_property
    def has_deletions(self) -> bool:
        """Whether any is deleted."""
        return bool(self.reader.has_deletions())

    def paper_id(self, number: int) -> str:
        """The id of a paper."""
        papers = self.columns.papers
        return papers[number] if papers else str(self.reader.stored_fields(number)[PAPER])

    def terms(self, field: str) -> Terms:
        """All that a field holds."""
        return self.columns.terms.get(field, NO_TERMS)

    def postings(self, field: str, term: str) -> Postings:
        """Those of a term."""
        return self._kept.get((self._id, field, term), lambda: self._read(field, term))

    def _read(self, field: str, term: str) -> Postings:
        extent = self.terms(field).extent(term.encode())
        if extent is None:
            return NOTHING
        raw = whoosh_raw.postings(self.reader, extent)
        parts = places = None
        if field == STEMS and raw.values:
            parts = np.frombuffer(raw.values, np.uint16)
        elif field == WORDS:
            places = _places(raw)
        return Postings(raw.numbers, raw.weights, parts, places)


def _places(raw: whoosh_raw.RawPostings) -> Integers:
    sizes = raw.sizes if raw.sizes is not None else np.full(len(raw.numbers), 4)
    papers = np.repeat(raw.numbers.astype(np.int64) << PLACE_BITS, sizes // 4)
    found: Integers = papers | np.frombuffer(raw.values, np.uint32)
    return found if len(found) < 2 or bool((found[1:] >= found[:-1]).all()) else np.sort(found)


def zones(places: Integers) -> Integers:
    """The kinds of text that places are in, counted from 1; 0 where an older index does not say."""
    found: Integers = (places & (1 << PLACE_BITS) - 1) >> ZONE_BITS
    return found


class View:
    """All segments of one generation, as a search sees them."""

    def __init__(self, reader: Any, segments: Sequence[Segment]) -> None:
        self.segments = segments
        self._reader = reader
        self._frequencies: dict[tuple[str, str], int] = {}
        self._norms: dict[tuple[int, str], Floats] = {}

    @cached_property
    def count(self) -> int:
        """How many papers it holds, deleted ones too."""
        return sum(segment.count for segment in self.segments)

    def norms(self, segment: Segment, field: str) -> Floats:
        """The part of BM25 that a text's length makes, for each paper of a segment."""
        key = (id(segment), field)
        if key not in self._norms:
            average = self._reader.field_length(field) / (self.count or 1) or 1
            self._norms[key] = K1 * ((1 - B) + B * segment.columns.lengths[field] / average)
        return self._norms[key]

    # As `plan.Lexicon` says

    def frequency(self, field: str, term: str) -> int:
        """In how many papers a field has a term, deleted ones too."""
        key = (field, term)
        if key not in self._frequencies:
            if len(self._frequencies) >= _FREQUENCIES:
                self._frequencies.clear()
            encoded = term.encode()
            self._frequencies[key] = sum(segment.terms(field).frequency(encoded) for segment in self.segments)
        return self._frequencies[key]

    def beginning(self, field: str, prefix: str, limit: int) -> Sequence[str]:
        """The first terms that begin so."""
        return merged([s.terms(field).beginning(prefix.encode(), limit) for s in self.segments], limit)

    def alike(self, field: str, term: str, distance: int, limit: int) -> Sequence[str]:
        """Terms that may be spelt nearly the same."""
        return merged([s.terms(field).alike(term.encode(), distance, limit) for s in self.segments], limit)
