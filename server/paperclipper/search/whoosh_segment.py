"""A segment of a Whoosh index, and all segments together as one lexicon. Must not know of queries."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from sys import intern
from typing import Any

from whoosh.searching import Searcher

from paperclipper.search.whoosh_schema import FACETED, PAPER


class Segment:
    """A segment's reader, and what of it is kept once it was read."""

    def __init__(self, reader: Any) -> None:
        self.reader = reader
        self._numbers: dict[str, Sequence[int]] = {}
        self._papers: dict[int, tuple[str, tuple[str, ...]]] = {}

    def numbers(self, name: str) -> Sequence[int]:
        """A number of every paper, deleted ones too; 0 where an older index does not know it."""
        if name not in self._numbers:
            known = name in self.reader.schema
            column = (
                self.reader.column_reader(name, translate=False) if known else [0] * int(self.reader.doc_count_all())
            )
            self._numbers[name] = list(column)
        return self._numbers[name]

    def paper_id(self, number: int) -> str:
        """The id of a paper."""
        return self._paper(number)[0]

    def faceted(self, number: int) -> tuple[str, ...]:
        """The labels of a paper that are counted."""
        return self._paper(number)[1]

    def _paper(self, number: int) -> tuple[str, tuple[str, ...]]:
        if number not in self._papers:
            stored = self.reader.stored_fields(number)
            self._papers[number] = stored[PAPER], tuple(intern(label) for label in stored.get(FACETED, ()))
        return self._papers[number]


class View:
    """All segments of one generation, as a search sees them."""

    def __init__(self, searcher: Searcher, segments: Sequence[Segment]) -> None:
        self.searcher = searcher
        self._by_reader: Mapping[int, Segment] = {id(segment.reader): segment for segment in segments}

    def leaves(self) -> Iterator[tuple[Any, Segment]]:
        """Each segment with a searcher of its own."""
        for searcher, _ in self.searcher.leaf_searchers():
            if id(searcher.reader()) in self._by_reader:
                yield searcher, self._by_reader[id(searcher.reader())]

    def numbers(self, reader: Any, name: str) -> Sequence[int]:
        """The column of a segment's reader."""
        return self._by_reader[id(reader)].numbers(name)

    # As `plan.Lexicon` says

    def frequency(self, field: str, term: str) -> int:
        """In how many papers a field has a term, deleted ones too."""
        reader = self.searcher.reader()
        return int(reader.doc_frequency(field, term.encode())) if field in reader.schema else 0

    def beginning(self, field: str, prefix: str, limit: int) -> Sequence[str]:
        """The first terms that begin so."""
        reader = self.searcher.reader()
        if field not in reader.schema:
            return ()
        return [term.decode() for term in islice(reader.expand_prefix(field, prefix.encode()), limit)]
