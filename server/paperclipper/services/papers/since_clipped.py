"""Changes since a paper was clipped: upvotes, comments, code and the e-print version."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from paperclipper.model import Paper, Sighting
from paperclipper.services.papers import lookup
from paperclipper.store.days import sightings


@dataclass(frozen=True)
class CountChange:
    """A count at the time of the first clip, and the latest count."""

    then: int
    then_at: datetime
    now: int
    now_at: datetime

    @property
    def change(self) -> int:
        """The difference between the two counts. Negative for a decrease."""
        return self.now - self.then


@dataclass(frozen=True)
class SinceClipped:
    """The changes since a paper was clipped. A field is None if it has not changed or is unknown."""

    upvotes: CountChange | None = None
    comments: CountChange | None = None
    code_seen_at: datetime | None = None
    read_arxiv_version: int | None = None
    newest_arxiv_version: int | None = None


def of(library_id: str, ref: str) -> SinceClipped:
    """Return the changes since the paper was clipped. Raise NotFoundError if the paper does not exist."""
    return compare(lookup.paper(library_id, ref))


def compare(paper: Paper) -> SinceClipped:
    """Return the changes since this paper was clipped."""
    seen = sightings.of_paper(paper.id)
    read, newest = paper.facts.arxiv_version, paper.newest_arxiv_version
    is_newer = read is not None and newest is not None and newest > read
    return SinceClipped(
        upvotes=_count_change(paper, seen, "upvotes"),
        comments=_count_change(paper, seen, "comments"),
        code_seen_at=paper.code_seen_at,
        read_arxiv_version=read if is_newer else None,
        newest_arxiv_version=newest if is_newer else None,
    )


def _count_change(paper: Paper, seen: list[Sighting], name: str) -> CountChange | None:
    """Compare the count at the first clip with the latest count from a clip or sighting."""
    clipped = _known((clip.clipped_at, getattr(clip.page, name)) for clip in paper.clips)
    if not clipped:
        return None
    listed = _known((sighting.seen_at, getattr(sighting, name)) for sighting in seen)
    then_at, then = min(clipped)
    now_at, now = max(clipped + listed)
    return CountChange(then, then_at, now, now_at) if now_at > then_at else None


def _known(counts: Iterable[tuple[datetime, int | None]]) -> list[tuple[datetime, int]]:
    return [(at, count) for at, count in counts if count is not None]
