"""The postings of a segment in files, as plain arrays: what a search wants of a term is a piece of a file.

Five files, each one kind of number for all terms of all fields, field after field: the numbers of papers, and beside
them, where a field has them, weights, kinds of text and positions; and the terms themselves. A sixth says where each field
begins. Numbers are in the machine's own byte order. Must not know of Whoosh, which is told by `whoosh_codec`.
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
    """The terms of a segment and their postings; `first` and `last` are positions of terms, the last one excluded."""

    def all_terms(self) -> Mapping[str, TermDictionary]:
        """Those of each field that has any."""

    def reuse_terms(self, terms: Mapping[str, TermDictionary]) -> None:
        """Take over what `all_terms` gave of the same segment before."""

    def terms(self, field: str) -> TermDictionary:
        """All that a field holds."""

    def numbers(self, field: str, first: int, last: int) -> Integers:
        """The papers' numbers, term by term."""

    def weights(self, field: str, first: int, last: int) -> Floats | None:
        """What a term weighs in each of these; None where all weigh 1."""

    def zone_masks(self, field: str, first: int, last: int) -> Integers | None:
        """The kinds of text that a term is in, a bit for each; None where they are not known."""

    def positions(self, field: str, first: int, last: int) -> Integers | None:
        """The positions of terms, by term and paper; None where they are not known."""

    def position_counts(self, field: str, first: int, last: int) -> Integers:
        """At how many positions each term is, where they are known."""


class OutputFile(Protocol):
    """A file to be written."""

    def write(self, content: bytes) -> Any:
        """At its end."""

    def close(self) -> None:
        """Nothing more comes."""


class InputFile(Protocol):
    """A file to be read."""

    def get(self, position: int, length: int) -> bytes:
        """Bytes at a place."""

    def close(self) -> None:
        """Nothing more is asked."""


class PostingsWriter:
    """Writes postings, which come field by field; a field may come in several pieces."""

    def __init__(self, create: Callable[[str], OutputFile]) -> None:
        self._files = {kind: create(kind) for kind in (FIELDS, TERMS, *_KINDS)}
        self._written = dict.fromkeys(_KINDS, 0)  # how many numbers of each kind
        self._fields: dict[str, _Field] = {}

    def add(self, found: FieldPostings) -> None:
        """Some more terms of a field."""
        field = self._fields.setdefault(found.field, _Field(dict(self._written)))
        columns = (found.numbers, found.weights, found.zone_masks, found.positions)
        for (kind, dtype), column in zip(_KINDS.items(), columns, strict=True):
            if column is not None:
                self._files[kind].write(column.astype(dtype, copy=False).tobytes())
                self._written[kind] += len(column)
        field.add(found, [kind for kind, column in zip(_KINDS, columns, strict=True) if column is not None])

    def close(self) -> None:
        """Write where each field begins."""
        at, fields = 0, {}
        for name, field in self._fields.items():
            written = field.terms()
            self._files[TERMS].write(written)
            fields[name] = field.described(at)
            at += len(written)
        self._files[FIELDS].write(json.dumps(fields).encode())
        for file in self._files.values():
            file.close()


class _Field:
    """The terms of a field that is being written."""

    def __init__(self, begins: dict[str, int]) -> None:
        self._begins = begins
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

    def described(self, at: int) -> dict[str, Any]:
        count = sum(map(len, self._sizes)) // _COUNT.itemsize
        begins = {kind: self._begins[kind] for kind in self._kinds}
        return {"at": at, "terms": count, "bytes": sum(map(len, self._texts)), "begins": begins}


class PostingsReader:
    """Reads what a `PostingsWriter` wrote, as `StoredPostings` says."""

    def __init__(self, open_: Callable[[str], InputFile], length: Callable[[str], int]) -> None:
        self._files = {kind: open_(kind) for kind in (FIELDS, TERMS, *_KINDS)}
        self._fields: dict[str, Any] = json.loads(self._files[FIELDS].get(0, length(FIELDS)))
        self._terms: dict[str, TermDictionary] = {}

    @property
    def fields(self) -> Iterable[str]:
        """Those that have any terms."""
        return self._fields.keys()

    def terms(self, field: str) -> TermDictionary:
        """As `StoredPostings` says; read once."""
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
        """As `StoredPostings` says."""
        return {field: self.terms(field) for field in self._fields}

    def reuse_terms(self, terms: Mapping[str, TermDictionary]) -> None:
        """As `StoredPostings` says."""
        self._terms = dict(terms)

    def numbers(self, field: str, first: int, last: int) -> Integers:
        """As `StoredPostings` says."""
        return self._read(NUMBERS, field, self.terms(field).offsets, first, last)

    def weights(self, field: str, first: int, last: int) -> Floats | None:
        """As `StoredPostings` says."""
        offsets = self.terms(field).offsets
        return self._read(WEIGHTS, field, offsets, first, last) if self._has(field, WEIGHTS) else None

    def zone_masks(self, field: str, first: int, last: int) -> Integers | None:
        """As `StoredPostings` says."""
        offsets = self.terms(field).offsets
        return self._read(ZONES, field, offsets, first, last) if self._has(field, ZONES) else None

    def positions(self, field: str, first: int, last: int) -> Integers | None:
        """As `StoredPostings` says."""
        offsets = self.terms(field).position_offsets
        return self._read(PLACES, field, offsets, first, last) if self._has(field, PLACES) else None

    def position_counts(self, field: str, first: int, last: int) -> Integers:
        """As `StoredPostings` says."""
        return np.diff(self.terms(field).position_offsets[first : last + 1])

    def _has(self, field: str, kind: str) -> bool:
        return kind in self._fields[field]["begins"]

    def _read(self, kind: str, field: str, offsets: Integers, first: int, last: int) -> npt.NDArray[Any]:
        """The numbers of one kind from `offsets[first]` up to `offsets[last]`, counted from the field's beginning."""
        dtype = np.dtype(_KINDS[kind])
        begin, count = (
            self._fields[field]["begins"][kind] + int(offsets[first]),
            int(offsets[last] - offsets[first]),
        )
        written = self._files[kind].get(begin * dtype.itemsize, count * dtype.itemsize)
        return np.frombuffer(written, dtype)

    def close(self) -> None:
        """Free the descriptors."""
        for file in self._files.values():
            file.close()
