"""The Whoosh schema of index documents, and the formats of positions and zone masks.

Whoosh pickles the names of these classes into the index, so the names must not change.
"""

from array import array
from collections.abc import Iterable
from typing import Any

from whoosh import columns, fields, formats

from paperclipper.model import IndexEntry, Paper
from paperclipper.search.document import (
    ACRONYMS,
    LABELS,
    NUMBERS,
    STEMS,
    TITLE,
    WHOLE_TITLE,
    WORDS,
    facet_labels,
    numbers,
)

PAPER = "paper"
STAMP = "stamp"
FACETED = "faceted"  # the labels counted by facets, one per line


class WordPositions(formats.Positions):  # type: ignore[misc]
    """Positions as 32-bit integers. Whoosh's own format pickles them, taking triple the size and time."""

    def decode_positions(self, valuestring: bytes) -> list[int]:
        """Return the positions.

        They are stored in native byte order, which Whoosh checks when it reads the table of contents.
        """
        return array("I", valuestring).tolist()

    def decode_frequency(self, valuestring: bytes) -> int:
        """Return the number of occurrences of the word."""
        return len(valuestring) // array("I").itemsize


class TextParts(formats.Existence):  # type: ignore[misc]
    """The zone mask of a term: one bit for each kind of text that contains the term."""

    def fixed_value_size(self) -> int:
        """Return the size of a value in bytes."""
        return array("H").itemsize


class Presence(formats.Existence):  # type: ignore[misc]
    """Postings without values, which only record that a document contains the term."""


class PostingsField(fields.FieldType):  # type: ignore[misc]
    """A field whose postings are supplied by the caller; Whoosh analyses no text."""

    def __init__(self, written: Any, *, scorable: bool = True) -> None:
        super().__init__(written, analyzer=None, scorable=scorable)


def new_schema() -> fields.Schema:
    """Return the schema of an index document. Only the id and the stamp are stored fields."""
    sortable = {name: fields.COLUMN(columns.NumericColumn("q")) for name in NUMBERS}
    return fields.Schema(
        **{
            PAPER: fields.ID(unique=True, stored=True, sortable=columns.VarBytesColumn()),
            STAMP: fields.STORED(),
            FACETED: fields.COLUMN(columns.VarBytesColumn()),
            STEMS: PostingsField(TextParts()),
            WORDS: PostingsField(WordPositions(), scorable=False),
            TITLE: PostingsField(Presence()),
            WHOLE_TITLE: PostingsField(Presence(), scorable=False),
            ACRONYMS: PostingsField(Presence(), scorable=False),
            LABELS: PostingsField(Presence(), scorable=False),
            **sortable,
        }
    )


def stored_values(entry: IndexEntry, paper: Paper, labels: Iterable[str]) -> dict[str, Any]:
    """Return the stored and column values of a paper by field name."""
    lines = "\n".join(" ".join(label.split("\n")) for label in facet_labels(labels))
    return {PAPER: paper.id, STAMP: entry.index_stamp, FACETED: lines.encode(), **numbers(paper)}
