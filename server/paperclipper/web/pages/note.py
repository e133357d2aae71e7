"""A paper's notes: written, edited, deleted and brought back by forms.

A form carries the note's id, made with the page, so that a form sent twice writes once; an edit carries the version
that it began from, and one that comes too late shows both texts, so that nothing typed is lost.
"""

import unicodedata
from dataclasses import replace
from uuid import UUID

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from paperclipper.errors import InvalidInputError, NotFoundError, PreconditionRequiredError, StaleVersionError
from paperclipper.formats.notes import MAX_NOTE
from paperclipper.model import AnnotationDraft, AnnotationKind
from paperclipper.services import annotating, finding

_NEW = AnnotationDraft(AnnotationKind.NOTE, made_in="page")

blueprint = Blueprint("note", __name__, url_prefix="/papers/<paper_id>/notes")


@blueprint.post("")
def add(paper_id: str) -> Response | tuple[str, int]:
    """Form: `id`, a UUID; `body`."""
    try:
        note_id = str(UUID(request.form.get("id", "")))
    except ValueError as error:
        raise InvalidInputError("A new note needs an id. Load the page again.", "/id") from error
    return _save(paper_id, note_id, None)


@blueprint.post("/<uuid:note_id>")
def edit(paper_id: str, note_id: UUID) -> Response | tuple[str, int]:
    """Form: `body`; `version`, which the edit began from."""
    return _save(paper_id, str(note_id), request.form.get("version"))


def _save(paper_id: str, note_id: str, base: str | None) -> Response | tuple[str, int]:
    body = _body()
    try:
        saved, _ = annotating.put(g.library_id, note_id, paper_id, replace(_draft(note_id), body=body), base)
    except (StaleVersionError, PreconditionRequiredError):
        return _both(paper_id, note_id, body), 409
    if saved.deleted_at:
        annotating.restore(g.library_id, note_id)
    return _to_note(paper_id, note_id)


def _draft(note_id: str) -> AnnotationDraft:
    """What the note is beside its words: a highlight stays one."""
    try:
        return annotating.get(g.library_id, note_id).draft
    except NotFoundError:
        return _NEW


def _body() -> str:
    """The typed text; a browser sends each line's end as CR LF (HTML standard, form submission)."""
    body = request.form.get("body", "").replace("\r\n", "\n").strip()
    if not body:
        raise InvalidInputError("This note has no words. Go back and write some, or delete the note.", "/body")
    if len(body) > MAX_NOTE:
        raise InvalidInputError(f"This note is too long: {MAX_NOTE:,} characters are the most.", "/body")
    if any(unicodedata.category(character) == "Cc" and character not in "\n\t" for character in body):
        raise InvalidInputError("This note holds control characters, which are not text.", "/body")
    return body


def _both(paper_id: str, note_id: str, mine: str) -> str:
    theirs = annotating.get(g.library_id, note_id)
    paper = finding.paper(g.library_id, paper_id)
    return render_template("note_conflict.html", paper=paper, theirs=theirs, mine=mine, max_note=MAX_NOTE)


@blueprint.post("/<uuid:note_id>/delete")
def delete(paper_id: str, note_id: UUID) -> Response:
    """Into the trash; the paper's page offers Undo."""
    annotating.trash(g.library_id, str(note_id))
    return redirect(url_for("paper.show", paper_id=paper_id, deleted=str(note_id)), 303)


@blueprint.post("/<uuid:note_id>/restore")
def restore(paper_id: str, note_id: UUID) -> Response:
    """Out of the trash."""
    annotating.restore(g.library_id, str(note_id))
    return _to_note(paper_id, str(note_id))


def _to_note(paper_id: str, note_id: str) -> Response:
    return redirect(url_for("paper.show", paper_id=paper_id, _anchor=f"note-{note_id}"), 303)
