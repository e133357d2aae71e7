"""Saving notes and highlights. Clients choose the ids, which makes the requests idempotent.

Every save keeps the previous version (`history`), so that no acknowledged edit is lost.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from paperclipper.errors import ConflictError, GoneError, InvalidInputError, NotFoundError
from paperclipper.model import Annotation, AnnotationDraft, AnnotationKind, Colour, Paper, Revision, TextQuote
from paperclipper.services.annotations import note_links
from paperclipper.services.history import revisions
from paperclipper.services.papers import lookup
from paperclipper.services.transactions import change
from paperclipper.services.versions import check_base
from paperclipper.store.annotations import annotations
from paperclipper.store.database import timestamps
from paperclipper.store.history import revisions as stored_revisions
from paperclipper.store.papers import papers


def put(
    library_id: str, annotation_id: str, paper_ref: str, draft: AnnotationDraft, base: str | None
) -> tuple[Annotation, bool]:
    """Create the annotation or replace its content. Return the annotation and whether it was created.

    If the stored content is identical already, the call succeeds regardless of the base version. Repeating an
    earlier request changes nothing. Raise ConflictError if the id is in use elsewhere, GoneError if the
    annotation was purged, and any error of `check_base`.
    """
    _check(draft)
    with change():
        annotation = annotations.find(library_id, annotation_id)
        if annotation is None:
            paper_id = lookup.paper_id(library_id, paper_ref)
            return _add(library_id, annotation_id, paper_id, draft), True
        return _replace(library_id, annotation, paper_ref, draft, base), False


def _check(draft: AnnotationDraft) -> None:
    if draft.kind is AnnotationKind.HIGHLIGHT and (draft.quote is None or not draft.quote.exact):
        raise InvalidInputError("A highlight must include the highlighted text.", "/quote/exact")
    if draft.kind is AnnotationKind.NOTE and draft.quote is not None:
        raise InvalidInputError("A note cannot have a quote. Use a highlight instead.", "/quote")


def _add(library_id: str, annotation_id: str, paper_id: str, draft: AnnotationDraft) -> Annotation:
    if annotations.is_purged(library_id, annotation_id):
        raise GoneError("This note was deleted permanently. Create a new one.")
    if annotations.is_taken(annotation_id):
        raise ConflictError(f"The id {annotation_id} is already used by another annotation. Use a new id.")
    annotations.add(library_id, annotation_id, paper_id, draft, timestamps.now())
    note_links.save(annotation_id, draft.body)
    papers.touch_index(library_id, paper_id)
    return get(library_id, annotation_id)


def _replace(
    library_id: str, annotation: Annotation, paper_ref: str, draft: AnnotationDraft, base: str | None
) -> Annotation:
    if annotation.paper_id != lookup.paper_id(library_id, paper_ref):
        raise ConflictError(
            f"The id {annotation.id} is already used by an annotation on another paper. Use a new id."
        )
    draft = replace(draft, made_in=annotation.draft.made_in)
    if draft == annotation.draft or _is_repeat(library_id, annotation, draft, base):
        return annotation
    check_base(base, annotation.version, annotation)
    return _save(library_id, annotation, draft)


def _save(library_id: str, annotation: Annotation, draft: AnnotationDraft) -> Annotation:
    changed, content = annotation.version.changed, _content(annotation.draft)
    stored_revisions.add(library_id, "annotation", annotation.id, changed, content, annotation.modified_at)
    annotations.replace(library_id, annotation.id, draft, timestamps.now())
    note_links.save(annotation.id, draft.body)
    papers.touch_index(library_id, annotation.paper_id)
    return get(library_id, annotation.id)


def _is_repeat(library_id: str, annotation: Annotation, draft: AnnotationDraft, base: str | None) -> bool:
    """Return whether the request repeats an earlier edit that newer edits have replaced."""
    if base == str(annotation.version):
        return False
    before: str | None = None
    for revision in reversed(stored_revisions.of_subject(library_id, annotation.id)):
        if base == before and revision.content == _content(draft):
            return True
        before = str(revision.version)
    return False


def _content(draft: AnnotationDraft) -> dict[str, Any]:
    """Return the content of a draft in the form stored in the history."""
    quote = vars(draft.quote) if draft.quote else None
    return {"body": draft.body, "quote": quote, "colour": draft.colour.value if draft.colour else None}


def history(library_id: str, annotation_id: str) -> Sequence[Revision]:
    """Return the earlier versions, newest first. `content` contains `body`, `quote` and `colour`.

    Raise NotFoundError if the annotation does not exist.
    """
    get(library_id, annotation_id)
    return stored_revisions.of_subject(library_id, annotation_id)


def earlier_versions(library_id: str, paper: Paper) -> Mapping[str, int]:
    """Return the numbers of earlier versions of the paper's facts and annotations, by id."""
    return stored_revisions.counts(
        library_id, [paper.id, *(annotation.id for annotation in paper.annotations)]
    )


def restore_revision(library_id: str, annotation_id: str, version: str, base: str | None) -> Annotation:
    """Restore the content of an earlier version. The current version stays in the history.

    Raise NotFoundError if the version does not exist, and the errors of `check_base`.
    """
    with change():
        annotation = get(library_id, annotation_id)
        revision = revisions.get(library_id, annotation_id, version)
        draft = _apply_content(annotation.draft, revision.content)
        if draft == annotation.draft:
            return annotation
        check_base(base, annotation.version, annotation)
        return _save(library_id, annotation, draft)


def _apply_content(draft: AnnotationDraft, content: Mapping[str, Any]) -> AnnotationDraft:
    quote = TextQuote(**content["quote"]) if content["quote"] else None
    colour = Colour(content["colour"]) if content["colour"] else None
    return replace(draft, body=content["body"], quote=quote, colour=colour)


def get(library_id: str, annotation_id: str) -> Annotation:
    """Return the annotation, live or in the trash. Raise NotFoundError if it does not exist."""
    found = annotations.find(library_id, annotation_id)
    if found is None:
        raise NotFoundError("annotation", annotation_id)
    return found


def trash(library_id: str, annotation_id: str) -> Annotation:
    """Move the annotation to the trash. Do nothing if it is already there."""
    with change():
        annotation = get(library_id, annotation_id)
        if annotation.deleted_at is None:
            annotations.set_deleted(library_id, annotation_id, timestamps.now())
            papers.touch_index(library_id, annotation.paper_id)
        return get(library_id, annotation_id)


def restore(library_id: str, annotation_id: str) -> Annotation:
    """Restore the annotation from the trash. Do nothing if it is not in the trash."""
    with change():
        annotation = get(library_id, annotation_id)
        if annotation.deleted_at is not None:
            annotations.set_deleted(library_id, annotation_id, None)
            papers.touch_index(library_id, annotation.paper_id)
        return get(library_id, annotation_id)
