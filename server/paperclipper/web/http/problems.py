"""Every error, as RFC 9457 problem details for programs and as a page for people: the one map to statuses."""

import logging
from collections.abc import Iterator
from typing import Any

from flask import Response, current_app, json, request
from werkzeug.exceptions import HTTPException

from paperclipper import errors
from paperclipper.services import transactions
from paperclipper.web.api.serialization import representation

_STATUSES: tuple[tuple[type[errors.PaperclipperError], int], ...] = (
    (errors.NotFoundError, 404),
    (errors.InvalidInputError, 422),
    (errors.ConflictError, 409),
    (errors.PreconditionRequiredError, 428),
    (errors.StaleVersionError, 412),
    (errors.GoneError, 410),
    (errors.ForbiddenError, 403),
    (errors.TooManyError, 429),
    (errors.StoreFullError, 507),
    (errors.StoreError, 503),
    (errors.IndexUnavailableError, 503),
)
TITLES = {
    400: "Bad request",
    401: "Not signed in",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    409: "Conflict",
    410: "Gone",
    411: "Length required",
    412: "Changed meanwhile",
    413: "Too large",
    415: "Wrong kind of body",
    422: "Not valid",
    428: "Version required",
    429: "Too many",
    500: "A fault of ours",
    503: "Not available now",
    507: "No room",
}


def from_paperclipper(error: errors.PaperclipperError) -> Response:
    """The answer to an error of our own."""
    status = next((status for kind, status in _STATUSES if isinstance(error, kind)), 500)
    extra: dict[str, Any] = {}
    if isinstance(error, errors.InvalidInputError):
        extra["errors"] = [{"pointer": error.pointer, "detail": str(error)}]
    if isinstance(error, errors.QueryError):
        extra["errors"][0]["position"] = error.position
    if isinstance(error, errors.StaleVersionError) and error.current is not None:
        extra["current"] = representation.of(error.current)
    answer = problem(status, str(error), **extra)
    if isinstance(error, errors.TooManyError):
        answer.headers["Retry-After"] = str(error.retry_after)
    return answer


def from_http(error: HTTPException) -> Response:
    """The answer to an error of werkzeug's, webargs' or the gate's."""
    if error.response is not None and error.code is None:
        return error.response  # type: ignore[return-value]
    messages = getattr(error, "data", {}).get("messages", {})
    found = pointed(messages)
    extra = {"errors": found} if found else {}
    detail = "{pointer}: {detail}".format(**found[0]) if found else error.description or ""
    answer = problem(error.code or 500, detail, getattr(error, "problem_type", "about:blank"), **extra)
    for name, value in error.get_headers():
        if name not in ("Content-Type", "Content-Length"):
            answer.headers[name] = value
    return answer


def from_fault(error: Exception) -> Response:
    """The answer to what nobody foresaw, unless the database would not: no inside is shown, the log has it."""
    ours = transactions.fault(error)
    if ours:
        return from_paperclipper(ours)
    logging.getLogger("paperclipper").error("fault at %s %s", request.method, request.path, exc_info=error)
    return problem(500, "Something went wrong here, and the server's log says what. Try again.")


def problem(status: int, detail: str, kind: str = "about:blank", **extra: Any) -> Response:
    """Problem details, or the error page where a person asked for a page."""
    title = TITLES.get(status, "Error")
    if not request.path.startswith("/api/"):
        return _page(status, title, detail)
    body = {
        "type": kind,
        "title": title,
        "status": status,
        "detail": detail,
        "instance": request.path,
        **extra,
    }
    return current_app.response_class(json.dumps(body), status, content_type="application/problem+json")


def pointed(messages: Any) -> list[dict[str, str]]:
    """marshmallow's messages, each with its JSON pointer (RFC 6901)."""
    return [{"pointer": pointer, "detail": detail} for pointer, detail in _pointers(messages)]


def _page(status: int, title: str, detail: str) -> Response:
    from paperclipper.web.pages.layout import errors as error_pages

    return current_app.make_response((error_pages.render(status, title, detail), status))


def _pointers(messages: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """webargs' nested messages as (JSON pointer, text); its outermost key names the part of the request."""
    if isinstance(messages, dict):
        for key, value in messages.items():
            step = "" if key in ("_schema", "json", "query", "form") else "/" + _escape(str(key))
            yield from _pointers(value, path + step)
    elif isinstance(messages, list):
        for value in messages:
            yield from _pointers(value, path)
    else:
        yield path, str(messages)


def _escape(token: str) -> str:
    """RFC 6901 3."""
    return token.replace("~", "~0").replace("/", "~1")
