"""What an index of one library does, whatever engine implements it.

An index is derived from its source: it contains the current state of every paper, and knows its position in
the source. It can be deleted at any time; it is then rebuilt from the source. It knows the store only as an
`IndexSource`.
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
        """Return the position of an index that is up to date."""

    def entries_after(self, stamp: int, limit: int) -> tuple[Position, list[IndexEntry]]:
        """Return the head, and up to `limit` entries with later stamps, in order.

        Both are read from the same state of the store.
        """


@dataclass(frozen=True)
class IndexStatus:
    """The state of an index. `position` is None if it must be rebuilt before it can answer.

    `papers` counts those that the reader has clipped. `is_current` is False while an index of an older
    analysis answers; `rebuilding` is the position of the index that will replace it.
    """

    position: Position | None
    papers: int = 0
    segments: int = 0
    is_current: bool = True
    rebuilding: Position | None = None


@dataclass(frozen=True)
class Difference:
    """A paper that differs between an index and its source."""

    paper_id: str
    description: str


Progress = Callable[[Position, Position], None]
"""Called after each step of a long operation with the position reached and the head."""


class SearchIndex(Protocol):
    """The index of one library."""

    def status(self) -> IndexStatus:
        """Return the state of the index that answers now, including the newest commit. Never raise."""

    def search(self, query: Query, wanted: Wanted) -> Answer:
        """Search for a query whose tags have been resolved. A query without clauses matches all papers.

        A paper matches if all clauses do. Titles outweigh abstracts, the reader's own words outweigh both,
        and a title that starts with the whole query comes first. Papers that were skipped but never clipped
        match `is:skipped` only. Raise IndexUnavailableError if the index cannot give a correct answer.
        """

    def diagnose(self, query: Query) -> tuple[ClauseDiagnostics, ...]:
        """Return what each clause of a query matches. Raise IndexUnavailableError."""

    def catch_up(self, source: IndexSource, deadline: float, progress: Progress | None = None) -> bool:
        """Bring the index up to date. Return False if the deadline passed first.

        The deadline is a value of `time.monotonic`. An index that cannot be trusted is rebuilt. Several
        processes may call this at once, and any may be killed: the next call resumes. Raise
        IndexUnavailableError if the index cannot be written.
        """

    def rebuild(self, source: IndexSource, progress: Progress | None = None) -> None:
        """Rebuild the index from the source. The present one answers until that is done."""

    def merge_segments(self) -> None:
        """Merge small segments, which makes searching faster. Slow, but blocks nobody. Not for requests.

        Raise IndexUnavailableError.
        """

    def scrub(self) -> bool:
        """Rewrite the files that still contain text of deleted papers. Slow, but blocks nobody.

        Return False if another process prevented it. Raise IndexUnavailableError.
        """

    def verify(self, source: IndexSource, *, deep: bool = False) -> list[Difference]:
        """Compare the index with its source: the stamp of every paper or, if `deep`, every posting.

        The result is exact only while nothing is written. Raise IndexUnavailableError if the index cannot be
        read.
        """
