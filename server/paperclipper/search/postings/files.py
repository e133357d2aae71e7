"""The postings of a segment as plain arrays in files, so that one read returns the posting list of a term.

There is one file for each kind of data: document numbers, weights, zone masks, positions, and the terms.
Each stores all fields one after another; weights, zone masks and positions only exist for some fields.
A sixth file stores the offset of each field in the others. Numbers are in native byte order. Must not
depend on Whoosh, which reads these files through `whoosh.codec`.
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
    """The terms and postings of a segment. Ranges of terms are half-open: from index `first` up to `end`."""

    def all_terms(self) -> Mapping[str, TermDictionary]:
        """Return the term dictionary of each field that has terms."""

    def reuse_terms(self, terms: Mapping[str, TermDictionary]) -> None:
        """Reuse the result of an earlier `all_terms` call for the same segment."""

    def terms(self, field: str) -> TermDictionary:
        """Return the term dictionary of a field."""

    def numbers(self, field: str, first: int, end: int) -> Integers:
        """Return the document numbers of each term's posting list, concatenated."""

    def weights(self, field: str, first: int, end: int) -> Floats | None:
        """Return the weight of each posting, or None if all weights are 1."""

    def zone_masks(self, field: str, first: int, end: int) -> Integers | None:
        """Return the zone mask of each posting, or None if the segment does not store zone masks."""

    def positions(self, field: str, first: int, end: int) -> Integers | None:
        """Return the packed positions, ordered by term and document, or None if the field has none."""

    def position_counts(self, field: str, first: int, end: int) -> Integers:
        """Return the number of positions of each term. The field must have positions."""


class OutputFile(Protocol):
    """A file opened for writing."""

    def write(self, content: bytes) -> Any:
        """Append bytes."""

    def close(self) -> None:
        """Finish and close the file."""


class InputFile(Protocol):
    """A file opened for reading."""

    def get(self, position: int, length: int) -> bytes:
        """Return bytes at an offset."""

    def close(self) -> None:
        """Close the file."""


class PostingsWriter:
    """Writes postings field by field. A field may be written in several chunks."""

    def __init__(self, create: Callable[[str], OutputFile]) -> None:
        self._files = {kind: create(kind) for kind in (FIELDS, TERMS, *_KINDS)}
        self._written = dict.fromkeys(_KINDS, 0)  # count of each kind
        self._fields: dict[str, _Field] = {}

    def add(self, found: FieldPostings) -> None:
        """Append the postings of further terms of a field."""
        field = self._fields.setdefault(found.field, _Field(dict(self._written)))
        columns = (found.numbers, found.weights, found.zone_masks, found.positions)
        for (kind, dtype), column in zip(_KINDS.items(), columns, strict=True):
            if column is not None:
                self._files[kind].write(column.astype(dtype, copy=False).tobytes())
                self._written[kind] += len(column)
        field.add(found, [kind for kind, column in zip(_KINDS, columns, strict=True) if column is not None])

    def close(self) -> None:
        """Write the terms and the field offsets, and close the files."""
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
        """Return the metadata needed to read the field. `offset` is the start of its terms."""
        count = sum(map(len, self._sizes)) // _COUNT.itemsize
        starts = {kind: self._starts[kind] for kind in self._kinds}
        return {"at": offset, "terms": count, "bytes": sum(map(len, self._texts)), "begins": starts}


class PostingsReader:
    """Reads files written by a `PostingsWriter`. Implements `StoredPostings`."""

    def __init__(self, open_: Callable[[str], InputFile], length: Callable[[str], int]) -> None:
        self._files = {kind: open_(kind) for kind in (FIELDS, TERMS, *_KINDS)}
        self._fields: dict[str, Any] = json.loads(self._files[FIELDS].get(0, length(FIELDS)))
        self._terms: dict[str, TermDictionary] = {}

    @property
    def fields(self) -> Iterable[str]:
        """The names of the fields that have terms."""
        return self._fields.keys()

    def terms(self, field: str) -> TermDictionary:
        """Return the term dictionary of a field. Cached."""
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
        """Return the term dictionary of each field."""
        return {field: self.terms(field) for field in self._fields}

    def reuse_terms(self, terms: Mapping[str, TermDictionary]) -> None:
        """Reuse term dictionaries that were read earlier."""
        self._terms = dict(terms)

    def numbers(self, field: str, first: int, end: int) -> Integers:
        """Return the document numbers of a range of terms."""
        return self._read(NUMBERS, field, self.terms(field).offsets, first, end)

    def weights(self, field: str, first: int, end: int) -> Floats | None:
        """Return the weights of a range of terms."""
        offsets = self.terms(field).offsets
        return self._read(WEIGHTS, field, offsets, first, end) if self._has(field, WEIGHTS) else None

    def zone_masks(self, field: str, first: int, end: int) -> Integers | None:
        """Return the zone masks of a range of terms."""
        offsets = self.terms(field).offsets
        return self._read(ZONES, field, offsets, first, end) if self._has(field, ZONES) else None

    def positions(self, field: str, first: int, end: int) -> Integers | None:
        """Return the packed positions of a range of terms."""
        offsets = self.terms(field).position_offsets
        return self._read(PLACES, field, offsets, first, end) if self._has(field, PLACES) else None

    def position_counts(self, field: str, first: int, end: int) -> Integers:
        """Return the number of positions of each term in a range."""
        return np.diff(self.terms(field).position_offsets[first : end + 1])

    def _has(self, field: str, kind: str) -> bool:
        return kind in self._fields[field]["begins"]

    def _read(self, kind: str, field: str, offsets: Integers, first: int, end: int) -> npt.NDArray[Any]:
        """Read the values of one kind in a field from `offsets[first]` up to `offsets[end]`."""
        dtype = np.dtype(_KINDS[kind])
        start = self._fields[field]["begins"][kind] + int(offsets[first])
        count = int(offsets[end] - offsets[first])
        return np.frombuffer(self._files[kind].get(start * dtype.itemsize, count * dtype.itemsize), dtype)

    def close(self) -> None:
        """Close the files."""
        for file in self._files.values():
            file.close()
