"""What search promises, whatever engine keeps the index. The store is known here only as an `IndexSource`.

An index is a fold over the source: it holds, for every paper of one library, the state that the source last gave of it, and
knows how far it has read. It may be thrown away at any time; it is then made anew from the source.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from paperclipper.model import IndexEntry, Position
from paperclipper.search.index.answer import Answer
from paperclipper.search.query.results import ClauseDiagnostics, Wanted
from paperclipper.search.query.syntax import Query


class IndexSource(Protocol):
    """One library's papers in the order of their index stamps."""

    def head(self) -> Position:
        """How far an index is that misses nothing."""

    def entries_after(self, stamp: int, limit: int) -> tuple[Position, list[IndexEntry]]:
        """The head, and up to `limit` entries stamped later than `stamp`, in order, both of one state of the store."""


@dataclass(frozen=True)
class IndexStatus:
    """How an index stands. `position` is None where it must be made anew before it can answer.

    `papers` are the reader's. `is_current` is false while an index of an older analysis goes on answering until the new
    one is made; `rebuilding` is how far that one has come.
    """

    position: Position | None
    papers: int = 0
    segments: int = 0
    is_current: bool = True
    rebuilding: Position | None = None


@dataclass(frozen=True)
class Difference:
    """A paper that the index does not hold as its source has it."""

    paper_id: str
    what: str


Progress = Callable[[Position, Position], None]
"""Told after each step of a long work: how far it is, and the head it goes to."""


class SearchIndex(Protocol):
    """One library's index."""

    def status(self) -> IndexStatus:
        """How the index that would answer now stands, newest commit included. Never raises."""

    def search(self, query: Query, wanted: Wanted) -> Answer:
        """The best hits of a query whose tags have been looked up; all papers for one without parts.

        Papers must hold all its parts. Titles outweigh abstracts, the reader's own words outweigh both, and a title
        that begins with the whole query comes first. Papers that were only dismissed are found by `is:dismissed`
        alone. Raises IndexUnavailableError where the index cannot answer rightly.
        """

    def diagnose(self, query: Query) -> tuple[ClauseDiagnostics, ...]:
        """What each part of a query finds. Raises IndexUnavailableError."""

    def catch_up(self, source: IndexSource, deadline: float, progress: Progress | None = None) -> bool:
        """Read on from the source, until its head or the deadline (seconds of `time.monotonic`).

        True when the head was reached. An index that cannot be trusted is made anew on the way. Any number of
        processes may call this at once, and any may be killed: a later call goes on. Raises IndexUnavailableError
        where the index cannot be written.
        """

    def rebuild(self, source: IndexSource, progress: Progress | None = None) -> None:
        """Make the index anew from the source; the present one answers until that is done."""

    def merge_segments(self) -> None:
        """Put the index in better shape for searching. May take long, and stalls nobody; not for a request.

        Raises IndexUnavailableError.
        """

    def scrub(self) -> bool:
        """Leave nothing of deleted papers in any file; they must have been folded in before.

        Long, stalls nobody. False where another process stood in the way. Raises IndexUnavailableError.
        """

    def verify(self, source: IndexSource, *, deep: bool = False) -> list[Difference]:
        """What the index holds otherwise than the source: by stamp, or deep by every term of every paper.

        Exact only while nothing writes. Raises IndexUnavailableError where the index cannot be read.
        """
