"""Links from notes to papers, stored by target name because a paper may be saved after the note."""

from collections.abc import Callable, Iterable, Sequence

from paperclipper.model import Backlink, LinkTarget
from paperclipper.store.database.queries import unindexed
from paperclipper.store.database.tables import AnnotationRow, InstanceRow, LinkRow, PaperRow


def replace(annotation_id: str, targets: Iterable[LinkTarget]) -> None:
    """Replace the links of an annotation."""
    LinkRow.delete().where(LinkRow.annotation == annotation_id).execute()
    rows = [{"annotation": annotation_id, "target": str(target)} for target in dict.fromkeys(targets)]
    if rows:
        LinkRow.insert_many(rows).execute()


def version() -> int | None:
    """Return the parser version used to extract the links, or None if no links have been extracted."""
    version: int | None = InstanceRow.select(InstanceRow.links_version).scalar()
    return version


def rebuild(version: int, targets: Callable[[str], Iterable[LinkTarget]]) -> None:
    """Extract the links of all annotations again, and record the parser version."""
    for annotation_id, body in AnnotationRow.select(AnnotationRow.id, AnnotationRow.body).tuples():
        replace(annotation_id, targets(body))
    InstanceRow.update(links_version=version).execute()


def backlinks(library_id: str, targets: Sequence[LinkTarget]) -> list[Backlink]:
    """Return the live annotations on live papers that link to any of these targets, oldest first."""
    linking = LinkRow.select(LinkRow.annotation).where(
        LinkRow.target.in_([str(target) for target in targets])
    )
    here = unindexed(PaperRow.library) == library_id
    live = here & PaperRow.deleted_at.is_null() & AnnotationRow.deleted_at.is_null()
    query = (
        AnnotationRow.select(PaperRow.id, PaperRow.title, AnnotationRow.id, AnnotationRow.body)
        .join(PaperRow)
        .where(live & AnnotationRow.id.in_(linking))
        .order_by(AnnotationRow.created_at, AnnotationRow.id)
    )
    return [Backlink(*row) for row in query.tuples()]
