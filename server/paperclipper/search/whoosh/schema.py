"""How Whoosh keeps an index document: its fields, and its ways to write positions and kinds of text.

Whoosh pickles these classes into the index, so they may move only together with a new ANALYSIS_VERSION.
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
FACETED = "faceted"  # the labels that are counted over all matches, each on a line


class WordPositions(formats.Positions):  # type: ignore[misc]
    """Positions as plain 32-bit numbers; Whoosh's own format pickles them, at three times the size and time."""

    def decode_positions(self, valuestring: bytes) -> list[int]:
        """The positions, written in the machine's byte order, which Whoosh's table of contents guards."""
        return array("I", valuestring).tolist()

    def decode_frequency(self, valuestring: bytes) -> int:
        """How often the word occurs."""
        return len(valuestring) // array("I").itemsize


class TextParts(formats.Existence):  # type: ignore[misc]
    """The kinds of text that a term is in, a bit for each."""

    def fixed_value_size(self) -> int:
        """In bytes."""
        return array("H").itemsize


class Presence(formats.Existence):  # type: ignore[misc]
    """Nothing but that the term is there."""


class PostingsField(fields.FieldType):  # type: ignore[misc]
    """A field that is given its postings ready made: the text was analysed before Whoosh."""

    def __init__(self, written: Any, *, scorable: bool = True) -> None:
        super().__init__(written, analyzer=None, scorable=scorable)


def new_schema() -> fields.Schema:
    """The fields of an index document; ids and stamps alone are stored."""
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
    """What is stored of a paper, and its value in each column."""
    lines = "\n".join(" ".join(label.split("\n")) for label in facet_labels(labels))
    return {PAPER: paper.id, STAMP: entry.index_stamp, FACETED: lines.encode(), **numbers(paper)}
