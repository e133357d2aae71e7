"""Access to Whoosh internals: private attributes, and whole columns of a segment as arrays.

Whoosh itself reads columns one value at a time. These functions parse the current format ("whoosh3") written
by `whoosh.columns`; a test compares their results with Whoosh's own.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from whoosh.codec.whoosh3 import LENGTHS_COLUMN
from whoosh.index import TOC
from whoosh.util.numeric import byte_to_length

from paperclipper.search.document import NUMBERS, STEMS, TITLE
from paperclipper.search.postings.arrays import Floats
from paperclipper.search.whoosh.schema import FACETED

_LENGTHS = np.array([byte_to_length(byte) for byte in range(256)], np.float64)


def latest_generation(storage: Any, index_name: str) -> int:
    """Return the number of the newest generation."""
    return int(TOC._latest_generation(storage, index_name))


def terms_reader(reader: Any) -> Any:
    """Return the terms reader created by a segment's codec."""
    return reader._terms


def term_table(terms: Any) -> Any:
    """Return the hash table of terms of a segment written by Whoosh's own codec."""
    return terms._tindex


def number_column(reader: Any, field: str) -> npt.NDArray[np.int64]:
    """Return a column of numbers, one per document; all 0 if an older index lacks the column."""
    size = reader.doc_count_all()
    found = np.zeros(size, np.int64)
    if field in reader.schema and reader.has_column(field):
        column = reader.column_reader(field, translate=False)
        written = np.frombuffer(column._dbfile.get(column._basepos, column._count * column._fixedlen), ">i8")
        found[: len(written)] = written[:size]
    return found


def text_column(reader: Any, field: str) -> list[str] | None:
    """Return a column of texts, one per document, or None if an older index lacks the column."""
    if field not in reader.schema or not reader.has_column(field):
        return None
    column = reader.column_reader(field, translate=False)
    written = column._dbfile.get(column._basepos, int(sum(column._lengths)))
    ends = np.cumsum(np.array(column._lengths, np.int64))
    return [
        written[start:end].decode()
        for start, end in zip([0, *ends[:-1].tolist()], ends.tolist(), strict=True)
    ]


def deleted_numbers(reader: Any) -> list[int]:
    """Return the document numbers of a segment's deleted documents."""
    return list(reader._perdoc.deleted_docs())


def field_lengths(reader: Any, field: str) -> Floats:
    """Return the length of a field in each document, rounded as Whoosh does for scoring."""
    size = reader.doc_count_all()
    found = np.zeros(size, np.uint8)
    column = reader._perdoc._cached_reader(f"_{field}_len", LENGTHS_COLUMN)
    if column is not None:
        written = np.frombuffer(column._dbfile.get(column._basepos, column._count), np.uint8)
        found[: len(written)] = written[:size]
    return _LENGTHS[found]


def stored_rows(reader: Any) -> Iterator[tuple[dict[str, Any], dict[str, int]]]:
    """Yield the stored values (including columns) and the field lengths of each live document."""
    columns: dict[str, Sequence[Any]] = {name: number_column(reader, name).tolist() for name in NUMBERS}
    columns[FACETED] = [
        text.encode() for text in text_column(reader, FACETED) or [""] * reader.doc_count_all()
    ]
    long = {field: field_lengths(reader, field).astype(int).tolist() for field in (STEMS, TITLE)}
    for number, stored in reader.iter_docs():
        values = {name: column[number] for name, column in columns.items()}
        yield {**stored, **values}, {field: column[number] for field, column in long.items()}
