"""The answer to a lookup: what a list page needs to mark papers as owned, in few queries for any number of them."""

from collections.abc import Sequence

from peewee import fn

from paperclipper.model import AnnotationKind, PaperState, Status, Version
from paperclipper.store import days, tags
from paperclipper.store.tables import AnnotationRow, LibraryRow, PaperRow


def of_papers(library_id: str, ids: Sequence[str]) -> dict[str, PaperState]:
    """The state of each of these papers that is not in the trash."""
    here = (PaperRow.library == library_id) & PaperRow.id.in_(list(ids)) & PaperRow.deleted_at.is_null()
    query = PaperRow.select(
        PaperRow.id, PaperRow.changed, PaperRow.status, PaperRow.starred, PaperRow.first_clipped_at, LibraryRow.epoch
    )
    rows = list(query.join(LibraryRow).where(here & PaperRow.merged_into.is_null()))
    tags_of, counts, dismissed = tags.of_papers(ids), _counts(ids), days.dismissed(ids)
    return {
        row.id: PaperState(
            id=row.id,
            version=Version(row.library.epoch, row.changed),
            status=Status(row.status),
            starred=row.starred,
            tags=tuple(tag.name for tag in tags_of[row.id]),
            notes=counts.get((row.id, AnnotationKind.NOTE.value), 0),
            highlights=counts.get((row.id, AnnotationKind.HIGHLIGHT.value), 0),
            clipped_at=row.first_clipped_at,
            dismissed_on=tuple(dismissed[row.id]),
            is_mine=row.first_clipped_at is not None,
        )
        for row in rows
    }


def _counts(ids: Sequence[str]) -> dict[tuple[str, str], int]:
    query = (
        AnnotationRow.select(AnnotationRow.paper, AnnotationRow.kind, fn.COUNT(AnnotationRow.id))
        .where(AnnotationRow.paper.in_(list(ids)) & AnnotationRow.deleted_at.is_null())
        .group_by(AnnotationRow.paper, AnnotationRow.kind)
    )
    return {(paper_id, kind): count for paper_id, kind, count in query.tuples()}
