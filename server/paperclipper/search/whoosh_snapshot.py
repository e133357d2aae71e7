"""One generation of an index folder, open for searching. Must not write, nor know of the store."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from whoosh.reading import EmptyReader, MultiReader, SegmentReader
from whoosh.scoring import BM25F
from whoosh.searching import Searcher

from paperclipper.search.document import LABELS, NUMBERS, PASSED_OVER, WORDS, number_signature, posting_signature
from paperclipper.search.index import Finding, Found, Hit, Indexed, Wanted
from paperclipper.search.planner import plan, with_near
from paperclipper.search.query import Query
from paperclipper.search.whoosh_explain import findings
from paperclipper.search.whoosh_folder import Folder, Generation
from paperclipper.search.whoosh_leaves import K1, B
from paperclipper.search.whoosh_partial import partial_hits
from paperclipper.search.whoosh_schema import PAPER, STAMP
from paperclipper.search.whoosh_search import best, counts, full_matches
from paperclipper.search.whoosh_segment import Segment, View

Key = tuple[str, int]


class Snapshot:
    """An open generation. Not for two threads at once.

    Segments that did not change are taken over from the snapshot before, which is then closed. (Whoosh's own `refresh`
    also takes over those whose deletions changed, and keeps segments that were merged away.)
    """

    def __init__(self, folder: Folder, generation: Generation, before: "Snapshot | None" = None) -> None:
        self.folder = folder
        self.generation = generation
        old = dict(before._segments) if before and before.folder is folder else {}
        self._segments: dict[Key, Segment] = {}
        for segment in generation.segments:
            key = (segment.segment_id(), segment.deleted_count())
            kept = old.pop(key, None)
            self._segments[key] = kept or Segment(SegmentReader(folder.storage, generation.schema, segment))
        if before:
            _close_all((old if before.folder is folder else before._segments).values())
        searcher = Searcher(self._reader(), closereader=False, weighting=BM25F(B=B, K1=K1))
        self._view = View(searcher, list(self._segments.values()))

    def _reader(self) -> Any:
        readers = [segment.reader for segment in self._segments.values()]
        if len(readers) > 1:
            return MultiReader(readers, generation=self.generation.number)
        return readers[0] if readers else EmptyReader(self.generation.schema)

    def close(self) -> None:
        """Free the descriptors."""
        _close_all(self._segments.values())

    def papers(self) -> int:
        """How many papers of the reader it holds."""
        passed_over = sum(
            1 for segment in self._segments.values() for _ in _numbers(segment.reader, LABELS, PASSED_OVER)
        )
        return int(self._view.searcher.doc_count()) - passed_over

    def search(self, query: Query, wanted: Wanted) -> Found:
        """As `SearchIndex.search`."""
        made = plan(query, self._view)
        matches = full_matches(self._view, made)
        partial: tuple[Hit, ...] = ()
        if wanted.partial and len(matches) < wanted.few:
            made = with_near(made, self._view)
            partial = partial_hits(self._view, made, wanted.partial)
        facets = counts(matches, wanted.nested) if wanted.facets else {}
        return Found(best(matches, wanted.hits), len(matches), partial, facets, made, self.generation.position)

    def explain(self, query: Query) -> tuple[Finding, ...]:
        """As `SearchIndex.explain`."""
        return findings(self._view, plan(query, self._view))

    def contents(self, *, deep: bool) -> Iterator[Indexed]:
        """As `SearchIndex.contents`."""
        for segment in self._segments.values():
            signatures = _signatures(segment) if deep else {}
            for number, stored in segment.reader.iter_docs():
                yield Indexed(stored[PAPER], stored[STAMP], signatures.get(number, 0) if deep else None)


def _close_all(segments: Iterable[Segment]) -> None:
    for segment in segments:
        segment.reader.close()


def _numbers(reader: Any, field: str, term: str) -> Iterator[int]:
    if (field, term.encode()) in reader:
        yield from reader.postings(field, term.encode()).all_ids()


def _signatures(segment: Segment) -> dict[int, int]:
    signatures: dict[int, int] = defaultdict(int)
    for field, term in segment.reader.all_terms():
        if field == PAPER:
            continue
        matcher = segment.reader.postings(field, term)
        while matcher.is_active():
            positions = matcher.value_as("positions") if field == WORDS else ()
            signatures[matcher.id()] += posting_signature(field, term.decode(), matcher.weight(), positions)
            matcher.next()
    for name in NUMBERS:
        for number, value in enumerate(segment.numbers(name)):
            signatures[number] += number_signature(name, value)
    return signatures
