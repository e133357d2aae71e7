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
from whoosh.codec.whoosh3 import LENGTHS_COLUMN, WHOOSH3_HEADER_MAGIC
from whoosh.reading import TermNotFound
from whoosh.util.numeric import byte_to_length

Integers = npt.NDArray[np.integer[Any]]
Floats = npt.NDArray[np.float64]

_BLOCK_LENGTH = struct.Struct("!i")
_LENGTHS = np.array([byte_to_length(byte) for byte in range(256)], np.float64)


class RawPostings(NamedTuple):
    """A term's postings in one segment: the papers' numbers, ascending, their weights, and what is written beside.

    `sizes` are the bytes of each value; None where all are of one size.
    """

    numbers: npt.NDArray[np.int32]
    weights: Floats
    values: bytes
    sizes: npt.NDArray[np.int32] | None


def postings(reader: Any, field: str, term: bytes) -> RawPostings | None:
    """All postings of a term, deleted papers' too; None where there are none."""
    if field not in reader.schema:
        return None
    try:
        offset, (length,) = reader.term_info(field, term).extent()  # Whoosh forgets to unpack it
    except TermNotFound:
        return None
    blocks = _blocks(reader._terms._postfile.get(offset, length))
    numbers = np.concatenate([np.cumsum(np.array(ids, np.int32), dtype=np.int32) for ids, _, _ in blocks])
    weights = np.concatenate([_weights(given, len(ids)) for ids, given, _ in blocks])
    apart = [value for _, _, values in blocks if isinstance(values, tuple) for value in values]
    if apart:
        sizes = np.fromiter(map(len, apart), np.int32, len(apart))
        return RawPostings(numbers, weights, b"".join(apart), sizes)
    return RawPostings(numbers, weights, b"".join(values for _, _, values in blocks if values), None)


def _blocks(written: bytes) -> list[tuple[tuple[int, ...], Any, Any]]:
    """Of each block the numbers (each but the first as the difference to the one before), weights and values."""
    if not written.startswith(WHOOSH3_HEADER_MAGIC):
        raise ValueError("these are no postings")
    file = BytesIO(written)
    at, last, found = len(WHOOSH3_HEADER_MAGIC), False, []
    while not last:
        (length,) = _BLOCK_LENGTH.unpack_from(written, at)
        last, at = length < 0, at + _BLOCK_LENGTH.size
        file.seek(at)
        pickle.load(file)  # what is in the block, for those who skip
        found.append(pickle.load(file))
        at += abs(length)
    return found


def _weights(given: float | tuple[float, ...] | None, count: int) -> Floats:
    if isinstance(given, tuple):
        return np.array(given, np.float64)
    return np.full(count, 1.0 if given is None else given, np.float64)


def frequency(reader: Any, field: str, term: bytes) -> int:
    """In how many papers of a segment a field has a term, deleted ones too."""
    return int(reader.doc_frequency(field, term)) if field in reader.schema else 0


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
