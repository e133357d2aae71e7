"""An error as a page: what is, what was typed and not taken, and the way back."""

from urllib.parse import urlsplit

from flask import Response, current_app, render_template, request
from werkzeug.exceptions import HTTPException

from paperclipper.web.http import problems
from paperclipper.web.pages.layout import redirects

# What a reader types at length; no secret is among these.
_TYPED = ("title", "authors", "abstract", "quote", "body", "lines")


def respond(error: Exception) -> Response:
    """The page for an error of any kind."""
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
    except HTTPException:  # the form itself is what is wrong, or too large to be read
        return []
    return [text for text in found if text]


def _back() -> str:
    """The page that the form stood on: browsers name it to us alone (Referrer-Policy)."""
    came_from = request.referrer or ""
    return (
        redirects.local_path(urlsplit(came_from).path, "") if came_from.startswith(request.host_url) else ""
    )
