"""Clips: the acts of clipping, kept for good, under the ids that clients chose."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from paperclipper.model import Clip, ClipRequest, DigestKind, PageKind, Place, Source
from paperclipper.store.tables import ClipRow


def recorded(clip_id: str) -> tuple[str, str, str] | None:
    """(library id, paper id, request hash) of the clip under this id, or None."""
    row = ClipRow.select(ClipRow.library, ClipRow.paper, ClipRow.request_hash).where(ClipRow.id == clip_id)
    found: tuple[str, str, str] | None = row.tuples().first()
    return found


def add(library_id: str, paper_id: str, request: ClipRequest, request_hash: str, received_at: datetime) -> None:
    """Record one act of clipping."""
    place = request.place
    ClipRow.insert(
        id=request.id,
        library=library_id,
        paper=paper_id,
        request_hash=request_hash,
        clipped_at=request.clipped_at,
        received_at=received_at,
        source=request.source.value,
        page_kind=place.page_kind.value,
        page_url=place.page_url,
        digest_kind=place.digest_kind.value if place.digest_kind else None,
        digest_day=place.digest_day,
        rank=place.rank,
        upvotes=place.upvotes,
        comments=place.comments,
    ).execute()


def of_papers(ids: Sequence[str]) -> dict[str, list[Clip]]:
    """The clips of each paper, newest first."""
    found: dict[str, list[Clip]] = defaultdict(list)
    query = ClipRow.select().where(ClipRow.paper.in_(list(ids)))
    for row in query.order_by(ClipRow.clipped_at.desc(), ClipRow.id.desc()):
        found[row.paper_id].append(_clip(row))
    return found


def move(from_paper: str, to_paper: str) -> list[str]:
    """Hang one paper's clips on another; the ids of those moved."""
    ids = [r[0] for r in ClipRow.select(ClipRow.id).where(ClipRow.paper == from_paper).tuples()]
    ClipRow.update(paper=to_paper).where(ClipRow.paper == from_paper).execute()
    return ids


def _clip(row: Any) -> Clip:
    place = Place(
        page_kind=PageKind(row.page_kind),
        page_url=row.page_url,
        digest_kind=DigestKind(row.digest_kind) if row.digest_kind else None,
        digest_day=row.digest_day,
        rank=row.rank,
        upvotes=row.upvotes,
        comments=row.comments,
    )
    return Clip(row.id, row.paper_id, row.clipped_at, Source(row.source), place)
