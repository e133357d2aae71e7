"""The interface of a library's search index, independent of the engine that implements it.

An index is derived from its source: it contains the current state of every paper, and records its position
in the source. It can be deleted at any time and is then rebuilt from the source. It accesses the store only
through an `IndexSource`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from paperclipper.model import IndexEntry, Position
from paperclipper.search.index.answer import Answer
from paperclipper.search.query.results import ClauseDiagnostics, Wanted
from paperclipper.search.query.syntax import Query


class IndexSource(Protocol):
    """The papers of one library, ordered by index stamp."""

    def head(self) -> Position:
        """Return the current position: that of an up-to-date index."""

    def entries_after(self, stamp: int, limit: int) -> tuple[Position, list[IndexEntry]]:
        """Return the head, and up to `limit` entries with later stamps, in order.

        Both are read from the same snapshot of the store.
        """


@dataclass(frozen=True)
class IndexStatus:
    """The state of an index. `position` is None if the index must be rebuilt before it can be searched.

    `papers` is the number of papers clipped by the reader. `is_current` is False if the index was written
    with an older analysis version; `rebuilding` is then the position of the index being built to replace it.
    """

    position: Position | None
    papers: int = 0
    segments: int = 0
    is_current: bool = True
    rebuilding: Position | None = None


@dataclass(frozen=True)
class Difference:
    """A difference between an index and its source in one paper."""

    paper_id: str
    description: str


Progress = Callable[[Position, Position], None]
"""Called after each step of a long operation with the current position and the head."""


class SearchIndex(Protocol):
    """The search index of one library."""

    def status(self) -> IndexStatus:
        """Return the state of the current index, including the newest commit. Never raise."""

    def search(self, query: Query, wanted: Wanted) -> Answer:
        """Search for a query whose tags have been resolved. A query without clauses matches all papers.

        A paper matches if it matches all clauses. Titles outweigh abstracts, notes and highlights outweigh
        both, and titles that start with the whole query rank first. Papers that were skipped but never
        clipped only match `is:skipped`. Raise IndexUnavailableError if no correct answer is possible.
        """

    def diagnose(self, query: Query) -> tuple[ClauseDiagnostics, ...]:
        """Return diagnostics for each clause of a query. Raise IndexUnavailableError on failure."""

    def catch_up(self, source: IndexSource, deadline: float, progress: Progress | None = None) -> bool:
        """Bring the index up to date. Return False if the deadline passed first.

        The deadline is a `time.monotonic` value. A damaged or inconsistent index is rebuilt. Several
        processes may call this concurrently, and any may be killed: the next call resumes its work. Raise
        IndexUnavailableError if the index cannot be written.
        """

    def rebuild(self, source: IndexSource, progress: Progress | None = None) -> None:
        """Rebuild the index from the source. The current index stays in use until the new one is complete."""

    def merge_segments(self) -> None:
        """Merge small segments to make searches faster. Raise IndexUnavailableError on failure.

        Too slow to call while serving a request, but blocks neither searches nor writes.
        """

    def scrub(self) -> bool:
        """Rewrite the files that still contain text of deleted papers.

        Slow, but blocks neither searches nor writes. Return False if another process holds a required lock.
        Raise IndexUnavailableError on failure.
        """

    def verify(self, source: IndexSource, *, deep: bool = False) -> list[Difference]:
        """Compare the index with its source: the stamp of every paper or, if `deep`, every posting.

        The result is exact only if there are no concurrent writes. Raise IndexUnavailableError if the index
        cannot be read.
        """
