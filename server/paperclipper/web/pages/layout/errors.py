"""Error pages, with what the reader had typed and a way back."""

from urllib.parse import urlsplit

from flask import Response, current_app, render_template, request
from werkzeug.exceptions import HTTPException

from paperclipper.web.http import problems
from paperclipper.web.pages.layout import redirects

# Longer texts that a reader types; never a secret.
_TYPED = ("title", "authors", "abstract", "quote", "body", "lines")


def respond(error: Exception) -> Response:
    """Return the page for any exception."""
    problem = problems.from_error(error)
    return current_app.make_response((_render(problem), problem.status, problem.headers))


def _render(problem: problems.Problem) -> str:
    typed = _typed()
    return render_template(
        "layout/error.html",
        status=problem.status,
        title=problem.title,
        detail=problem.detail,
        typed=typed,
        back=_back() if typed else "",
    )


def _typed() -> list[str]:
    try:
        found = [request.form.get(name, "").strip() for name in _TYPED]
    except HTTPException:  # the form itself is invalid or too large
        return []
    return [text for text in found if text]


def _back() -> str:
    """Return the page that the form was on. Browsers send it only to our own server (Referrer-Policy)."""
    came_from = request.referrer or ""
    return (
        redirects.local_path(urlsplit(came_from).path, "") if came_from.startswith(request.host_url) else ""
    )
