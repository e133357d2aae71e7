"""API error responses: problem details (RFC 9457), including the current state after a stale edit."""

from typing import Any

from flask import Response, current_app, json, request

from paperclipper.errors import StaleVersionError
from paperclipper.web.api.serialization import representation
from paperclipper.web.http import problems


def respond(error: Exception) -> Response:
    """Return the response for an error."""
    problem = problems.from_error(error)
    body = {
        "type": problem.type,
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "instance": request.path,
        **problem.extra,
        **_current(error),
    }
    return current_app.response_class(
        json.dumps(body), problem.status, problem.headers, content_type="application/problem+json"
    )


def _current(error: Exception) -> dict[str, Any]:
    if isinstance(error, StaleVersionError) and error.current is not None:
        return {"current": representation.editable(error.current)}
    return {}
