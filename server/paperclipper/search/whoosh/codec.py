"""A Whoosh codec for our postings files.

Terms and postings use the format of `postings.files`; stored documents and columns keep Whoosh's own format
("whoosh3"). Whoosh's own operations on an index (deletion, verification, its searcher) therefore still work.
Whoosh pickles the name of the codec class into the index, so the name must not change.
"""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

import numpy as np
from whoosh.codec.base import FieldCursor, FieldWriter, TermsReader
from whoosh.codec.whoosh3 import W3Codec
from whoosh.matching import ListMatcher
from whoosh.reading import TermInfo, TermNotFound

from paperclipper.search.postings.arrays import POSITION_BITS, FieldPostings, Integers
from paperclipper.search.postings.files import PostingsReader, PostingsWriter

_Term = tuple[str, bytes]


class ListsCodec(W3Codec):  # type: ignore[misc]
    """Whoosh's own codec with a different format for terms and postings."""

    length_stats = False

    def field_writer(self, storage: Any, segment: Any) -> "PostingsFieldWriter":
        """Return a writer for the terms and postings of a segment."""
        return PostingsFieldWriter(storage, segment)

    def terms_reader(self, storage: Any, segment: Any) -> "PostingsTermsReader":
        """Return a reader for the terms and postings of a segment."""
        return PostingsTermsReader(storage, segment)


class PostingsFieldWriter(FieldWriter):  # type: ignore[misc]
    """Writes postings supplied as arrays."""

    def __init__(self, storage: Any, segment: Any) -> None:
        self._writer = PostingsWriter(partial(segment.create_file, storage))
        self.is_closed = False

    def add_postings(self, schema: Any, lengths: Any, postings: Iterable[FieldPostings]) -> None:
        """Write all postings, which must be ordered by field and term."""
        for found in postings:
            if found.field in schema and len(found.numbers):
                self._writer.add(found)

    def close(self) -> None:
        """Finish and close the files."""
        self._writer.close()
        self.is_closed = True


class PostingsTermsReader(TermsReader):  # type: ignore[misc]
    """Gives Whoosh access to the terms and postings of a segment."""

    def __init__(self, storage: Any, segment: Any) -> None:
        self.stored_postings = PostingsReader(
            lambda kind: segment.open_file(storage, kind),
            lambda kind: int(storage.file_length(segment.make_filename(kind))),
        )

    def __contains__(self, term: _Term) -> bool:
        field, text = term
        return self.stored_postings.terms(field).index_of(text) is not None

    def indexed_field_names(self) -> Iterable[str]:
        """Return the names of the fields that have terms."""
        return self.stored_postings.fields

    def cursor(self, fieldname: str, fieldobj: Any) -> "_Cursor":
        """Return a cursor over the terms of a field."""
        return _Cursor(self, fieldname, fieldobj)

    def terms(self) -> Iterator[_Term]:
        """Yield every (field, term) pair, in order."""
        return (
            (field, term)
            for field in self.stored_postings.fields
            for term in self.stored_postings.terms(field)
        )

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[_Term]:
        """Yield every (field, term) pair from the given one onwards."""
        return (term for term in self.terms() if term >= (fieldname, prefix))

    def items(self) -> Iterator[tuple[_Term, TermInfo]]:
        """Yield every (field, term) pair with its statistics."""
        return ((term, self.term_info(*term)) for term in self.terms())

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[_Term, TermInfo]]:
        """Yield every (field, term) pair from the given one onwards, with its statistics."""
        return ((term, self.term_info(*term)) for term in self.terms_from(fieldname, prefix))

    def _index(self, fieldname: str, text: bytes) -> int:
        index = self.stored_postings.terms(fieldname).index_of(text)
        if index is None:
            raise TermNotFound(f"No term {fieldname}:{text!r}")
        return index

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        """Return the statistics of a term. Raise TermNotFound if it does not exist."""
        index = self._index(fieldname, text)
        numbers = self.stored_postings.numbers(fieldname, index, index + 1)
        weights = self._weights(fieldname, index)
        return TermInfo(
            float(weights.sum()), len(numbers), 0, 0, float(weights.max()), int(numbers[0]), int(numbers[-1])
        )

    def _weights(self, field: str, index: int) -> Any:
        weights = self.stored_postings.weights(field, index, index + 1)
        return np.ones(int(self.stored_postings.terms(field).counts[index])) if weights is None else weights

    def frequency(self, fieldname: str, text: bytes) -> float:
        """Return the total weight of a term in all documents. Raise TermNotFound if it does not exist."""
        return float(self._weights(fieldname, self._index(fieldname, text)).sum())

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        """Return the number of documents that contain a term."""
        return self.stored_postings.terms(fieldname).frequency(text)

    def matcher(self, fieldname: str, text: bytes, format_: Any, scorer: Any = None) -> ListMatcher:
        """Return a matcher over the postings of a term. Raise TermNotFound if it does not exist."""
        index = self._index(fieldname, text)
        numbers = self.stored_postings.numbers(fieldname, index, index + 1)
        return ListMatcher(
            numbers.tolist(),
            self._weights(fieldname, index).tolist(),
            self._values(fieldname, index, numbers),
            format_,
            scorer=scorer,
            term=(fieldname, text),
            terminfo=self.term_info(fieldname, text),
        )

    def _values(self, field: str, index: int, numbers: Integers) -> list[bytes]:
        """Return the value of each posting of a term, encoded in the field's format."""
        zone_masks = self.stored_postings.zone_masks(field, index, index + 1)
        if zone_masks is not None:
            return [part.tobytes() for part in zone_masks]
        positions = self.stored_postings.positions(field, index, index + 1)
        if positions is None:
            return [b""] * len(numbers)
        ends = np.searchsorted(positions >> POSITION_BITS, numbers, "right")
        return [each.astype(np.uint32).tobytes() for each in np.split(positions, ends[:-1])]

    def close(self) -> None:
        """Close the files."""
        self.stored_postings.close()


class _Cursor(FieldCursor):  # type: ignore[misc]
    """A cursor over the terms of a field."""

    def __init__(self, reader: PostingsTermsReader, field: str, kind: Any) -> None:
        self._reader, self._field, self._kind = reader, field, kind
        self._terms = reader.stored_postings.terms(field)
        self._at = 0

    def first(self) -> Any:
        """Move to the first term and return it."""
        return self._go(0)

    def find(self, term: Any) -> Any:
        """Move to the first term greater than or equal to the given one and return it."""
        return self._go(
            self._terms.lower_bound(term if isinstance(term, bytes) else self._kind.to_bytes(term))
        )

    def next(self) -> Any:
        """Move to the next term and return it."""
        return self._go(self._at + 1)

    def _go(self, index: int) -> Any:
        self._at = index
        return self.text()

    def text(self) -> Any:
        """Return the current term, or None past the end."""
        return self._kind.from_bytes(self._terms[self._at]) if self.is_valid() else None

    def term_info(self) -> TermInfo | None:
        """Return the statistics of the current term, or None past the end."""
        return self._reader.term_info(self._field, self._terms[self._at]) if self.is_valid() else None

    def is_valid(self) -> bool:
        """Return False once the cursor is past the last term."""
        return self._at < len(self._terms)
