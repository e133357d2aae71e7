"""Signing in with a one-time code (from a link or pasted) or with a library name and password.

The code is in the fragment of the link. Browsers do not send fragments, so it never appears in logs.
"""

from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request

from paperclipper.services.access import passwords, sessions
from paperclipper.web.http import request_guard
from paperclipper.web.http.session_cookie import set_session_cookie
from paperclipper.web.pages.layout import redirects

blueprint = Blueprint("sign_in", __name__)


@blueprint.get("/sign-in")
@request_guard.public
def show() -> str:
    """Show the sign-in form. `next` is the page to open after signing in."""
    return _page(redirects.local_path(request.args.get("next"), "/"))


def _page(next_path: str, **more: Any) -> str:
    return render_template(
        "access/sign_in.html", next=next_path, has_passwords=passwords.any_password_set(), **more
    )


@blueprint.post("/sign-in")
@request_guard.public
def sign_in() -> Response | tuple[str, int]:
    """Start a session.

    Form: `code`, or `library` and `password`; `next`.
    """
    next_path = redirects.local_path(request.form.get("next"), "/")
    library = request.form.get("library")
    if library is None:
        secret = sessions.sign_in(request.form.get("code", "").strip().rpartition("#")[2])
    else:
        secret = passwords.sign_in(" ".join(library.split()), request.form.get("password", ""))
    if secret is None:
        return _page(next_path, refused="code" if library is None else "password", library=library), 403
    response = make_response(redirect(next_path, 303))
    set_session_cookie(response, secret)
    return response
