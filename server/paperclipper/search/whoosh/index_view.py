"""A read-only view of an index for searching: two groups of segments that share one lexicon.

Must not depend on queries.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from copy import copy
from typing import NamedTuple

import numpy as np

from paperclipper.search.document import NUMBERS, STEMS, TITLE
from paperclipper.search.postings import arrays
from paperclipper.search.postings.arrays import Floats, Integers, Mask, MultiTermPostings, Postings
from paperclipper.search.postings.labels import concatenate_labels
from paperclipper.search.postings.term_dictionary import merge_sorted
from paperclipper.search.whoosh.segment import Segment

K1, B = 1.2, 0.75
_LARGE = 500  # papers; segments of at least this size are rarely merged
_MAX_FREQUENCIES = 50_000  # in the cache
_CANDIDATES = 4  # oversampling per segment: terms frequent in one segment may be rare in the others


Candidates = tuple[list[tuple[bytes, int]], bool]
"""Terms of a segment with their document frequencies, and whether the segment has more terms."""


class PapersByLabel(NamedTuple):
    """Posting lists of the labels of closed facets; those of label i start at `offsets[i]`."""

    labels: Integers
    offsets: Integers
    papers: Integers


class SegmentGroup:
    """Several segments searched as one, with consecutive document numbers."""

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
        self.labels = list(map(concatenate_labels, zip(*(each.labels for each in columns), strict=True)))
        self.papers_by_label = self._papers_by_label()

    def _papers_by_label(self) -> PapersByLabel:
        closed = self.labels[0]
        papers = np.repeat(np.arange(self.count, dtype=np.int32), np.diff(closed.offsets))
        order = np.argsort(closed.numbers, kind="stable")
        labels = closed.numbers[order]
        offsets = np.flatnonzero(np.diff(labels, prepend=-1))
        return PapersByLabel(labels[offsets], offsets, papers[order])

    def with_readers(self, segments: Sequence[Segment]) -> "SegmentGroup":
        """Return a copy with reopened segments, which differ only in their deletions."""
        same = copy(self)
        same.segments = segments
        return same

    def postings(self, field: str, term: str) -> Postings:
        """Return the postings of a term."""
        return arrays.concatenate(
            [segment.postings(field, term) for segment in self.segments], self._bases[:-1]
        )

    def postings_of_terms(self, field: str, terms: Sequence[str]) -> MultiTermPostings:
        """Return the postings of several terms."""
        return arrays.concatenate_multi(
            [segment.postings_of_terms(field, terms) for segment in self.segments], self._bases[:-1]
        )

    def zone_masks(self, field: str, term: str) -> Integers | None:
        """Return the zone mask of each posting of a term, or None if a segment does not store zone masks."""
        found = [segment.zone_masks(field, term) for segment in self.segments]
        present = [zone_masks for zone_masks in found if zone_masks is not None]
        return np.concatenate(present) if len(present) == len(found) else None

    def positions(self, term: str) -> Integers:
        """Return the packed positions of a word in ascending order."""
        return arrays.concatenate_positions(
            [segment.positions(term) for segment in self.segments], self._bases[:-1]
        )


def group_segments(segments: Sequence[Segment], previous: Sequence[SegmentGroup]) -> list[SegmentGroup]:
    """Group the large segments, which rarely change, separately from the small ones.

    Reuse groups whose segments have not changed.
    """
    known = {group.id: group for group in previous}
    large = [segment for segment in segments if segment.count >= _LARGE]
    small = [segment for segment in segments if segment.count < _LARGE]
    return [_group(side, known) for side in (large, small) if side]


def _group(segments: Sequence[Segment], known: Mapping[str, SegmentGroup]) -> SegmentGroup:
    same = known.get(" ".join(segment.id for segment in segments))
    return same.with_readers(segments) if same else SegmentGroup(segments)


class _FrequencyCache:
    """Caches the document frequencies of terms over all segments, including deleted papers."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self._segments = segments
        self._cached: dict[tuple[str, str], int] = {}

    def get(self, field: str, term: str) -> int:
        key = (field, term)
        if key not in self._cached:
            if len(self._cached) >= _MAX_FREQUENCIES:
                self._cached.clear()
            encoded = term.encode()
            self._cached[key] = sum(segment.terms(field).frequency(encoded) for segment in self._segments)
        return self._cached[key]

    def add(self, field: str, frequencies: Mapping[str, int]) -> None:
        """Add known frequencies to the cache."""
        self._cached.update({(field, term): count for term, count in frequencies.items()})


