"""Changing the papers that are ticked in the library's list, or all that it found, in one act that can be undone.

The form names its act by an id made with the page. What it asks for is part of the name: sent twice it acts once, but
the same page, come back to, may do something else.
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

# The list is made anew with each key that is pressed in the search.
_MAX_TAGS = 200
_FIXED_EDITS = {"star": {"starred": True}, "unstar": {"starred": False}, "trash": {"trash": True}}

blueprint = Blueprint("bulk", __name__)


class Choices(TypedDict):
    """What the bar under the list offers."""

    id: str
    tags: list[Tag]
    statuses: tuple[Status, ...]


@blueprint.app_template_global()
def bulk_choices() -> Choices:
    """For a bar on a page that was made now."""
    return {
        "id": str(uuid4()),
        "tags": tagging.suggest(g.library_id, limit=_MAX_TAGS),
        "statuses": tuple(Status),
    }


@blueprint.post("/bulk")
def edit() -> Response:
    """Form: `act`, a UUID; `paper`, ids, or `all` of the search `q`; `do`, and its `tag`; `back`.

    `do` is one of tag, untag, star, unstar, trash, or a status.
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
        raise InvalidInputError("No paper is ticked. Go back and tick those that you mean.", "/paper")
    return Selection(papers)


def _edit_values() -> dict[str, Any]:
    do = request.form.get("do", "")
    if do in ("tag", "untag"):
        names = tuple(filter(str.strip, request.form.get("tag", "").split(",")))
        if not names:
            raise InvalidInputError("No tag was written. Go back and write one.", "/tag")
        return {"add_tags" if do == "tag" else "remove_tags": names}
    return _FIXED_EDITS.get(do) or {
        "status": forms.choice(Status, "do", "Choose what to do with the papers that are ticked.")
    }
