"""The line on a page that offers to undo the previous action."""

from flask import g, redirect, request
from werkzeug.wrappers import Response

from paperclipper.errors import NotFoundError
from paperclipper.model import Action
from paperclipper.services.actions import undoing
from paperclipper.web.pages.layout import redirects


def redirect_with_undo(action: Action | None, path: str) -> Response:
    """Redirect to a page that shows the action and offers to undo it."""
    return redirect(redirects.with_action(path, action.id) if action else path, 303)


def last_action() -> Action | None:
    """Return the action named in the page's URL, or None."""
    try:
        return undoing.get(g.library_id, request.args["done"]) if "done" in request.args else None
    except NotFoundError:
        return None
