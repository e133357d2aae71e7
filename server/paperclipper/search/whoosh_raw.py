"""Whole lists of postings and whole columns of a segment as arrays. All that we read of Whoosh's inside is here.

Whoosh walks postings one by one, and columns value by value. What is read is its present format ("whoosh3"), as
`whoosh.codec.whoosh3` and `whoosh.columns` write it; a test compares it with what Whoosh itself reads.
"""

import pickle
import struct
from io import BytesIO
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from whoosh.codec.whoosh3 import LENGTHS_COLUMN, WHOOSH3_HEADER_MAGIC, W3TermInfo
from whoosh.util.numeric import byte_to_length

from paperclipper.search.postings import Floats
from paperclipper.search.whoosh_terms import Terms

_BLOCK_LENGTH = struct.Struct("!i")
_LENGTHS = np.array([byte_to_length(byte) for byte in range(256)], np.float64)


class RawPostings(NamedTuple):
    """Postings of terms in one segment, term by term; those of term i are from `starts[i]` up to `starts[i + 1]`.

    They are the papers' numbers, ascending within a term, their weights, and what is written beside, with the bytes of
    each value.
    """

    starts: npt.NDArray[np.int64]
    numbers: npt.NDArray[np.integer[Any]]
    weights: Floats
    values: bytes
    sizes: npt.NDArray[np.int64]


def terms(reader: Any) -> dict[str, Terms]:
    """The terms of each field.

    A record is the lengths of key and value (`!ii`), the key (the field's number as `!H`, the term), and the value (a
    `W3TermInfo`, and the offset and length of the postings as `!qi`).
    """
    table = reader._terms._tindex
    written = np.frombuffer(table.dbfile.get(0, table.endofdata), np.uint8)
    records = np.array(table.dbfile.get_array(table.indexbase, table.extras["indextype"], table.indexlen), np.int64)
    fields = _number(written, records + _KEY, 2)
    return {name: _terms(written, records[fields == number]) for name, number in table.extras["fieldmap"].items()}


_KEY = struct.calcsize("!ii")
_TERM = _KEY + struct.calcsize("!H")
_FREQUENCY = struct.calcsize("!Bf")
_EXTENT = W3TermInfo._struct.size


def _terms(written: npt.NDArray[np.uint8], records: npt.NDArray[np.int64]) -> Terms:
    sizes = _number(written, records, 4) - (_TERM - _KEY)
    values = records + _TERM + sizes
    ends = np.cumsum(sizes)
    # For each byte of all terms, where it lies.
    places = np.arange(int(sizes.sum())) + np.repeat(records + _TERM - (ends - sizes), sizes)
    extents = [_number(written, values + _EXTENT, 8), _number(written, values + _EXTENT + 8, 4)]
    frequencies = _number(written, values + _FREQUENCY, 4).astype(np.int32)
    return Terms(written[places].tobytes(), ends, frequencies, np.stack(extents, axis=1))


def _number(written: npt.NDArray[np.uint8], places: npt.NDArray[np.int64], size: int) -> npt.NDArray[np.int64]:
    """The numbers of so many bytes, the first the most significant, at each of these places."""
    found = np.zeros(len(places), np.int64)
    for i in range(size):
        found = (found << 8) | written[places + i]
    return found


def postings(reader: Any, extents: npt.NDArray[np.int64]) -> RawPostings:
    """All postings of terms that follow each other, deleted papers' too; `Terms.extents` says where they are."""
    begin, end = int(extents[0, 0]), int(extents[-1].sum())
    written = reader._terms._postfile.get(begin, end - begin)
    read, counts = _Blocks(), [0]
    for offset in (extents[:, 0] - begin).tolist():
        read.add_term(written, offset)
        counts.append(len(read.steps))
    return RawPostings(np.array(counts), read.numbers(), np.array(read.weights), b"".join(read.values), read.sizes())


class _Blocks:
    """What blocks of postings say, one behind the other."""

    def __init__(self) -> None:
        self.steps: list[int] = []  # from the number before; the first of a block is itself a number
        self.weights: list[float] = []
        self.values: list[bytes] = []
        self._lengths: list[int] = []
        self._are_apart = False

    def add_term(self, written: bytes, at: int) -> None:
        """All blocks of the term whose postings begin there."""
        if not written.startswith(WHOOSH3_HEADER_MAGIC, at):
            raise ValueError("these are no postings")
        at, last = at + len(WHOOSH3_HEADER_MAGIC), False
        while not last:
            (length,) = _BLOCK_LENGTH.unpack_from(written, at)
            last, at = length < 0, at + _BLOCK_LENGTH.size
            file = BytesIO(written[at : at + abs(length)])
            pickle.load(file)  # noqa: S301 - of a segment that was proved; what is in the block, for those who skip
            self._add(*pickle.load(file))  # noqa: S301
            at += abs(length)

    def _add(self, steps: tuple[int, ...], weights: float | tuple[float, ...] | None, values: Any) -> None:
        self.steps += steps
        self._lengths.append(len(steps))
        self.weights += weights if isinstance(weights, tuple) else [1.0 if weights is None else weights] * len(steps)
        if isinstance(values, tuple):
            self.values += values
            self._are_apart = True
        elif values:
            self.values.append(values)

    def numbers(self) -> npt.NDArray[np.int32]:
        """The papers'."""
        steps = np.array(self.steps, np.int64)
        reached = np.cumsum(steps)
        lengths = np.array(self._lengths)
        first = np.cumsum(lengths) - lengths
        found: npt.NDArray[np.int64] = reached - np.repeat(reached[first] - steps[first], lengths)
        return found.astype(np.int32)

    def sizes(self) -> npt.NDArray[np.int64]:
        """The bytes of each value."""
        if self._are_apart and self.values:
            return np.fromiter(map(len, self.values), np.int64, len(self.values))
        return np.full(len(self.steps), sum(map(len, self.values)) // len(self.steps))


def numbers(reader: Any, field: str) -> npt.NDArray[np.int64]:
    """A column of numbers, one for each paper; 0 where an older index has no such column."""
    size = reader.doc_count_all()
    found = np.zeros(size, np.int64)
    if field in reader.schema and reader.has_column(field):
        column = reader.column_reader(field, translate=False)
        written = np.frombuffer(column._dbfile.get(column._basepos, column._count * column._fixedlen), ">i8")
        found[: len(written)] = written[:size]
    return found


def texts(reader: Any, field: str) -> list[str] | None:
    """A column of texts, one for each paper; None where an older index has no such column."""
    if field not in reader.schema or not reader.has_column(field):
        return None
    column = reader.column_reader(field, translate=False)
    written = column._dbfile.get(column._basepos, int(sum(column._lengths)))
    ends = np.cumsum(np.array(column._lengths, np.int64))
    return [written[start:end].decode() for start, end in zip([0, *ends[:-1].tolist()], ends.tolist(), strict=True)]


def lengths(reader: Any, field: str) -> Floats:
    """How long a field is in each paper, rounded as Whoosh rounds it for scoring."""
    size = reader.doc_count_all()
    found = np.zeros(size, np.uint8)
    column = reader._perdoc._cached_reader(f"_{field}_len", LENGTHS_COLUMN)
    if column is not None:
        written = np.frombuffer(column._dbfile.get(column._basepos, column._count), np.uint8)
        found[: len(written)] = written[:size]
    return _LENGTHS[found]
