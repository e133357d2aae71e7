"""Signing in: a one-time code, from a link's fragment or pasted, or a library's name and password, becomes a session.

The code stands in the fragment, which browsers keep to themselves: it reaches no log and no history of requests.
"""

from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request

from paperclipper.services.access import libraries as hosting
from paperclipper.services.access import tokens as access
from paperclipper.web.http import request_guard as gate
from paperclipper.web.pages.layout import redirects as places

blueprint = Blueprint("sign_in", __name__)


@blueprint.get("/sign-in")
@gate.public
def show() -> str:
    """`next` is the page to go on to."""
    return _page(places.local(request.args.get("next"), "/"))


def _page(onward: str, **more: Any) -> str:
    return render_template("access/sign_in.html", next=onward, has_passwords=hosting.passwords_are_used(), **more)


@blueprint.post("/sign-in")
@gate.public
def enter() -> Response | tuple[str, int]:
    """Form: `code`, or `library` and `password`; `next`."""
    onward = places.local(request.form.get("next"), "/")
    library = request.form.get("library")
    if library is None:
        secret = access.sign_in(request.form.get("code", "").strip().rpartition("#")[2])
    else:
        secret = hosting.sign_in(" ".join(library.split()), request.form.get("password", ""))
    if secret is None:
        return _page(onward, refused="code" if library is None else "password", library=library), 403
    response = make_response(redirect(onward, 303))
    gate.start_session(response, secret)
    return response
