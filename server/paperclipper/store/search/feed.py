"""The index feed: papers in index-stamp order. The search package accesses it through a protocol."""

from peewee import fn

from paperclipper.errors import NotFoundError
from paperclipper.model import IndexEntry, Position
from paperclipper.store.database.database import snapshot
from paperclipper.store.database.queries import Query, parameter
from paperclipper.store.database.tables import LibraryRow, PaperRow
from paperclipper.store.days import day_decisions
from paperclipper.store.papers import papers

_HEAD: Query[tuple[str, int | None]] = Query(
    LibraryRow.select(
        LibraryRow.epoch,
        PaperRow.select(fn.MAX(PaperRow.index_stamp)).where(PaperRow.library == LibraryRow.id),
    ).where(LibraryRow.id == parameter("library"))
)


def head(library_id: str) -> Position:
    """Return the position of an up-to-date index. Raise NotFoundError if the library does not exist."""
    row = _HEAD.row(library=library_id)
    if row is None:
        raise NotFoundError("library", library_id)
    epoch, stamp = row
    return Position(library_id, epoch, stamp or 0)


def entries_after(library_id: str, stamp: int, limit: int) -> tuple[Position, list[IndexEntry]]:
    """Return the head and up to `limit` entries after `stamp`, in order, from a consistent snapshot."""
    with snapshot():
        later = (PaperRow.library == library_id) & (PaperRow.index_stamp > stamp)
        query = PaperRow.select(PaperRow.id, PaperRow.index_stamp).where(later)
        rows = list(query.order_by(PaperRow.index_stamp).limit(limit).tuples())
        whole = papers.get_many(library_id, [row[0] for row in rows])
        skipped = day_decisions.skipped(list(whole))
        live = {p.id: p for p in whole.values() if p.deleted_at is None and (p.is_mine or p.id in skipped)}
        entries = [IndexEntry(paper_id, at, live.get(paper_id), paper_id in skipped) for paper_id, at in rows]
        return head(library_id), entries


def count_after(library_id: str, stamp: int) -> int:
    """Return the number of papers changed after `stamp`."""
    later = (PaperRow.library == library_id) & (PaperRow.index_stamp > stamp)
    return int(PaperRow.select().where(later).count())
