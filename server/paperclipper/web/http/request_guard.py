"""The request gate: every request passes it before any view, static files and unknown addresses too.

In this order: the Host names this server; the Origin is ours or a paired extension's; a request without Origin does
not come from another site; the body is of the one kind its route takes and says its length; the caller may do it;
the body came whole.
A view says what it needs by a decorator. One that says nothing is closed to all but the owner: a page needs a
session, an API route the admin scope. See CONTRIBUTING.md, "Access".
"""

import re
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Response, abort, current_app, g, request, url_for
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import HTTPException, Unauthorized

from paperclipper.config import Settings
from paperclipper.model import Scope
from paperclipper.services.access import libraries, tokens
from paperclipper.web.http import callers, cors
from paperclipper.web.http.callers import SAFE_METHODS, is_api_request

View = TypeVar("View", bound=Callable[..., Any])
_FORM = "application/x-www-form-urlencoded"
_EXTENSION = re.compile(r"(?:chrome|moz)-extension://[a-z0-9-]{1,64}", re.ASCII)
_OPEN_ENDPOINTS = frozenset({"static", "api_docs.document", "api_docs.show"})
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    # Not no-referrer: under it Chromium sends `Origin: null` with every form.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


class OtherInstance(HTTPException):
    """The caller means another installation: it must not write here."""

    code = 412
    problem_type = "/problems/other-instance"
    description = (
        "This is not the library that you were connected to. Connect again, or start the other server."
    )


def public(view: View) -> View:
    """Anyone who passes Host and Origin may call this view."""
    view.__dict__["required_scope"] = None
    return view


def open_to_extensions(view: View) -> View:
    """As `public`, and any browser extension may call it: pairing has to begin somewhere."""
    view.__dict__["required_scope"] = None
    view.__dict__["is_open_to_extensions"] = True
    return view


def requires(scope: Scope) -> Callable[[View], View]:
    """Only callers with this scope; the owner's session has all."""

    def decorate(view: View) -> View:
        view.__dict__["required_scope"] = scope
        return view

    return decorate


def guard(app: Flask, settings: Settings) -> None:
    """Put the gate before every route of the app."""

    @app.before_request
    def check() -> Response | None:
        _check_host(settings)
        _check_origin(settings)
        _check_site()
        _check_instance()
        _check_body()
        refusal = _check_caller(settings)
        if refusal is None:
            _check_complete()
        return refusal

    @app.after_request
    def finish(response: Response) -> Response:
        response.headers.extend(_HEADERS)
        response.vary.update(("Origin", "Cookie"))
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "private, no-cache")
        if g.get("paired_origin"):
            cors.allow_origin(app, response, g.paired_origin)
        return response


def _check_host(settings: Settings) -> None:
    if request.environ.get("HTTP_HOST", "").lower() not in settings.hosts:
        abort(400, "This server does not go by that name. Use the address that it printed.")


def _check_origin(settings: Settings) -> None:
    origin = request.headers.get("Origin")
    g.paired_origin = None
    if origin is None or origin in settings.origins:
        return
    if _EXTENSION.fullmatch(origin):
        if tokens.is_paired(origin):
            g.paired_origin = origin
            return
        if getattr(_view(), "is_open_to_extensions", False) and request.method != "OPTIONS":
            return
        raise _unauthorized()
    abort(403, "Requests from that page are not taken. Connect the extension first.")


def _check_site() -> None:
    """Without an Origin a browser still says where a request comes from; same-site is not same-origin."""
    if request.method in SAFE_METHODS or "Origin" in request.headers:
        return
    if request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
        abort(403, "Requests from other sites are not taken.")


def _check_instance() -> None:
    named = request.headers.get("Paperclipper-Instance")
    if named is not None and named != libraries.instance_id():
        raise OtherInstance


def _check_body() -> None:
    # A chunked body would be cut at the limit without a word, so every body must say its length.
    if "Transfer-Encoding" in request.headers:
        abort(411, "Say the length of the body: send Content-Length.")
    if request.method in SAFE_METHODS or request.method == "DELETE":
        return
    if request.content_length is None:
        abort(411, "Say the length of the body: send Content-Length.")
    if request.content_length > current_app.config["MAX_CONTENT_LENGTH"]:
        abort(413, "The body is too large.")
    expected = "application/json" if is_api_request() else _FORM
    if request.content_length and request.mimetype != expected:
        abort(415, f"The body must be {expected}.")


def _check_caller(settings: Settings) -> Response | None:
    view = _view()
    if view is None or request.method == "OPTIONS" or request.endpoint in _OPEN_ENDPOINTS:
        return None
    required = getattr(view, "required_scope", Scope.ADMIN)
    callers.reset()
    if required is None and is_api_request():
        return None  # whoever asks
    callers.identify(settings)
    return None if required is None or required in g.scopes else _reject_caller()


def _check_complete() -> None:
    """gunicorn ends a body where the connection ends: half a note would be saved for the whole one."""
    if request.content_length and len(request.get_data()) < request.content_length:
        abort(400, "The body ended before its length: the connection broke off. Send it again.")


def _reject_caller() -> Response:
    """A person is shown the way in; a program is told what it lacks."""
    if g.scopes:
        abort(403, "This token may not do that.")
    if is_api_request():
        raise _unauthorized()
    sign_in = url_for("sign_in.show", next=request.full_path.rstrip("?"))
    return Response(status=303, headers={"Location": sign_in})


def _unauthorized() -> Unauthorized:
    detail = "Unknown or revoked: connect again, or send a token (Authorization: Bearer …)."
    return Unauthorized(detail, None, WWWAuthenticate("bearer"))


def _view() -> Callable[..., Any] | None:
    return current_app.view_functions.get(request.endpoint) if request.endpoint else None
