"""The list of undoable changes to several papers or tags."""

from flask import Blueprint, g, render_template, request
from werkzeug.wrappers import Response

from paperclipper.services.actions import undoing
from paperclipper.web.pages.layout import redirects, undo_line

_MAX_SHOWN = 100

blueprint = Blueprint("actions", __name__, url_prefix="/actions")


@blueprint.get("")
def index() -> str:
    """List the most recent actions, newest first."""
    return render_template("actions/actions.html", actions=undoing.newest(g.library_id, _MAX_SHOWN))


@blueprint.post("/<action_id>/undo")
def undo(action_id: str) -> Response:
    """Undo an action.

    Form: `back`, the page to return to.
    """
    action = undoing.undo(g.library_id, action_id)
    return undo_line.redirect_with_undo(action, redirects.local_path(request.form.get("back"), "/actions"))
