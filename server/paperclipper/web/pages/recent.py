"""Acts on many papers or tags: the line that offers Undo after one, and the list of the last ones."""

from flask import Blueprint, g, redirect, render_template, request
from werkzeug.wrappers import Response

from paperclipper.errors import NotFoundError
from paperclipper.model import Act
from paperclipper.services import undoing
from paperclipper.web.pages import places

_SHOWN = 100

blueprint = Blueprint("recent", __name__, url_prefix="/acts")


@blueprint.get("")
def index() -> str:
    """The last acts, last done first."""
    return render_template("recent.html", acts=undoing.done(g.library_id, _SHOWN))


@blueprint.post("/<act_id>/undo")
def undo(act_id: str) -> Response:
    """Form: `back`, the page to return to."""
    act = undoing.undo(g.library_id, act_id)
    return after(act, places.local(request.form.get("back"), "/acts"))


def after(act: Act | None, path: str) -> Response:
    """To a page of ours, which then tells of the act and offers to undo it."""
    return redirect(places.telling(path, act.id) if act else path, 303)


def just_done() -> Act | None:
    """The act that the form before this page did, as the page's address says."""
    try:
        return undoing.get(g.library_id, request.args["done"]) if "done" in request.args else None
    except NotFoundError:
        return None
