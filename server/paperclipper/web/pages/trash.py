"""The trash: restoring and purging.

A purge requires confirmation. Its page shows the progress and the backups that still contain the text.
"""

from typing import Any
from uuid import uuid4

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from paperclipper.errors import ConflictError, InvalidInputError, NotFoundError
from paperclipper.model import Annotation, Paper
from paperclipper.services.annotations import annotations
from paperclipper.services.papers import lookup
from paperclipper.services.transfer import backups
from paperclipper.services.trash import purging, trashing
from paperclipper.web.pages.layout import forms, redirects

PAGE = 20
_MAX_PAGE = 5_000
_MAX_NOTES = 500

blueprint = Blueprint("trash", __name__, url_prefix="/trash")


@blueprint.get("")
def index() -> str:
    """List the papers in the trash, most recently deleted first.

    The first page also lists notes that were deleted individually.
    """
    page = redirects.page_number(_MAX_PAGE)
    papers = trashing.trashed(g.library_id, PAGE + 1, (page - 1) * PAGE)
    return render_template(
        "trash/trash.html",
        papers=papers[:PAGE],
        notes=_deleted_notes() if page == 1 else [],
        page=page,
        next_page=page + 1 if len(papers) > PAGE else None,
    )


def _deleted_notes() -> list[tuple[Annotation, Paper]]:
    notes = trashing.trashed_annotations(g.library_id, _MAX_NOTES)
    papers = lookup.by_ids(g.library_id, {note.paper_id for note in notes})
    return [(note, papers[note.paper_id]) for note in notes]


@blueprint.get("/purge")
def ask() -> str:
    """Show what a purge would delete: the given `paper` or `note`, or else everything in the trash."""
    return _confirmation(changed=False)


def _confirmation(*, changed: bool) -> str:
    chosen: dict[str, Any] = {}
    if "paper" in request.values:
        chosen["paper"] = lookup.paper(g.library_id, request.values["paper"])
    elif "note" in request.values:
        chosen["note"] = annotations.get(g.library_id, request.values["note"])
    papers, notes = purging.everything_in_trash(g.library_id)
    return render_template(
        "trash/confirm_purge.html", id=str(uuid4()), papers=papers, notes=notes, changed=changed, **chosen
    )


@blueprint.post("/purge")
def purge() -> Response | tuple[str, int]:
    """Delete permanently.

    Form: `id`, a UUID; `paper` or `note`, or to delete everything, `papers` and `notes`: the counts shown to
    the reader.
    """
    purge_id = str(forms.uuid())
    if "paper" in request.form or "note" in request.form:
        papers, notes = request.form.getlist("paper"), request.form.getlist("note")
        purging.purge(g.library_id, purge_id, papers, notes)
    elif _matches_what_was_shown(purge_id):
        purging.purge(g.library_id, purge_id, everything=True)
    else:
        return _confirmation(changed=True), 409
    return redirect(url_for("trash.show_purge", purge_id=purge_id), 303)


def _matches_what_was_shown(purge_id: str) -> bool:
    """Return whether the trash still matches the counts in the form, or this purge has already run."""
    shown = [request.form.get(name, type=int) for name in ("papers", "notes")]
    if None in shown:
        raise InvalidInputError("No items are selected. Select what to delete.", "/paper")
    return shown == [len(ids) for ids in purging.everything_in_trash(g.library_id)] or _purge_exists(purge_id)


def _purge_exists(purge_id: str) -> bool:
    try:
        purging.state(g.library_id, purge_id)
    except NotFoundError:
        return False
    return True


@blueprint.get("/purges/<purge_id>")
def show_purge(purge_id: str) -> str:
    """Show the progress of a purge. With `part=state`, return only that part of the page."""
    state = purging.state(g.library_id, purge_id)
    part = request.args.get("part") == "state"
    return render_template("trash/_purge_state.html" if part else "trash/purge.html", state=state)


@blueprint.post("/purges/<purge_id>/backups/<backup_id>/delete")
def delete_backup(purge_id: str, backup_id: str) -> Response:
    """Delete a backup that still contains the purged text. A backup that no longer exists is not an error."""
    listed = {backup.id for backup in purging.state(g.library_id, purge_id).backups}
    try:
        if backup_id in listed:
            backups.delete_backup(backup_id)
    except OSError as error:
        raise ConflictError(
            f"The file could not be deleted ({error.strerror}). Delete it manually."
        ) from error
    return redirect(url_for("trash.show_purge", purge_id=purge_id), 303)
