"""The error responses in the OpenAPI document: the meaning of each status, and the errors of each route.

Most of a route's errors follow from its method, scope and input. Its view declares the others.
"""

from collections.abc import Collection
from typing import Any

from paperclipper.web.api.openapi import headers
from paperclipper.web.api.serialization import answers
from paperclipper.web.api.serialization.shapes import NAMED, Shape, array, example, integer, named, text
from paperclipper.web.http import problems

PROBLEM = named(
    "Problem",
    "Problem details (RFC 9457).",
    type=text(
        "about:blank",
        "`/problems/other-instance` if the request names another server.",
        format="uri-reference",
    ),
    title=text("Not found"),
    status=integer(404),
    detail=text(
        "There is no paper arxiv:0901.00001 in this library.",
        "A human-readable explanation of the error and how to fix it.",
    ),
    instance=text("/api/v1/papers/arxiv:0901.00001", "The path of the request."),
)
# Errors in a search query also have a position.
_POSITION = integer(12, "The zero-based position of the error in `q`, in characters.")
_INVALID = answers.FIELD_ERROR | {"properties": answers.FIELD_ERROR["properties"] | {"position": _POSITION}}
NAMED["Problem"]["properties"] |= {
    "errors": array(_INVALID, "Only in a 422 response: the invalid values."),
    "current": {
        "description": "Only in a 412 response to a stale edit: the current state of the resource.",
        "anyOf": [answers.PAPER, answers.ANNOTATION, answers.TAG],
    },
}

# The description of each status, and an example of `detail`.
_MEANINGS = {
    400: (
        "The `Host` is not allowed, or the body is not valid JSON. NaN, duplicate keys and more than 32 "
        "levels of nesting are invalid too.",
        "The body is not valid JSON: Expecting value at line 1, column 1.",
    ),
    401: (
        "The token or session is missing, unknown, expired or revoked.",
        "The token is unknown or revoked. Connect again, or send a token (Authorization: Bearer …).",
    ),
    403: (
        "The token does not have the required scope, or the origin is not allowed.",
        "This token does not have the required scope.",
    ),
    404: (
        "There is no such resource in this library.",
        "There is no paper arxiv:0901.00001 in this library.",
    ),
    409: (
        "The id or name is already in use, or later changes prevent this change.",
        "The id 019cd1c6-5a40-7c3e-8f21-4b5a6c7d8e9f is already used by another clip. Use a new id.",
    ),
    410: (
        "No longer available: the search cursor is more than an hour old, the changes cursor is from before "
        "a restore, the pairing request is no longer open, or the annotation was purged.",
        "This library was restored from a backup. Start again without a cursor.",
    ),
    411: ("The request has no `Content-Length`.", "Send the length of the body in Content-Length."),
    412: (
        "The edit is not based on the current version, which is in `current`; or `Paperclipper-Instance` "
        "names another server.",
        "This was changed since you loaded it. The current version is in the response.",
    ),
    413: ("The body is larger than 2 MiB.", "The body is too large. Send at most 2 MiB."),
    415: ("The body is not `application/json`.", "The body must be application/json."),
    422: (
        "A value in the path, query or body is invalid; `errors` lists all invalid values.",
        "/paper/title: Missing data for required field.",
    ),
    428: ("The `If-Match` header is missing.", "Send the version's ETag in the If-Match header."),
    429: (
        "Too many requests. Try again after the number of seconds in `Retry-After`.",
        "Too many pairing requests. Wait a minute, then try again.",
    ),
    500: (
        "An internal error. See the server's log entry for this `X-Request-Id`.",
        "An internal error occurred. Try again; if it persists, see the server's log.",
    ),
    503: (
        "The database or the search index is temporarily unavailable. Try again.",
        "Another program is using the database. Nothing was written; try again.",
    ),
    507: (
        "The disk is full or cannot be written to. Nothing was written.",
        "The disk is full or cannot be written to. Nothing was written; free some space and try again.",
    ),
}
ANYWHERE = frozenset({400, 403, 411, 412, 500, 503, 507})
"""The error statuses that any request can return."""

_HEADERS = {401: ["WWW-Authenticate"], 429: ["Retry-After"]}


def statuses(method: str, needs_token: bool, takes_input: bool, named: Collection[int]) -> list[int]:
    """Return a route's error statuses; `named` holds those its view declares."""
    found = ANYWHERE | set(named)
    found |= {401} if needs_token else set()
    found |= {413, 415} if method in ("POST", "PUT", "PATCH") else set()
    found |= {422} if takes_input else set()
    return sorted(found)


def reference(status: int) -> Shape:
    """Return a reference to the component for this error response."""
    return {"$ref": f"#/components/responses/{_name(status)}"}


def components() -> dict[str, Any]:
    """Return the components for all error responses."""
    return {_name(status): _component(status) for status in _MEANINGS}


def _component(status: int) -> dict[str, Any]:
    means, detail = _MEANINGS[status]
    shown = example(PROBLEM) | {"title": problems.TITLES[status], "status": status, "detail": detail}
    shown = {name: value for name, value in shown.items() if name not in ("errors", "current")}
    if status == 422:
        shown["errors"] = [example(answers.FIELD_ERROR)]
    content = {"application/problem+json": {"schema": PROBLEM, "example": shown}}
    carried = headers.carried(*_HEADERS.get(status, ()))
    return {"description": means, "headers": carried, "content": content}


def _name(status: int) -> str:
    return "".join(word.capitalize() for word in problems.TITLES[status].split())
