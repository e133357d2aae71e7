"""Bulk editing of the selected papers or all search results, as one undoable action.

The action's id is derived from a UUID rendered into the page and from the submitted fields. Submitting the
same form twice therefore has no further effect, while a different edit from the same page is a new action.
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

# The suggestions are sent again with every update of the live results.
_MAX_TAGS = 200
_FIXED_EDITS = {"star": {"starred": True}, "unstar": {"starred": False}, "trash": {"trash": True}}

blueprint = Blueprint("bulk", __name__)


class Choices(TypedDict):
    """The choices offered by the bar below the list."""

    id: str
    tags: list[Tag]
    statuses: tuple[Status, ...]


@blueprint.app_template_global()
def bulk_choices() -> Choices:
    """Return the choices for a newly rendered page."""
    return {
        "id": str(uuid4()),
        "tags": tagging.suggest(g.library_id, limit=_MAX_TAGS),
        "statuses": tuple(Status),
    }


@blueprint.post("/bulk")
def edit() -> Response:
    """Edit the selected papers.

    Form: `action`, a UUID; `paper`, one or more ids, or `all` for all results of the search `q`; `do`: tag,
    untag, star, unstar, trash or a status; `tag`, comma-separated names; `back`, the page to return to.
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
