"""Error pages, which show the submitted text and a link back to the form."""

from urllib.parse import urlsplit

from flask import Response, current_app, render_template, request
from werkzeug.exceptions import HTTPException

from paperclipper.web.http import problems
from paperclipper.web.pages.layout import redirects

# Fields with longer text. Secrets are never shown.
_TYPED = ("title", "authors", "abstract", "quote", "body", "lines")


def respond(error: Exception) -> Response:
    """Return the error page for an exception."""
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
    """Return the path of the form's page, from Referer, which browsers send to our own server only."""
    came_from = request.referrer or ""
    return (
        redirects.local_path(urlsplit(came_from).path, "") if came_from.startswith(request.host_url) else ""
    )
