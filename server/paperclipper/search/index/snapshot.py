"""One generation of an index folder, open for searching. Must not write, nor know of the store."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

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
from paperclipper.search.postings.arrays import Vocabulary
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

Key = tuple[str, int]


class Snapshot:
    """An open generation. Not for two threads at once.

    Segments that did not change are taken over from the snapshot before, which is then closed; of those whose deletions
    changed, all that was read. (Whoosh's own `refresh` takes over whole those whose deletions changed, and keeps
    segments that were merged away.)
    """

    def __init__(self, folder: IndexFolder, generation: Generation, before: "Snapshot | None" = None) -> None:
        self.folder = folder
        self.generation = generation
        goes_on = before if before and before.folder is folder else None
        self._vocabulary: Vocabulary = goes_on._vocabulary if goes_on else Vocabulary()
        old: dict[Key, Segment] = dict(goes_on._segments) if goes_on else {}
        columns = {segment_id: segment.columns for (segment_id, _), segment in old.items()}
        self._segments: dict[Key, Segment] = {}
        for segment in generation.segments:
            key = (segment.segment_id(), segment.deleted_count())
            same = old.pop(key) if key in old else None
            self._segments[key] = same or self._opened(segment, columns.get(key[0]))
        if before:
            _close_all((old if goes_on else before._segments).values())
        held: Sequence[SegmentGroup] = goes_on.view.groups if goes_on else ()
        self.view: IndexView = IndexView(group_segments(list(self._segments.values()), held))

    def _opened(self, segment: Any, columns: SegmentColumns | None) -> Segment:
        reader = SegmentReader(self.folder.storage, self.generation.schema, segment)
        return Segment(reader, segment.segment_id(), columns or SegmentColumns(reader, self._vocabulary))

    def close(self) -> None:
        """Free the descriptors."""
        _close_all(self._segments.values())

    def papers(self) -> int:
        """How many papers of the reader it holds."""
        return sum(_papers(segment) for segment in self._segments.values())

    def search(self, query: Query, wanted: Wanted) -> Answer:
        """As `SearchIndex.search`."""
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
        """As `SearchIndex.diagnose`."""
        plan = make_plan(query, self.view)
        return diagnose(self.view, plan, evaluate_plan(self.view, plan))

    def contents(self, *, deep: bool) -> Iterator[IndexedPaper]:
        """All that it holds; `deep` reads every posting."""
        for segment in self._segments.values():
            signatures = _signatures(segment) if deep else {}
            for number, stored in segment.reader.iter_docs():
                yield IndexedPaper(stored[PAPER], stored[STAMP], signatures.get(number, 0) if deep else None)


def _close_all(segments: Iterable[Segment]) -> None:
    for segment in segments:
        segment.reader.close()


def _papers(segment: Segment) -> int:
    stays = segment.live.copy()
    stays[segment.postings(LABELS, NEVER_CLIPPED).numbers] = False
    return int(np.count_nonzero(stays))


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
        for number, value in enumerate(segment.columns.numbers[name].tolist()):
            signatures[number] += number_signature(name, value)
    return signatures
