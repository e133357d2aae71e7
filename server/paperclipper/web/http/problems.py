"""Every error as a problem (RFC 9457): its status, title and details. api/ and pages/ make responses of it."""

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


@dataclass(frozen=True)
class Problem:
    """What is wrong with a request. `extra` are the members beside the standard ones."""

    status: int
    detail: str
    type: str = "about:blank"
    extra: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The title of its status."""
        return TITLES.get(self.status, "Error")


def from_error(error: Exception) -> Problem:
    """The problem that an error of any kind is."""
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
    """An error of werkzeug's, webargs' or the request guard's."""
    messages = getattr(error, "data", {}).get("messages", {})
    found = field_errors(messages)
    extra = {"errors": found} if found else {}
    detail = "{pointer}: {detail}".format(**found[0]) if found else error.description or ""
    headers = {
        name: value for name, value in error.get_headers() if name not in ("Content-Type", "Content-Length")
    }
    return Problem(error.code or 500, detail, getattr(error, "problem_type", "about:blank"), extra, headers)


def _from_fault(error: Exception) -> Problem:
    """What nobody foresaw: no inside is shown, the log has it."""
    logging.getLogger("paperclipper").error("fault at %s %s", request.method, request.path, exc_info=error)
    return Problem(500, "Something went wrong here, and the server's log says what. Try again.")


def field_errors(messages: Any) -> list[dict[str, str]]:
    """marshmallow's messages, each with its JSON pointer (RFC 6901)."""
    return [{"pointer": pointer, "detail": detail} for pointer, detail in _pointers(messages)]


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
