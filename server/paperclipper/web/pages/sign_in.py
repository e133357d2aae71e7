"""Signing in: a one-time code, from a link's fragment or pasted, becomes a session.

The code stands in the fragment, which browsers keep to themselves: it reaches no log and no history of requests.
"""

from flask import Blueprint, Response, make_response, redirect, render_template, request

from paperclipper.services import access
from paperclipper.web import gate
from paperclipper.web.pages import places

blueprint = Blueprint("sign_in", __name__)


@blueprint.get("/sign-in")
@gate.public
def show() -> str:
    """`next` is the page to go on to."""
    return render_template("sign_in.html", next=places.local(request.args.get("next"), "/"))


@blueprint.post("/sign-in")
@gate.public
def enter() -> Response | tuple[str, int]:
    """Form: `code`; `next`."""
    onward = places.local(request.form.get("next"), "/")
    secret = access.sign_in(request.form.get("code", "").strip().rpartition("#")[2])
    if secret is None:
        return render_template("sign_in.html", next=onward, refused=True), 403
    response = make_response(redirect(onward, 303))
    gate.start_session(response, secret)
    return response
