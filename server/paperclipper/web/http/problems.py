"""Problem details (RFC 9457) for all errors. api/errors.py and pages/layout/errors.py build the responses."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from flask import request
from werkzeug.exceptions import HTTPException

from paperclipper import errors
from paperclipper.services import transactions

_STATUSES: tuple[tuple[type[errors.PaperclipperError], int], ...] = (
    (errors.NotFoundError, 404),
    (errors.InvalidInputError, 422),
    (errors.ConflictError, 409),
    (errors.PreconditionRequiredError, 428),
    (errors.StaleVersionError, 412),
    (errors.GoneError, 410),
    (errors.ForbiddenError, 403),
    (errors.TooManyRequestsError, 429),
    (errors.StoreFullError, 507),
    (errors.StoreError, 503),
    (errors.IndexUnavailableError, 503),
)
TITLES = {
    400: "Bad request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not found",
    405: "Method not allowed",
    409: "Conflict",
    410: "Gone",
    411: "Length required",
    412: "Edit conflict",
    413: "Body too large",
    415: "Unsupported media type",
    422: "Invalid input",
    428: "Version required",
    429: "Too many requests",
    500: "Internal error",
    503: "Temporarily unavailable",
    507: "Disk full",
}

OTHER_INSTANCE = "/problems/other-instance"


@dataclass(frozen=True)
class Problem:
    """Problem details. `extra` contains the extension members, such as `errors`."""

    status: int
    detail: str
    type: str = "about:blank"
    extra: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """A short summary of the problem type or status."""
        if self.type == OTHER_INSTANCE:
            return "Different server"
        return TITLES.get(self.status, "Error")


def from_error(error: Exception) -> Problem:
    """Convert an error to a problem. Unexpected errors are logged."""
    if isinstance(error, HTTPException):
        return _from_http(error)
    known = error if isinstance(error, errors.PaperclipperError) else transactions.store_error(error)
    return _from_paperclipper(known) if known else _from_fault(error)


def _from_paperclipper(error: errors.PaperclipperError) -> Problem:
    status = next((status for kind, status in _STATUSES if isinstance(error, kind)), 500)
    extra: dict[str, Any] = {}
    if isinstance(error, errors.InvalidInputError):
        extra["errors"] = [{"pointer": error.pointer, "detail": str(error)}]
    if isinstance(error, errors.QueryError):
        extra["errors"][0]["position"] = error.position
    headers = (
        {"Retry-After": str(error.retry_after)} if isinstance(error, errors.TooManyRequestsError) else {}
    )
    return Problem(status, str(error), extra=extra, headers=headers)


def _from_http(error: HTTPException) -> Problem:
    """Convert an error raised by werkzeug, webargs or the request guard."""
    messages = getattr(error, "data", {}).get("messages", {})
    found = field_errors(messages)
    extra = {"errors": found} if found else {}
    detail = "{pointer}: {detail}".format(**found[0]) if found else error.description or ""
    headers = {
        name: value for name, value in error.get_headers() if name not in ("Content-Type", "Content-Length")
    }
    return Problem(error.code or 500, detail, getattr(error, "problem_type", "about:blank"), extra, headers)


def _from_fault(error: Exception) -> Problem:
    """Log an unexpected error and return a generic problem that does not expose its details."""
    logging.getLogger("paperclipper").error(
        "internal error at %s %s", request.method, request.path, exc_info=error
    )
    return Problem(500, "An internal error occurred. Try again; if it persists, see the server's log.")


def field_errors(messages: Any) -> list[dict[str, str]]:
    """Convert marshmallow's error messages to a list with JSON pointers (RFC 6901)."""
    return [{"pointer": pointer, "detail": detail} for pointer, detail in _pointers(messages)]


def _pointers(messages: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Flatten webargs' nested messages to (JSON pointer, message) pairs. Top-level keys are locations."""
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
    """Escape a JSON pointer reference token (RFC 6901, 3)."""
    return token.replace("~", "~0").replace("/", "~1")
