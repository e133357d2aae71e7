"""Clips: a permanent record of each time a paper was clipped, with client-generated ids."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from paperclipper.model import Clip, ClipRequest, DigestKind, PageKind, Source, SourcePage
from paperclipper.store.database.queries import Query, Values, insert_row, list_parameter, parameter
from paperclipper.store.database.tables import ClipRow

_COLUMNS = (
    ClipRow.paper,
    ClipRow.id,
    ClipRow.clipped_at,
    ClipRow.source,
    ClipRow.page_kind,
    ClipRow.page_url,
    ClipRow.digest_kind,
    ClipRow.digest_day,
    ClipRow.rank,
    ClipRow.upvotes,
    ClipRow.comments,
)
_REQUEST: Query[tuple[str, str, str]] = Query(
    ClipRow.select(ClipRow.library, ClipRow.paper, ClipRow.request_hash).where(
        ClipRow.id == parameter("clip")
    )
)
_OF_PAPERS: Query[Values] = Query(
    ClipRow.select(*_COLUMNS)
    .where(ClipRow.paper.in_(list_parameter("papers")))
    .order_by(ClipRow.clipped_at.desc(), ClipRow.id.desc()),
    _COLUMNS,
)


class StoredRequest(NamedTuple):
    """The library and paper of a stored clip, and the hash of its request."""

    library_id: str
    paper_id: str
    request_hash: str


def find_request(clip_id: str) -> StoredRequest | None:
    """Return the stored request of the clip with this id, or None."""
    row = _REQUEST.row(clip=clip_id)
    return StoredRequest(*row) if row else None


def add(
    library_id: str, paper_id: str, request: ClipRequest, request_hash: str, received_at: datetime
) -> None:
    """Store a new clip."""
    page = request.page
    insert_row(
        ClipRow,
        id=request.id,
        library=library_id,
        paper=paper_id,
        request_hash=request_hash,
        clipped_at=request.clipped_at,
        received_at=received_at,
        source=request.source.value,
        page_kind=page.page_kind.value,
        page_url=page.page_url,
        digest_kind=page.digest_kind.value if page.digest_kind else None,
        digest_day=page.digest_day,
        rank=page.rank,
        upvotes=page.upvotes,
        comments=page.comments,
    )


def of_papers(ids: Sequence[str]) -> dict[str, list[Clip]]:
    """Return the clips of each paper, newest first."""
    found: dict[str, list[Clip]] = defaultdict(list)
    for row in _OF_PAPERS.rows(papers=ids):
        found[row[0]].append(_clip(row))
    return found


def move(from_paper: str, to_paper: str, only: Sequence[str] | None = None) -> list[str]:
    """Move one paper's clips to another, or only those in `only`. Return the ids of the moved clips."""
    chosen = ClipRow.paper == from_paper
    if only is not None:
        chosen &= ClipRow.id.in_(list(only))
    ids = [r[0] for r in ClipRow.select(ClipRow.id).where(chosen).tuples()]
    ClipRow.update(paper=to_paper).where(chosen).execute()
    return ids


def _clip(row: Values) -> Clip:
    paper_id, clip_id, clipped_at, source, page_kind, page_url, digest_kind, digest_day, *numbers = row
    kind = DigestKind(digest_kind) if digest_kind else None
    page = SourcePage(PageKind(page_kind), page_url, kind, digest_day, *numbers)
    return Clip(clip_id, paper_id, clipped_at, Source(source), page)
