"""One generation of an index, open for searching. Must not write, nor depend on the store."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from whoosh.reading import SegmentReader

from paperclipper.search.document import (
    LABELS,
    NEVER_CLIPPED,
    NUMBERS,
    WORDS,
    number_signature,
    posting_signature,
)
from paperclipper.search.index.answer import Answer
from paperclipper.search.index.verification import IndexedPaper
from paperclipper.search.postings.labels import Vocabulary
from paperclipper.search.query.planner import make_plan, with_similar
from paperclipper.search.query.results import ClauseDiagnostics, Hit, Wanted
from paperclipper.search.query.syntax import Query
from paperclipper.search.scoring.diagnostics import diagnose
from paperclipper.search.scoring.facets import count_facets
from paperclipper.search.scoring.ranking import count_matches, evaluate_plan, partial_hits, top_hits
from paperclipper.search.whoosh.index_folder import Generation, IndexFolder
from paperclipper.search.whoosh.index_view import IndexView, SegmentGroup, group_segments
from paperclipper.search.whoosh.schema import PAPER, STAMP
from paperclipper.search.whoosh.segment import Segment, SegmentColumns


class Snapshot:
    """A generation of an index opened for searching. Not thread-safe."""

    def __init__(
        self,
        folder: IndexFolder,
        generation: Generation,
        vocabulary: Vocabulary,
        segments: Sequence[Segment],
        groups: Sequence[SegmentGroup],
    ) -> None:
        self.folder = folder
        self.generation = generation
        self._vocabulary = vocabulary
        self._segments = segments
        self.view = IndexView(groups)

    @classmethod
    def open(
        cls, folder: IndexFolder, generation: Generation, previous: "Snapshot | None" = None
    ) -> "Snapshot":
        """Open a generation. Reuse segments already open in the previous snapshot, and close the others.

        Whoosh's own `refresh` is not used, because it reuses readers whose deletions have changed and keeps
        segments that no longer exist.
        """
        if previous is None or previous.folder is not folder:
            vocabulary = Vocabulary()
            segments = _open_segments(folder, generation, vocabulary, [])
            groups = group_segments(segments, [])
        else:
            vocabulary = previous._vocabulary
            segments = _open_segments(folder, generation, vocabulary, previous._segments)
            groups = group_segments(segments, previous.view.groups)
        if previous:
            previous.close(except_for=segments)
        return cls(folder, generation, vocabulary, segments, groups)

    def close(self, except_for: Sequence[Segment] = ()) -> None:
        """Close the files of all segments except the given ones."""
        for segment in self._segments:
            if segment not in except_for:
                segment.reader.close()

    def papers(self) -> int:
        """Return the number of papers clipped by the reader."""
        return sum(_papers(segment) for segment in self._segments)

    def search(self, query: Query, wanted: Wanted) -> Answer:
        """Search this generation. See `SearchIndex.search`."""
        plan = make_plan(query, self.view)
        found = evaluate_plan(self.view, plan)
        matches = count_matches(found)
        partial: tuple[Hit, ...] = ()
        if wanted.partial and matches < wanted.few:
            plan = with_similar(plan, self.view)
            partial = partial_hits(self.view, plan, found, wanted.partial)
        facets = count_facets(found, self._vocabulary, wanted.nested) if wanted.facets else {}
        hits = top_hits(found, plan.order, wanted.hits)
        return Answer(hits, matches, partial, facets, plan, self.generation.position)

    def diagnose(self, query: Query) -> tuple[ClauseDiagnostics, ...]:
        """Return diagnostics for each clause of a query."""
        plan = make_plan(query, self.view)
        return diagnose(self.view, plan, evaluate_plan(self.view, plan))

    def contents(self, *, deep: bool) -> Iterator[IndexedPaper]:
        """Yield all papers; if `deep`, with signatures, which requires reading every posting."""
        for segment in self._segments:
            signatures = _signatures(segment) if deep else {}
            for number, stored in segment.reader.iter_docs():
                yield IndexedPaper(stored[PAPER], stored[STAMP], signatures.get(number, 0) if deep else None)


def _open_segments(
    folder: IndexFolder, generation: Generation, vocabulary: Vocabulary, open_segments: Sequence[Segment]
) -> list[Segment]:
    """Open the segments of a generation.

    Reuse open segments with unchanged deletions. If only the deletions have changed, reuse the columns.
    """
    open_by_id = {segment.id: segment for segment in open_segments}
    found = []
    for stored in generation.segments:
        segment = open_by_id.get(stored.segment_id())
        if segment is None or segment.deleted_count != stored.deleted_count():
            reader = SegmentReader(folder.storage, generation.schema, stored)
            columns = segment.columns if segment else SegmentColumns(reader, vocabulary)
            segment = Segment(reader, stored, columns)
        found.append(segment)
    return found


def _papers(segment: Segment) -> int:
    stays = segment.live.copy()
    stays[segment.postings(LABELS, NEVER_CLIPPED).numbers] = False
    return int(np.count_nonzero(stays))


def _signatures(segment: Segment) -> dict[int, int]:
    """Return the signatures of all papers by document number."""
    signatures: dict[int, int] = defaultdict(int)
    for field, term in segment.reader.all_terms():
        if field != PAPER:
            _add_posting_signatures(segment, field, term, signatures)
    for name in NUMBERS:
        for number, value in enumerate(segment.columns.numbers[name].tolist()):
            signatures[number] += number_signature(name, value)
    return signatures


def _add_posting_signatures(segment: Segment, field: str, term: bytes, signatures: dict[int, int]) -> None:
    matcher = segment.reader.postings(field, term)
    while matcher.is_active():
        positions = matcher.value_as("positions") if field == WORDS else ()
        signatures[matcher.id()] += posting_signature(field, term.decode(), matcher.weight(), positions)
        matcher.next()
