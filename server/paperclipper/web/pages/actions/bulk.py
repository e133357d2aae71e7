"""Bulk editing: one undoable action for the selected papers, or for all that a search found.

The action's id is derived from a UUID that the page was rendered with and from what the form asks for. So
submitting a form twice acts once, and going back to the same page allows a different action.
"""

from typing import Any, TypedDict
from uuid import uuid4, uuid5

from flask import Blueprint, g, request
from werkzeug.wrappers import Response

from paperclipper.errors import InvalidInputError
from paperclipper.model import Status, Tag
from paperclipper.services.actions import bulk_editing
from paperclipper.services.actions.bulk_editing import BulkEdit, Selection
from paperclipper.services.tags import tagging
from paperclipper.web.pages.layout import forms, redirects, undo_line

# The suggestions are sent again for each key typed in the search.
_MAX_TAGS = 200
_FIXED_EDITS = {"star": {"starred": True}, "unstar": {"starred": False}, "trash": {"trash": True}}

blueprint = Blueprint("bulk", __name__)


class Choices(TypedDict):
    """What the bar below the list offers."""

    id: str
    tags: list[Tag]
    statuses: tuple[Status, ...]


@blueprint.app_template_global()
def bulk_choices() -> Choices:
    """Return the choices for a new page."""
    return {
        "id": str(uuid4()),
        "tags": tagging.suggest(g.library_id, limit=_MAX_TAGS),
        "statuses": tuple(Status),
    }


@blueprint.post("/bulk")
def edit() -> Response:
    """Edit the selected papers.

    Form: `action`, a UUID; `paper`, several ids, or `all` results of the search `q`; `do`, one of tag, untag,
    star, unstar, trash, or a status; `tag`; `back`.
    """
    selection = _selection()
    action = bulk_editing.edit(g.library_id, _action_id(), selection, BulkEdit(**_edit_values()))
    return undo_line.redirect_with_undo(action, redirects.local_path(request.form.get("back"), "/"))


def _action_id() -> str:
    submitted = request.form.items(multi=True)
    asked_for = sorted((name, value) for name, value in submitted if name not in ("action", "back"))
    return str(uuid5(forms.uuid("action"), repr(asked_for)))


def _selection() -> Selection:
    if request.form.get("all"):
        return Selection(q=forms.text("q"), as_listed=True)
    papers = tuple(request.form.getlist("paper"))
    if not papers:
        raise InvalidInputError("No papers are selected. Go back and select some.", "/paper")
    return Selection(papers)


def _edit_values() -> dict[str, Any]:
    do = request.form.get("do", "")
    if do in ("tag", "untag"):
        names = tuple(filter(str.strip, request.form.get("tag", "").split(",")))
        if not names:
            raise InvalidInputError("No tag was entered. Go back and enter one.", "/tag")
        return {"add_tags" if do == "tag" else "remove_tags": names}
    return _FIXED_EDITS.get(do) or {
        "status": forms.choice(Status, "do", "Choose an action for the selected papers.")
    }
