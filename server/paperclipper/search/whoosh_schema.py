"""How Whoosh keeps an index document: its fields and its way to write positions.

Whoosh pickles these classes into the index, so they may move only together with a new ANALYSIS_VERSION.
"""

from array import array
from collections.abc import Iterator
from typing import Any

from whoosh import fields, formats

from paperclipper.search.document import LABELS, STEMS, TITLE, WHOLE_TITLE, WORDS, IndexDocument, Postings

PAPER = "paper"
STAMP = "stamp"


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


class PostingsField(fields.FieldType):  # type: ignore[misc]
    """A field that is given its postings ready made: the text was analysed before Whoosh."""

    def __init__(self, *, positions: bool = False, scorable: bool = True) -> None:
        super().__init__(WordPositions() if positions else formats.Existence(), analyzer=None, scorable=scorable)
        self.has_positions = positions

    def index(self, value: Postings, **options: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Whoosh's (term, frequency, weight, value)."""
        for term, posting in value.items():
            encoded = self.format.encode(posting.positions) if self.has_positions else b""
            yield term.encode(), len(posting.positions), posting.weight, encoded


def new_schema() -> fields.Schema:
    """The fields of an index document; ids and stamps alone are stored."""
    return fields.Schema(
        **{
            PAPER: fields.ID(unique=True, stored=True),
            STAMP: fields.STORED(),
            STEMS: PostingsField(),
            WORDS: PostingsField(positions=True),
            TITLE: PostingsField(),
            WHOLE_TITLE: PostingsField(scorable=False),
            LABELS: PostingsField(scorable=False),
        }
    )


def whoosh_fields(document: IndexDocument, schema: fields.Schema) -> dict[str, Any]:
    """The document as Whoosh's writer takes it; an index of an older analysis gets the fields that it knows."""
    known = {name: postings for name, postings in document.fields.items() if name in schema}
    return {PAPER: document.paper_id, STAMP: document.stamp, **known}
