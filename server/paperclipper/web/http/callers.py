"""Identifying the caller of a request, by API token or browser session."""

from flask import abort, g, request

from paperclipper.config import Settings
from paperclipper.model import Scope
from paperclipper.services.access import sessions, tokens
from paperclipper.web.http.session_cookie import session_cookie_name

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_EVERY_SCOPE = frozenset(Scope)


def is_api_request() -> bool:
    """Return whether the request is for the API rather than an HTML page."""
    return request.path.startswith("/api/")


def reset() -> None:
    """Reset the caller to an anonymous one without scopes."""
    g.scopes, g.library_id, g.session_secret = frozenset(), None, None


def identify(settings: Settings) -> None:
    """Set the caller's scopes and library in `g` from the request's token or session."""
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    if kind == "Bearer" and secret.strip() and is_api_request():
        _identify_by_token(secret.strip())
    else:
        _identify_by_session(settings)


def _identify_by_token(secret: str) -> None:
    token = tokens.authenticate(secret)
    if token is None:
        return
    origin = request.headers.get("Origin")
    if token.origin and origin != token.origin and (origin or request.method not in SAFE_METHODS):
        abort(403, "This token belongs to another extension.")
    g.scopes, g.library_id = token.scopes, token.library_id


def _identify_by_session(settings: Settings) -> None:
    """Accept the session only for requests from our own pages; other sites may only link to pages."""
    if not _may_use_session(settings):
        return
    secret = request.cookies.get(session_cookie_name())
    library_id = sessions.library_id_of(secret) if secret is not None else None
    if library_id:
        g.scopes, g.library_id, g.session_secret = _EVERY_SCOPE, library_id, secret


def _may_use_session(settings: Settings) -> bool:
    is_ours = request.headers.get("Origin") in settings.origins
    if request.method in SAFE_METHODS or is_ours:
        return not is_api_request() or request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
    if not is_api_request():
        abort(403, "Forms are accepted only from this server's own pages.")
    return False