class IndexView:
    """All segments of one generation, open for searching. Implements `Lexicon`."""

    def __init__(self, groups: Sequence[SegmentGroup]) -> None:
        self.groups = groups
        self.segments = [segment for group in groups for segment in group.segments]
        self.count = sum(group.count for group in groups)
        self._live = {
            group.id: np.concatenate([segment.live for segment in group.segments]) for group in groups
        }
        self._frequencies = _FrequencyCache(self.segments)
        self._norms: dict[tuple[str, str], Floats] = {}

    def live(self, group: SegmentGroup) -> Mask:
        """Return a mask of the papers of a group that are not deleted."""
        return self._live[group.id]

    def norms(self, group: SegmentGroup, field: str) -> Floats:
        """Return the BM25 length normalisation of each paper of a group. Cached."""
        key = (group.id, field)
        if key not in self._norms:
            self._norms[key] = self._length_norms(group.lengths[field], field)
        return self._norms[key]

    def _length_norms(self, lengths: Floats, field: str) -> Floats:
        total = sum(segment.reader.field_length(field) for segment in self.segments)
        average = total / (self.count or 1) or 1
        return (K1 * ((1 - B) + B * lengths / average)).astype(np.float32)

    def frequency(self, field: str, term: str) -> int:
        """Return how many papers contain a term in a field, including deleted papers."""
        return self._frequencies.get(field, term)

    def terms_with_prefix(self, field: str, prefix: str, limit: int) -> Sequence[str]:
        """Return the first terms that start with a prefix."""
        return merge_sorted(
            [s.terms(field).first_with_prefix(prefix.encode(), limit) for s in self.segments], limit
        )

    def most_frequent_terms(self, field: str, prefix: str, limit: int) -> tuple[Sequence[str], bool]:
        """Return the most frequent terms that start with a prefix, and whether there are more."""
        candidates = [
            segment.terms(field).most_frequent_with_prefix(prefix.encode(), _CANDIDATES * limit)
            for segment in self.segments
        ]
        frequencies = self._candidate_frequencies(field, candidates)
        first = sorted(frequencies, key=lambda term: (-frequencies[term], term))[:limit]
        self._frequencies.add(field, {term: frequencies[term] for term in first})
        return first, len(frequencies) > limit or any(more for _, more in candidates)

    def _candidate_frequencies(self, field: str, candidates: Sequence[Candidates]) -> dict[str, int]:
        """Return the document frequencies of all candidates over all segments.

        A segment with more matching terms than it returned may contain candidates of other segments, so the
        frequencies of those are looked up.
        """
        counted: dict[str, int] = defaultdict(int)
        for found, _ in candidates:
            for term, count in found:
                counted[term.decode()] += count
        incomplete = [{term.decode() for term, _ in found} for found, more in candidates if more]
        counted_everywhere = set.intersection(*incomplete) if incomplete else counted.keys()
        return counted | {term: self.frequency(field, term) for term in counted.keys() - counted_everywhere}

    def similar_terms(self, field: str, term: str, distance: int, limit: int) -> Sequence[str]:
        """Return a superset of the terms within `distance` edits of a term, up to `limit`."""
        return merge_sorted(
            [s.terms(field).similar(term.encode(), distance, limit) for s in self.segments], limit
        )
