"""The segments of an index as one lexicon, in groups that a search evaluates at once. Must not know of queries."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from paperclipper.search.document import NUMBERS, STEMS, TITLE
from paperclipper.search.postings import arrays
from paperclipper.search.postings.arrays import Floats, Integers, Mask, MultiTermPostings, Postings
from paperclipper.search.postings.term_dictionary import merge_sorted
from paperclipper.search.whoosh.segment import Segment

K1, B = 1.2, 0.75
_LARGE = 500  # papers; a segment of so many lives long
_FREQUENCIES = 50_000
_WIDER = (
    4  # times as many terms are compared as are wanted: what is frequent in one segment may not be so in all
)


class SegmentGroup:
    """Segments side by side, their papers numbered through, as though they were one: what a search looks at."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self.segments = segments
        self.id = " ".join(segment.id for segment in segments)
        self._bases = np.cumsum([0, *(segment.count for segment in segments)]).tolist()
        self.count = int(self._bases[-1])
        columns = [segment.columns for segment in segments]
        self.papers = [paper_id for each in columns for paper_id in each.papers]
        self.numbers = {name: np.concatenate([each.numbers[name] for each in columns]) for name in NUMBERS}
        self.lengths = {
            field: np.concatenate([each.lengths[field] for each in columns]) for field in (STEMS, TITLE)
        }
        self.labels = list(
            map(arrays.concatenate_labels, zip(*(each.labels for each in columns), strict=True))
        )
        self.papers_by_label = self._papers_by_label()

    def _papers_by_label(self) -> tuple[Integers, Integers, Integers]:
        """The labels of closed facets, where the papers of each begin, and these."""
        closed = self.labels[0]
        papers = np.repeat(np.arange(self.count, dtype=np.int32), np.diff(closed.offsets))
        order = np.argsort(closed.numbers, kind="stable")
        labels = closed.numbers[order]
        starts = np.flatnonzero(np.diff(labels, prepend=-1))
        return labels[starts], starts, papers[order]

    def postings(self, field: str, term: str) -> Postings:
        """Those of a term."""
        return arrays.concatenate(
            [segment.postings(field, term) for segment in self.segments], self._bases[:-1]
        )

    def postings_of_terms(self, field: str, terms: Sequence[str]) -> MultiTermPostings:
        """Those of several terms."""
        return arrays.concatenate_multi(
            [segment.postings_of_terms(field, terms) for segment in self.segments], self._bases[:-1]
        )

    def zone_masks(self, field: str, term: str) -> Integers | None:
        """The kinds of text that a term is in, for each of its postings; None where a segment does not reuse_terms them."""
        found = [segment.zone_masks(field, term) for segment in self.segments]
        known = [zone_masks for zone_masks in found if zone_masks is not None]
        return np.concatenate(known) if len(known) == len(found) else None

    def positions(self, term: str) -> Integers:
        """The places of a word, ascending."""
        return arrays.concatenate_positions(
            [segment.positions(term) for segment in self.segments], self._bases[:-1]
        )


def group_segments(segments: Sequence[Segment], before: Sequence[SegmentGroup]) -> list[SegmentGroup]:
    """The large segments, which live long, and the small ones; those from before that are still the same."""
    old = {group.id: group for group in before}
    large = [segment for segment in segments if segment.count >= _LARGE]
    small = [segment for segment in segments if segment.count < _LARGE]
    return [_reuse_group(side, old) for side in (large, small) if side]


def _reuse_group(segments: Sequence[Segment], old: Mapping[str, SegmentGroup]) -> SegmentGroup:
    same = old.get(" ".join(segment.id for segment in segments))
    if same is None:
        return SegmentGroup(segments)
    same.segments = segments  # other readers, for others are deleted
    return same


class IndexView:
    """All segments of one generation, as a search sees them."""

    def __init__(self, groups: Sequence[SegmentGroup]) -> None:
        self.groups = groups
        self.segments = [segment for group in groups for segment in group.segments]
        self.count = sum(group.count for group in groups)
        self._alive = [np.concatenate([segment.live for segment in group.segments]) for group in groups]
        self._frequencies: dict[tuple[str, str], int] = {}
        self._norms: dict[tuple[str, str], Floats] = {}

    def live(self, group: SegmentGroup) -> Mask:
        """Which papers of a group are not deleted."""
        return self._alive[self.groups.index(group)]

    def norms(self, group: SegmentGroup, field: str) -> Floats:
        """The part of BM25 that a text's length makes, for each paper of a group."""
        key = (group.id, field)
        if key not in self._norms:
            average = sum(s.reader.field_length(field) for s in self.segments) / (self.count or 1) or 1
            self._norms[key] = (K1 * ((1 - B) + B * group.lengths[field] / average)).astype(np.float32)
        return self._norms[key]

    # As `plan.Lexicon` says

    def frequency(self, field: str, term: str) -> int:
        """In how many papers a field has a term, deleted ones too."""
        key = (field, term)
        if key not in self._frequencies:
            if len(self._frequencies) >= _FREQUENCIES:
                self._frequencies.clear()
            encoded = term.encode()
            self._frequencies[key] = sum(segment.terms(field).frequency(encoded) for segment in self.segments)
        return self._frequencies[key]

    def terms_with_prefix(self, field: str, prefix: str, limit: int) -> Sequence[str]:
        """The first terms that begin so."""
        return merge_sorted(
            [s.terms(field).first_with_prefix(prefix.encode(), limit) for s in self.segments], limit
        )

    def most_frequent_terms(self, field: str, prefix: str, limit: int) -> tuple[Sequence[str], bool]:
        """The most frequent terms that begin so, and whether there are more."""
        counted: dict[str, int] = defaultdict(int)
        cut: list[set[str]] = []  # what is told by each segment that holds more
        for segment in self.segments:
            found, more = segment.terms(field).most_frequent_with_prefix(prefix.encode(), _WIDER * limit)
            for term, count in found:
                counted[term.decode()] += count
            if more:
                cut.append({term.decode() for term, _ in found})
        known = set.intersection(*cut) if cut else set(counted)  # counted in all segments
        counted |= {term: self.frequency(field, term) for term in counted.keys() - known}
        first = sorted(sorted(counted), key=lambda term: -counted[term])[:limit]
        self._frequencies.update({(field, term): counted[term] for term in first})
        return first, bool(cut) or len(counted) > limit

    def similar_terms(self, field: str, term: str, distance: int, limit: int) -> Sequence[str]:
        """TermDictionary that may be spelt nearly the same."""
        return merge_sorted(
            [s.terms(field).similar(term.encode(), distance, limit) for s in self.segments], limit
        )
