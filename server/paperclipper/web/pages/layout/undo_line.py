"""The line on a page that offers to undo the act that led to it."""

from flask import g, redirect, request
from werkzeug.wrappers import Response

from paperclipper.errors import NotFoundError
from paperclipper.model import Action
from paperclipper.services.actions import undoing
from paperclipper.web.pages.layout import redirects


def redirect_with_undo(action: Action | None, path: str) -> Response:
    """To a page of ours, which then tells of the act and offers to undo it."""
    return redirect(redirects.with_action(path, action.id) if action else path, 303)


def last_action() -> Action | None:
    """The act that the form before this page did, as the page's address says."""
    try:
        return undoing.get(g.library_id, request.args["done"]) if "done" in request.args else None
    except NotFoundError:
        return None
