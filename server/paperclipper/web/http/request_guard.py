"""The request guard: checks every request before its view runs, including static files and unknown paths.

The checks, in order: the Host is this server; the Origin is our own or a paired extension's; a request
without an Origin does not come from another site; Paperclipper-Instance, if sent, names this server; the body
has a length and the expected media type; the caller has the required scope; the body is complete. Decorators
declare the scope that a view requires. A view without a decorator is restricted to the owner: a page requires
a session, an API route the admin scope. See CONTRIBUTING.md, "Access".
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
from paperclipper.web.http import callers, cors, problems
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
    # With no-referrer, Chromium would send `Origin: null` with every form.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


class OtherInstance(HTTPException):
    """The request names another server, so it must not change this one."""

    code = 412
    problem_type = problems.OTHER_INSTANCE
    description = "This is not the server that you connected to. Connect again, or start the other server."


def public(view: View) -> View:
    """Allow any caller with a valid Host and Origin to use this view."""
    view.__dict__["required_scope"] = None
    return view


def open_to_extensions(view: View) -> View:
    """Allow any caller to use this view, including extensions that are not paired yet."""
    view.__dict__["required_scope"] = None
    view.__dict__["is_open_to_extensions"] = True
    return view


def requires(scope: Scope) -> Callable[[View], View]:
    """Restrict a view to callers with this scope. The owner's session has all scopes."""

    def decorate(view: View) -> View:
        view.__dict__["required_scope"] = scope
        return view

    return decorate


def guard(app: Flask, settings: Settings) -> None:
    """Check all requests to the app and add security headers to all responses."""

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
        abort(400, "This host name is not allowed. Use the address that the server printed when it started.")


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
    abort(403, "Requests from this origin are not allowed. Connect the extension first.")


def _check_site() -> None:
    """Check Sec-Fetch-Site, which browsers send even without an Origin. `same-site` is rejected too."""
    if request.method in SAFE_METHODS or "Origin" in request.headers:
        return
    if request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
        abort(403, "Requests from other sites are not allowed.")


def _check_instance() -> None:
    named = request.headers.get("Paperclipper-Instance")
    if named is not None and named != libraries.instance_id():
        raise OtherInstance


def _check_body() -> None:
    # A chunked body would be truncated silently at the size limit, so every body needs a Content-Length.
    if "Transfer-Encoding" in request.headers:
        abort(411, "Send the length of the body in Content-Length.")
    if request.method in SAFE_METHODS or request.method == "DELETE":
        return
    if request.content_length is None:
        abort(411, "Send the length of the body in Content-Length.")
    if request.content_length > current_app.config["MAX_CONTENT_LENGTH"]:
        abort(413, "The body is too large. Send at most 2 MiB.")
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
        return None
    callers.identify(settings)
    return None if required is None or required in g.scopes else _reject_caller()


def _check_complete() -> None:
    """Reject a truncated body, which gunicorn would pass on as if it were complete."""
    if request.content_length and len(request.get_data()) < request.content_length:
        abort(400, "The body is shorter than its Content-Length. Send the request again.")


def _reject_caller() -> Response:
    """Redirect page requests to the sign-in page. Reject API requests with 401 or 403."""
    if g.scopes:
        abort(403, "This token does not have the required scope.")
    if is_api_request():
        raise _unauthorized()
    sign_in = url_for("sign_in.show", next=request.full_path.rstrip("?"))
    return Response(status=303, headers={"Location": sign_in})


def _unauthorized() -> Unauthorized:
    detail = "The token is unknown or revoked. Connect again, or send a token (Authorization: Bearer …)."
    return Unauthorized(detail, None, WWWAuthenticate("bearer"))


def _view() -> Callable[..., Any] | None:
    return current_app.view_functions.get(request.endpoint) if request.endpoint else None
