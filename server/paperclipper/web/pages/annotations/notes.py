"""Adding, editing, deleting and restoring notes. Existing highlights are edited here too.

The form contains a note id generated with the page, so submitting it twice saves only one note. An edit
contains the version it is based on. If that version is stale, the page shows both texts, so that nothing the
reader typed is lost.
"""

from dataclasses import replace
from uuid import UUID

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from paperclipper.errors import InvalidInputError, NotFoundError, PreconditionRequiredError, StaleVersionError
from paperclipper.formats.text.notes import MAX_NOTE
from paperclipper.model import AnnotationDraft, AnnotationKind, Colour, Paper
from paperclipper.services.annotations import annotations
from paperclipper.services.papers import lookup
from paperclipper.web.pages.layout import forms, redirects

_NEW = AnnotationDraft(AnnotationKind.NOTE, made_in="page")

blueprint = Blueprint("notes", __name__, url_prefix="/papers/<paper_id>/notes")


@blueprint.post("")
def add(paper_id: str) -> Response | tuple[str, int]:
    """Add a note.

    Form: `id`, a UUID; `body`.
    """
    return _save(paper_id, str(forms.uuid()), None)


@blueprint.post("/<uuid:note_id>")
def edit(paper_id: str, note_id: UUID) -> Response | tuple[str, int]:
    """Edit a note or highlight.

    Form: `body`; `version`, the version the edit is based on; for a highlight, `colour`.
    """
    return _save(paper_id, str(note_id), request.form.get("version"))


def _save(paper_id: str, note_id: str, base: str | None) -> Response | tuple[str, int]:
    draft = _draft(note_id)
    try:
        saved, _ = annotations.put(g.library_id, note_id, paper_id, draft, base)
    except (StaleVersionError, PreconditionRequiredError):
        return conflict_page(lookup.paper(g.library_id, paper_id), note_id, draft), 409
    if saved.deleted_at:
        annotations.restore(g.library_id, note_id)
    return redirect_to_note(paper_id, note_id)


def _draft(note_id: str) -> AnnotationDraft:
    """Return the stored draft updated from the form, so that a highlight stays a highlight."""
    try:
        present = annotations.get(g.library_id, note_id).draft
    except NotFoundError:
        present = _NEW
    draft = replace(present, body=forms.note())
    if draft.kind is AnnotationKind.HIGHLIGHT:
        return replace(draft, colour=forms.colour() or present.colour)
    if not draft.body:
        raise InvalidInputError(
            "This note is empty. Go back and write something, or delete the note.", "/body"
        )
    return draft


def conflict_page(paper: Paper, note_id: str, mine: AnnotationDraft) -> str:
    """Return the page that shows the stored text next to the submitted one."""
    theirs = annotations.get(g.library_id, note_id)
    return render_template(
        "annotations/note_conflict.html",
        paper=paper,
        theirs=theirs,
        mine=mine,
        max_note=MAX_NOTE,
        colours=tuple(Colour),
    )


@blueprint.post("/<uuid:note_id>/delete")
def delete(paper_id: str, note_id: UUID) -> Response:
    """Move the note to the trash. The paper's page then offers Undo."""
    annotations.trash(g.library_id, str(note_id))
    return redirect(url_for("paper.show", paper_id=paper_id, deleted=str(note_id)), 303)


@blueprint.post("/<uuid:note_id>/restore")
def restore(paper_id: str, note_id: UUID) -> Response:
    """Restore the note from the trash, then redirect to `back` or to the note."""
    annotations.restore(g.library_id, str(note_id))
    back = redirects.local_path(request.form.get("back"), "")
    return redirect(back, 303) if back else redirect_to_note(paper_id, str(note_id))


def redirect_to_note(paper_id: str, note_id: str) -> Response:
    """Redirect to the note on its paper's page."""
    return redirect(url_for("paper.show", paper_id=paper_id, _anchor=f"note-{note_id}"), 303)
