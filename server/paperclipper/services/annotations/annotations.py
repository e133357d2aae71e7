"""Annotating: notes and highlights, put under ids that their clients chose, so that a repeated request adds nothing.

Every save keeps what stood there before (`history`): nothing that was ever acknowledged is lost.
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
    """Make the annotation, or give it new content; and whether it was made.

    Content that is there already is a success, whatever the base; so is a request that was answered before and comes
    again, which changes nothing. Raises ConflictError for an id used elsewhere, GoneError for one that was purged,
    PreconditionRequiredError and StaleVersionError as versions.check_base does.
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
        raise InvalidInputError("A highlight needs the words that it marks.", "/quote/exact")
    if draft.kind is AnnotationKind.NOTE and draft.quote is not None:
        raise InvalidInputError("A note has no quote; a highlight has.", "/quote")


def _add(library_id: str, annotation_id: str, paper_id: str, draft: AnnotationDraft) -> Annotation:
    if annotations.is_purged(library_id, annotation_id):
        raise GoneError("This note was deleted for good. Write a new one.")
    if annotations.is_taken(annotation_id):
        raise ConflictError(f"The id {annotation_id} was used for another annotation. Choose a new one.")
    annotations.add(library_id, annotation_id, paper_id, draft, timestamps.now())
    note_links.save(annotation_id, draft.body)
    papers.touch_index(library_id, paper_id)
    return get(library_id, annotation_id)


def _replace(
    library_id: str, annotation: Annotation, paper_ref: str, draft: AnnotationDraft, base: str | None
) -> Annotation:
    if annotation.paper_id != lookup.paper_id(library_id, paper_ref):
        raise ConflictError(
            f"The id {annotation.id} was used for an annotation on another paper. Choose a new one."
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
    """Whether this very request made an earlier version: it is a repeat, and what came after it stays."""
    if base == str(annotation.version):
        return False
    before: str | None = None
    for revision in reversed(stored_revisions.of_subject(library_id, annotation.id)):
        if base == before and revision.content == _content(draft):
            return True
        before = str(revision.version)
    return False


def _content(draft: AnnotationDraft) -> dict[str, Any]:
    """A draft as its history keeps it."""
    quote = vars(draft.quote) if draft.quote else None
    return {"body": draft.body, "quote": quote, "colour": draft.colour.value if draft.colour else None}


def history(library_id: str, annotation_id: str) -> Sequence[Revision]:
    """What the annotation said before, newest first: `content` has body, quote, colour. Raises NotFoundError."""
    get(library_id, annotation_id)
    return stored_revisions.of_subject(library_id, annotation_id)


def earlier_versions(library_id: str, paper: Paper) -> Mapping[str, int]:
    """How many earlier versions the paper's facts and its annotations have, by id; ids that have none are left out."""
    return stored_revisions.counts(
        library_id, [paper.id, *(annotation.id for annotation in paper.annotations)]
    )


def restore_revision(library_id: str, annotation_id: str, version: str, base: str | None) -> Annotation:
    """Save once more what the annotation said in an earlier version; what it says now stays in its history.

    Raises NotFoundError for a version that was not kept, and as versions.check_base does.
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
    """The annotation, live or in the trash. Raises NotFoundError."""
    found = annotations.find(library_id, annotation_id)
    if found is None:
        raise NotFoundError("annotation", annotation_id)
    return found


def trash(library_id: str, annotation_id: str) -> Annotation:
    """Into the trash; there already is no error."""
    with change():
        annotation = get(library_id, annotation_id)
        if annotation.deleted_at is None:
            annotations.set_deleted(library_id, annotation_id, timestamps.now())
            papers.touch_index(library_id, annotation.paper_id)
        return get(library_id, annotation_id)


def restore(library_id: str, annotation_id: str) -> Annotation:
    """Out of the trash; not there is no error."""
    with change():
        annotation = get(library_id, annotation_id)
        if annotation.deleted_at is not None:
            annotations.set_deleted(library_id, annotation_id, None)
            papers.touch_index(library_id, annotation.paper_id)
        return get(library_id, annotation_id)
