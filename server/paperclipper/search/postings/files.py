"""The postings of a segment as plain arrays in files, so that the postings of a term are one piece of a file.

There are five files, each with one kind of number for all terms of all fields, field by field: the papers'
numbers and, for fields that have them, weights, zone masks and positions; and the terms themselves. A sixth
has the start of each field. Numbers are in the machine's byte order. Must not know of Whoosh, which reads
them through `whoosh.codec`.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from paperclipper.search.postings.arrays import FieldPostings, Floats, Integers
from paperclipper.search.postings.term_dictionary import EMPTY_DICTIONARY, TermDictionary

FIELDS, TERMS, NUMBERS, WEIGHTS, ZONES, PLACES = (
    ".fields",
    ".terms",
    ".numbers",
    ".weights",
    ".parts",
    ".places",
)
_KINDS = {NUMBERS: np.int32, WEIGHTS: np.float32, ZONES: np.uint16, PLACES: np.int64}
_COUNT = np.dtype(np.uint32)


class StoredPostings(Protocol):
    """The terms of a segment and their postings. Terms are selected by index, from `first` up to `end`."""

    def all_terms(self) -> Mapping[str, TermDictionary]:
        """Return the terms of each field that has any."""

    def reuse_terms(self, terms: Mapping[str, TermDictionary]) -> None:
        """Use what `all_terms` returned earlier for the same segment."""

    def terms(self, field: str) -> TermDictionary:
        """Return all terms of a field."""

    def numbers(self, field: str, first: int, end: int) -> Integers:
        """Return the numbers of the papers that have the terms, term by term."""

    def weights(self, field: str, first: int, end: int) -> Floats | None:
        """Return the weight of each posting; None if all weigh 1."""

    def zone_masks(self, field: str, first: int, end: int) -> Integers | None:
        """Return the zone mask of each posting; None if the segment has none."""

    def positions(self, field: str, first: int, end: int) -> Integers | None:
        """Return the packed positions, ordered by term and paper; None if the field has none."""

    def position_counts(self, field: str, first: int, end: int) -> Integers:
        """Return the number of positions of each term, for a field that has positions."""


class OutputFile(Protocol):
    """A file being written."""

    def write(self, content: bytes) -> Any:
        """Append bytes."""

    def close(self) -> None:
        """Finish the file."""


class InputFile(Protocol):
    """A file being read."""

    def get(self, position: int, length: int) -> bytes:
        """Return bytes at an offset."""

    def close(self) -> None:
        """Free the descriptor."""


class PostingsWriter:
    """Writes postings field by field. A field may come in several pieces."""

    def __init__(self, create: Callable[[str], OutputFile]) -> None:
        self._files = {kind: create(kind) for kind in (FIELDS, TERMS, *_KINDS)}
        self._written = dict.fromkeys(_KINDS, 0)  # numbers of each kind
        self._fields: dict[str, _Field] = {}

    def add(self, found: FieldPostings) -> None:
        """Write the postings of more terms of a field."""
        field = self._fields.setdefault(found.field, _Field(dict(self._written)))
        columns = (found.numbers, found.weights, found.zone_masks, found.positions)
        for (kind, dtype), column in zip(_KINDS.items(), columns, strict=True):
            if column is not None:
                self._files[kind].write(column.astype(dtype, copy=False).tobytes())
                self._written[kind] += len(column)
        field.add(found, [kind for kind, column in zip(_KINDS, columns, strict=True) if column is not None])

    def close(self) -> None:
        """Write the terms, and the start of each field."""
        offset, fields = 0, {}
        for name, field in self._fields.items():
            terms = field.terms()
            self._files[TERMS].write(terms)
            fields[name] = field.describe(offset)
            offset += len(terms)
        self._files[FIELDS].write(json.dumps(fields).encode())
        for file in self._files.values():
            file.close()


class _Field:
    """The terms of a field being written."""

    def __init__(self, starts: dict[str, int]) -> None:
        self._starts = starts
        self._kinds: Sequence[str] = ()
        self._texts: list[bytes] = []
        self._sizes: list[bytes] = []
        self._counts: list[bytes] = []
        self._position_counts: list[bytes] = []

    def add(self, found: FieldPostings, kinds: Sequence[str]) -> None:
        self._kinds = kinds
        self._texts.append(b"".join(found.terms))
        self._sizes.append(np.fromiter(map(len, found.terms), _COUNT, len(found.terms)).tobytes())
        self._counts.append(np.diff(found.offsets).astype(_COUNT).tobytes())
        if found.position_offsets is not None:
            self._position_counts.append(np.diff(found.position_offsets).astype(_COUNT).tobytes())

    def terms(self) -> bytes:
        return b"".join((*self._sizes, *self._counts, *self._position_counts, *self._texts))

    def describe(self, offset: int) -> dict[str, Any]:
        """Return what a reader needs to find the field. `offset` is where its terms start."""
        count = sum(map(len, self._sizes)) // _COUNT.itemsize
        starts = {kind: self._starts[kind] for kind in self._kinds}
        return {"at": offset, "terms": count, "bytes": sum(map(len, self._texts)), "begins": starts}


class PostingsReader:
    """Reads what a `PostingsWriter` wrote. Implements `StoredPostings`."""

    def __init__(self, open_: Callable[[str], InputFile], length: Callable[[str], int]) -> None:
        self._files = {kind: open_(kind) for kind in (FIELDS, TERMS, *_KINDS)}
        self._fields: dict[str, Any] = json.loads(self._files[FIELDS].get(0, length(FIELDS)))
        self._terms: dict[str, TermDictionary] = {}

    @property
    def fields(self) -> Iterable[str]:
        """The fields that have terms."""
        return self._fields.keys()

    def terms(self, field: str) -> TermDictionary:
        """Return all terms of a field. They are read once."""
        if field not in self._fields:
            return EMPTY_DICTIONARY
        if field not in self._terms:
            self._terms[field] = self._read_terms(self._fields[field])
        return self._terms[field]

    def _read_terms(self, field: dict[str, Any]) -> TermDictionary:
        count, columns = field["terms"], 3 if PLACES in field["begins"] else 2
        size = columns * count * _COUNT.itemsize
        written = self._files[TERMS].get(field["at"], size + field["bytes"])
        numbers = np.frombuffer(written, _COUNT, columns * count)
        return TermDictionary(
            written[size:], numbers[:count], numbers[count : 2 * count], numbers[2 * count :]
        )

    def all_terms(self) -> Mapping[str, TermDictionary]:
        """Return the terms of each field."""
        return {field: self.terms(field) for field in self._fields}

    def reuse_terms(self, terms: Mapping[str, TermDictionary]) -> None:
        """Use terms that have been read earlier."""
        self._terms = dict(terms)

    def numbers(self, field: str, first: int, end: int) -> Integers:
        """Return the paper numbers of some terms."""
        return self._read(NUMBERS, field, self.terms(field).offsets, first, end)

    def weights(self, field: str, first: int, end: int) -> Floats | None:
        """Return the weights of some terms."""
        offsets = self.terms(field).offsets
        return self._read(WEIGHTS, field, offsets, first, end) if self._has(field, WEIGHTS) else None

    def zone_masks(self, field: str, first: int, end: int) -> Integers | None:
        """Return the zone masks of some terms."""
        offsets = self.terms(field).offsets
        return self._read(ZONES, field, offsets, first, end) if self._has(field, ZONES) else None

    def positions(self, field: str, first: int, end: int) -> Integers | None:
        """Return the packed positions of some terms."""
        offsets = self.terms(field).position_offsets
        return self._read(PLACES, field, offsets, first, end) if self._has(field, PLACES) else None

    def position_counts(self, field: str, first: int, end: int) -> Integers:
        """Return the number of positions of each of some terms."""
        return np.diff(self.terms(field).position_offsets[first : end + 1])

    def _has(self, field: str, kind: str) -> bool:
        return kind in self._fields[field]["begins"]

    def _read(self, kind: str, field: str, offsets: Integers, first: int, end: int) -> npt.NDArray[Any]:
        """Return the numbers of one kind from `offsets[first]` up to `offsets[end]` of a field."""
        dtype = np.dtype(_KINDS[kind])
        start = self._fields[field]["begins"][kind] + int(offsets[first])
        count = int(offsets[end] - offsets[first])
        return np.frombuffer(self._files[kind].get(start * dtype.itemsize, count * dtype.itemsize), dtype)

    def close(self) -> None:
        """Free the descriptors."""
        for file in self._files.values():
            file.close()
