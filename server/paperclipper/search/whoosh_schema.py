"""How Whoosh keeps an index document: its fields, and its ways to write positions and kinds of text.

Whoosh pickles these classes into the index, so they may move only together with a new ANALYSIS_VERSION.
"""

from array import array
from collections.abc import Iterator
from typing import Any

from whoosh import columns, fields, formats

from paperclipper.search.document import (
    ACRONYMS,
    LABELS,
    NUMBERS,
    STEMS,
    TITLE,
    WHOLE_TITLE,
    WORDS,
    IndexDocument,
    Posting,
    Postings,
)

PAPER = "paper"
STAMP = "stamp"
FACETED = "faceted"  # the labels that are counted over all matches, each on a line


class WordPositions(formats.Positions):  # type: ignore[misc]
    """Positions as plain 32-bit numbers; Whoosh's own format pickles them, at three times the size and time."""

    def encode(self, poslist: list[int]) -> bytes:
        """The positions in the machine's byte order, which Whoosh's table of contents guards."""
        return array("I", poslist).tobytes()

    def decode_positions(self, valuestring: bytes) -> list[int]:
        """What `encode` was given."""
        return array("I", valuestring).tolist()

    def decode_frequency(self, valuestring: bytes) -> int:
        """How often the word occurs."""
        return len(valuestring) // array("I").itemsize

    def value(self, posting: Posting) -> bytes:
        """What is written beside the paper's number."""
        return self.encode(posting.positions)


class TextParts(formats.Existence):  # type: ignore[misc]
    """The kinds of text that a term is in, a bit for each."""

    def fixed_value_size(self) -> int:
        """In bytes."""
        return array("H").itemsize

    def value(self, posting: Posting) -> bytes:
        """What is written beside the paper's number."""
        return array("H", (posting.parts,)).tobytes()


class Presence(formats.Existence):  # type: ignore[misc]
    """Nothing but that the term is there."""

    def value(self, posting: Posting) -> bytes:
        """What is written beside the paper's number."""
        return b""


def _nothing(posting: Posting) -> bytes:
    return b""


class PostingsField(fields.FieldType):  # type: ignore[misc]
    """A field that is given its postings ready made: the text was analysed before Whoosh."""

    def __init__(self, written: Any, *, scorable: bool = True) -> None:
        super().__init__(written, analyzer=None, scorable=scorable)

    def index(self, value: Postings, **options: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Whoosh's (term, frequency, weight, value)."""
        written = getattr(self.format, "value", _nothing)  # an older index has formats that say nothing
        for term, posting in value.items():
            yield term.encode(), posting.count, posting.weight, written(posting)


def new_schema() -> fields.Schema:
    """The fields of an index document; ids and stamps alone are stored."""
    numbers = {name: fields.COLUMN(columns.NumericColumn("q")) for name in NUMBERS}
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
            **numbers,
        }
    )


def whoosh_fields(document: IndexDocument, schema: fields.Schema) -> dict[str, Any]:
    """The document as Whoosh's writer takes it; an index of an older analysis gets the fields that it knows."""
    faceted = "\n".join(" ".join(label.split("\n")) for label in document.faceted)
    everything = {**document.fields, **document.numbers, FACETED: faceted.encode()}
    known = {name: value for name, value in everything.items() if name in schema}
    return {PAPER: document.paper_id, STAMP: document.stamp, **known}
