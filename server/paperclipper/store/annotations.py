"""Annotations: the reader's notes and highlights, under the ids that clients chose."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from paperclipper.model import Annotation, AnnotationDraft, AnnotationKind, Colour, TextQuote, Version
from paperclipper.store import stamps
from paperclipper.store.tables import AnnotationRow, LibraryRow


def of_papers(ids: Sequence[str], epoch: str) -> dict[str, list[Annotation]]:
    """The annotations of each paper that are not in the trash, oldest first."""
    found: dict[str, list[Annotation]] = defaultdict(list)
    live = AnnotationRow.paper.in_(list(ids)) & AnnotationRow.deleted_at.is_null()
    for row in AnnotationRow.select().where(live).order_by(AnnotationRow.created_at, AnnotationRow.id):
        found[row.paper_id].append(_annotation(row, epoch))
    return found


def find(library_id: str, annotation_id: str) -> Annotation | None:
    """The annotation, live or in the trash, or None."""
    here = (AnnotationRow.id == annotation_id) & (AnnotationRow.library == library_id)
    row = AnnotationRow.select(AnnotationRow, LibraryRow.epoch).join(LibraryRow).where(here).first()
    return _annotation(row, row.library.epoch) if row else None


def is_taken(annotation_id: str) -> bool:
    """Whether any library has an annotation of this id."""
    return bool(AnnotationRow.select().where(AnnotationRow.id == annotation_id).exists())


def add(library_id: str, annotation_id: str, paper_id: str, draft: AnnotationDraft, at: datetime) -> None:
    """A new annotation."""
    AnnotationRow.insert(
        id=annotation_id,
        library=library_id,
        paper=paper_id,
        changed=stamps.take(library_id).changed,
        made_in=draft.made_in,
        created_at=at,
        modified_at=at,
        **_columns(draft),
    ).execute()


def replace(library_id: str, annotation_id: str, draft: AnnotationDraft, at: datetime) -> None:
    """New content for an annotation; where it was made stays."""
    changed = stamps.take(library_id).changed
    columns = _columns(draft) | {"changed": changed, "modified_at": at}
    AnnotationRow.update(**columns).where(AnnotationRow.id == annotation_id).execute()


def set_deleted(library_id: str, annotation_id: str, deleted_at: datetime | None) -> None:
    """Into the trash, or back."""
    changed = stamps.take(library_id).changed
    AnnotationRow.update(changed=changed, deleted_at=deleted_at).where(AnnotationRow.id == annotation_id).execute()


def move(library_id: str, from_paper: str, to_paper: str) -> list[str]:
    """Hang one paper's annotations on another; the ids of those moved."""
    ids = [r[0] for r in AnnotationRow.select(AnnotationRow.id).where(AnnotationRow.paper == from_paper).tuples()]
    for annotation_id in ids:
        changed = stamps.take(library_id).changed
        AnnotationRow.update(paper=to_paper, changed=changed).where(AnnotationRow.id == annotation_id).execute()
    return ids


def _columns(draft: AnnotationDraft) -> dict[str, Any]:
    quote = draft.quote
    return {
        "kind": draft.kind.value,
        "body": draft.body,
        "exact": quote.exact if quote else None,
        "prefix": quote.prefix if quote else "",
        "suffix": quote.suffix if quote else "",
        "start": quote.start if quote else None,
        "end": quote.end if quote else None,
        "colour": draft.colour.value if draft.colour else None,
        "source_url": draft.source_url,
        "arxiv_version": draft.arxiv_version,
    }


def _annotation(row: Any, epoch: str) -> Annotation:
    quote = None if row.exact is None else TextQuote(row.exact, row.prefix, row.suffix, row.start, row.end)
    draft = AnnotationDraft(
        kind=AnnotationKind(row.kind),
        body=row.body,
        quote=quote,
        colour=Colour(row.colour) if row.colour else None,
        source_url=row.source_url,
        arxiv_version=row.arxiv_version,
        made_in=row.made_in,
    )
    version = Version(epoch, row.changed)
    return Annotation(row.id, row.paper_id, version, draft, row.created_at, row.modified_at, row.deleted_at)
