"""Annotations: the reader's notes and highlights, with client-generated ids."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from paperclipper.model import Annotation, AnnotationDraft, AnnotationKind, Colour, TextQuote, Version
from paperclipper.store.database import clock
from paperclipper.store.database.queries import (
    Query,
    Values,
    insert_row,
    list_parameter,
    parameter,
    unindexed,
    update_row,
)
from paperclipper.store.database.tables import AnnotationRow, LibraryRow, PaperRow

_COLUMNS = (
    AnnotationRow.id,
    AnnotationRow.paper,
    AnnotationRow.changed,
    AnnotationRow.kind,
    AnnotationRow.body,
    AnnotationRow.exact,
    AnnotationRow.prefix,
    AnnotationRow.suffix,
    AnnotationRow.start,
    AnnotationRow.end,
    AnnotationRow.colour,
    AnnotationRow.source_url,
    AnnotationRow.arxiv_version,
    AnnotationRow.made_in,
    AnnotationRow.created_at,
    AnnotationRow.modified_at,
    AnnotationRow.deleted_at,
)
_OF_PAPERS: Query[Values] = Query(
    AnnotationRow.select(*_COLUMNS)
    .where(AnnotationRow.paper.in_(list_parameter("papers")) & AnnotationRow.deleted_at.is_null())
    .order_by(AnnotationRow.created_at, AnnotationRow.id),
    _COLUMNS,
)
_IS_ID = AnnotationRow.id == parameter("annotation")
_IN_LIBRARY = AnnotationRow.library == parameter("library")
_BY_ID: Query[Values] = Query(
    AnnotationRow.select(*_COLUMNS, LibraryRow.epoch)
    .join(LibraryRow)
    .where(_IS_ID & _IN_LIBRARY & AnnotationRow.purged_at.is_null()),
    _COLUMNS,
)
_BY_IDS: Query[Values] = Query(
    AnnotationRow.select(*_COLUMNS).where(
        (unindexed(AnnotationRow.library) == parameter("library"))
        & AnnotationRow.id.in_(list_parameter("annotations"))
        & AnnotationRow.purged_at.is_null()
    ),
    _COLUMNS,
)
_TAKEN: Query[tuple[str]] = Query(AnnotationRow.select(AnnotationRow.id).where(_IS_ID))
_PURGED: Query[tuple[str]] = Query(
    AnnotationRow.select(AnnotationRow.id).where(
        _IS_ID & _IN_LIBRARY & AnnotationRow.purged_at.is_null(False)
    )
)
_TRASH: Query[Values] = Query(
    AnnotationRow.select(*_COLUMNS)
    .join(PaperRow)
    .where(
        _IN_LIBRARY
        & AnnotationRow.deleted_at.is_null(False)
        & AnnotationRow.purged_at.is_null()
        & PaperRow.deleted_at.is_null()
    )
    .order_by(AnnotationRow.deleted_at.desc(), AnnotationRow.id)
    .limit(parameter("limit")),
    _COLUMNS,
)


def of_papers(ids: Sequence[str], epoch: str) -> dict[str, list[Annotation]]:
    """Return the annotations of each paper, oldest first, excluding trashed annotations."""
    found: dict[str, list[Annotation]] = defaultdict(list)
    for row in _OF_PAPERS.rows(papers=ids):
        found[row[1]].append(_annotation(row, epoch))
    return found


def find(library_id: str, annotation_id: str) -> Annotation | None:
    """Return the annotation with this id, live or in the trash, or None."""
    row = _BY_ID.row(annotation=annotation_id, library=library_id)
    return _annotation(row[:-1], row[-1]) if row else None


def find_many(library_id: str, epoch: str, ids: Sequence[str]) -> dict[str, Annotation]:
    """Return the annotations with these ids, live or in the trash."""
    rows = _BY_IDS.rows(library=library_id, annotations=ids) if ids else []
    return {row[0]: _annotation(row, epoch) for row in rows}


def trash(library_id: str, epoch: str, limit: int) -> list[Annotation]:
    """Return annotations that were trashed individually, most recently deleted first."""
    return [_annotation(row, epoch) for row in _TRASH.rows(library=library_id, limit=limit)]


def is_taken(annotation_id: str) -> bool:
    """Return whether this id was ever used by an annotation in any library."""
    return _TAKEN.row(annotation=annotation_id) is not None


def is_purged(library_id: str, annotation_id: str) -> bool:
    """Return whether an annotation with this id was purged from this library."""
    return _PURGED.row(annotation=annotation_id, library=library_id) is not None


def add(library_id: str, annotation_id: str, paper_id: str, draft: AnnotationDraft, at: datetime) -> None:
    """Store a new annotation."""
    insert_row(
        AnnotationRow,
        id=annotation_id,
        library=library_id,
        paper=paper_id,
        changed=clock.advance(library_id).changed,
        made_in=draft.made_in,
        created_at=at,
        modified_at=at,
        **_columns(draft),
    )


def replace(library_id: str, annotation_id: str, draft: AnnotationDraft, at: datetime) -> None:
    """Replace the content of an annotation. `made_in` does not change."""
    changed = clock.advance(library_id).changed
    columns = _columns(draft) | {"changed": changed, "modified_at": at}
    update_row(AnnotationRow, annotation_id, **columns)


def set_deleted(library_id: str, annotation_id: str, deleted_at: datetime | None) -> None:
    """Move an annotation to the trash, or restore it if `deleted_at` is None."""
    changed = clock.advance(library_id).changed
    update_row(AnnotationRow, annotation_id, changed=changed, deleted_at=deleted_at)


def move(library_id: str, from_paper: str, to_paper: str, only: Sequence[str] | None = None) -> list[str]:
    """Move one paper's annotations to another, or only those in `only`. Return the ids of the moved ones."""
    chosen = (AnnotationRow.paper == from_paper) & AnnotationRow.purged_at.is_null()
    if only is not None:
        chosen &= AnnotationRow.id.in_(list(only))
    ids = [r[0] for r in AnnotationRow.select(AnnotationRow.id).where(chosen).tuples()]
    for annotation_id in ids:
        changed = clock.advance(library_id).changed
        update_row(AnnotationRow, annotation_id, paper=to_paper, changed=changed)
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


def _annotation(row: Values, epoch: str) -> Annotation:
    annotation_id, paper_id, changed, kind, body, exact, prefix, suffix, start, end, colour, *rest = row
    source_url, arxiv_version, made_in, created_at, modified_at, deleted_at = rest
    draft = AnnotationDraft(
        kind=AnnotationKind(kind),
        body=body,
        quote=None if exact is None else TextQuote(exact, prefix, suffix, start, end),
        colour=Colour(colour) if colour else None,
        source_url=source_url,
        arxiv_version=arxiv_version,
        made_in=made_in,
    )
    return Annotation(
        annotation_id, paper_id, Version(epoch, changed), draft, created_at, modified_at, deleted_at
    )
