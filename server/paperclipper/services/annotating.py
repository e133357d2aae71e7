"""Annotating: notes and highlights, put under ids that their clients chose, so that a repeated request adds nothing."""

from dataclasses import replace

from paperclipper.errors import ConflictError, InvalidInputError, NotFoundError
from paperclipper.model import Annotation, AnnotationDraft, AnnotationKind
from paperclipper.services import finding
from paperclipper.services.editing import check_base
from paperclipper.services.transactions import change
from paperclipper.store import annotations, papers


def put(
    library_id: str, annotation_id: str, paper_ref: str, draft: AnnotationDraft, base: str | None
) -> tuple[Annotation, bool]:
    """Make the annotation, or give it new content; and whether it was made.

    Content that is there already is a success, whatever the base. Raises ConflictError for an id used elsewhere,
    PreconditionRequiredError and StaleVersionError as editing.check_base does.
    """
    _check(draft)
    with change():
        paper_id = finding.paper_id(library_id, paper_ref)
        present = annotations.find(library_id, annotation_id)
        if present is None:
            return _add(library_id, annotation_id, paper_id, draft), True
        return _replace(library_id, present, paper_id, draft, base), False


def _check(draft: AnnotationDraft) -> None:
    if draft.kind is AnnotationKind.HIGHLIGHT and (draft.quote is None or not draft.quote.exact):
        raise InvalidInputError("A highlight needs the words that it marks.", "/quote/exact")
    if draft.kind is AnnotationKind.NOTE and draft.quote is not None:
        raise InvalidInputError("A note has no quote; a highlight has.", "/quote")


def _add(library_id: str, annotation_id: str, paper_id: str, draft: AnnotationDraft) -> Annotation:
    if annotations.is_taken(annotation_id):
        raise ConflictError(f"The id {annotation_id} was used for another annotation. Choose a new one.")
    annotations.add(library_id, annotation_id, paper_id, draft, papers.now())
    papers.touch_index(library_id, paper_id)
    return get(library_id, annotation_id)


def _replace(
    library_id: str, present: Annotation, paper_id: str, draft: AnnotationDraft, base: str | None
) -> Annotation:
    if present.paper_id != paper_id:
        raise ConflictError(f"The id {present.id} was used for an annotation on another paper. Choose a new one.")
    if replace(draft, made_in=present.draft.made_in) == present.draft:
        return present
    check_base(base, present.version, present)
    annotations.replace(library_id, present.id, draft, papers.now())
    papers.touch_index(library_id, paper_id)
    return get(library_id, present.id)


def get(library_id: str, annotation_id: str) -> Annotation:
    """The annotation, live or in the trash. Raises NotFoundError."""
    found = annotations.find(library_id, annotation_id)
    if found is None:
        raise NotFoundError("annotation", annotation_id)
    return found


def trash(library_id: str, annotation_id: str) -> Annotation:
    """Into the trash; there already is no error."""
    with change():
        present = get(library_id, annotation_id)
        if present.deleted_at is None:
            annotations.set_deleted(library_id, annotation_id, papers.now())
            papers.touch_index(library_id, present.paper_id)
        return get(library_id, annotation_id)


def restore(library_id: str, annotation_id: str) -> Annotation:
    """Out of the trash; not there is no error."""
    with change():
        present = get(library_id, annotation_id)
        if present.deleted_at is not None:
            annotations.set_deleted(library_id, annotation_id, None)
            papers.touch_index(library_id, present.paper_id)
        return get(library_id, annotation_id)
