"""Compares an index with its source."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from paperclipper.model import IndexEntry
from paperclipper.search.document import document, signature
from paperclipper.search.index.protocol import Difference, IndexSource

_BATCH_ENTRIES = 200


@dataclass(frozen=True)
class IndexedPaper:
    """A paper in an index. `signature` is a hash of all its postings and numbers, or None if not computed."""

    paper_id: str
    stamp: int
    signature: int | None = None


def find_differences(source: IndexSource, indexed: Iterable[IndexedPaper], *, deep: bool) -> list[Difference]:
    """Return the differences between a source and the papers of an index. See `SearchIndex.verify`."""
    papers, found = _by_id(indexed)
    for entry in _live_entries(source):
        difference = _difference(entry, papers.pop(entry.paper_id, None), deep=deep)
        if difference:
            found.append(Difference(entry.paper_id, difference))
    return found + [Difference(paper_id, "should not be in the index") for paper_id in papers]


def _by_id(indexed: Iterable[IndexedPaper]) -> tuple[dict[str, IndexedPaper], list[Difference]]:
    papers: dict[str, IndexedPaper] = {}
    duplicates = []
    for paper in indexed:
        if paper.paper_id in papers:
            duplicates.append(Difference(paper.paper_id, "is in the index twice"))
        papers[paper.paper_id] = paper
    return papers, duplicates


def _live_entries(source: IndexSource) -> Iterator[IndexEntry]:
    stamp = 0
    while entries := source.entries_after(stamp, _BATCH_ENTRIES)[1]:
        yield from (entry for entry in entries if entry.paper is not None)
        stamp = entries[-1].index_stamp


def _difference(entry: IndexEntry, indexed: IndexedPaper | None, *, deep: bool) -> str:
    """Describe the difference; return an empty string if there is none."""
    if indexed is None:
        return "is missing from the index"
    if indexed.stamp != entry.index_stamp:
        return f"is at stamp {indexed.stamp}, not {entry.index_stamp}"
    if deep and indexed.signature != signature(document(entry)):
        return "has other terms in the index"
    return ""
