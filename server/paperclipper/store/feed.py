"""What the index follows: papers in the order of their index stamps. Search knows it only as a protocol."""

from peewee import fn

from paperclipper.model import IndexEntry, Position
from paperclipper.store import days, libraries, papers
from paperclipper.store.database import snapshot
from paperclipper.store.tables import PaperRow


def head(library_id: str) -> Position:
    """How far an index of this library would be that misses nothing."""
    stamp = PaperRow.select(fn.MAX(PaperRow.index_stamp)).where(PaperRow.library == library_id).scalar()
    return Position(library_id, libraries.get(library_id).epoch, stamp or 0)


def entries_after(library_id: str, stamp: int, limit: int) -> tuple[Position, list[IndexEntry]]:
    """The head, and up to `limit` entries stamped later than `stamp`, in order, all of one state of the store."""
    with snapshot():
        later = (PaperRow.library == library_id) & (PaperRow.index_stamp > stamp)
        query = PaperRow.select(PaperRow.id, PaperRow.index_stamp).where(later)
        rows = list(query.order_by(PaperRow.index_stamp).limit(limit).tuples())
        whole = papers.get_many(library_id, [row[0] for row in rows])
        dismissed = days.dismissed(list(whole))
        live = {p.id: p for p in whole.values() if p.deleted_at is None and (p.is_mine or p.id in dismissed)}
        entries = [IndexEntry(paper_id, at, live.get(paper_id), paper_id in dismissed) for paper_id, at in rows]
        return head(library_id), entries


def count_after(library_id: str, stamp: int) -> int:
    """How many papers an index at `stamp` has still to read."""
    later = (PaperRow.library == library_id) & (PaperRow.index_stamp > stamp)
    return int(PaperRow.select().where(later).count())
