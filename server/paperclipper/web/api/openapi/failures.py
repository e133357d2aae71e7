"""The errors of the API as the document tells them: what each status means, and which of them a route can give.

Most follow from what a route is: its method, its scope, what it takes. The rest a view names beside its answer.
"""

from collections.abc import Collection
from typing import Any

from paperclipper.web.api.openapi import headers
from paperclipper.web.api.serialization import answers
from paperclipper.web.api.serialization.shapes import NAMED, Shape, array, example, integer, named, text
from paperclipper.web.http import problems

PROBLEM = named(
    "Problem",
    "RFC 9457 problem details.",
    type=text(
        "about:blank",
        "`/problems/other-instance` where the caller means another installation.",
        format="uri-reference",
    ),
    title=text("Not found"),
    status=integer(404),
    detail=text(
        "There is no paper arxiv:0901.00001 in this library.", "What is, then what to do: for a person."
    ),
    instance=text("/api/v1/papers/arxiv:0901.00001", "The path that was asked."),
)
# With what only a search that cannot be read has.
_POSITION = integer(12, "In a `q` that cannot be read: the place, in characters from 0.")
_INVALID = answers.FIELD_ERROR | {"properties": answers.FIELD_ERROR["properties"] | {"position": _POSITION}}
NAMED["Problem"]["properties"] |= {
    "errors": array(_INVALID, "With 422: each thing that is not valid, and where."),
    "current": {
        "description": "With 412, where an edit began from an older version: the thing as it is now.",
        "anyOf": [answers.PAPER, answers.ANNOTATION, answers.TAG],
    },
}

# What each means, and the words of one example.
_MEANINGS = {
    400: (
        "The `Host` is not this server's, or the body is no JSON: also NaN, a key twice, more than 32 levels.",
        "The body is not JSON: Expecting value at line 1, column 1.",
    ),
    401: (
        "No token and no session, or one that was revoked.",
        "Unknown or revoked: connect again, or send a token (Authorization: Bearer …).",
    ),
    403: (
        "The token lacks the scope, or the page or extension that asks may not.",
        "This token may not do that.",
    ),
    404: ("No such thing in this library.", "There is no paper arxiv:0901.00001 in this library."),
    409: (
        "The id or name is in use for something else, or what was done since forbids this.",
        "The id 019cd1c6-5a40-7c3e-8f21-4b5a6c7d8e9f was used for another clip. Give a new clip an id of its own.",
    ),
    410: (
        "Ended for good: a cursor from before a restore, or of a search an hour ago; a request to connect; an "
        "annotation that was purged.",
        "This library was restored from a backup since. Read everything anew, without a cursor.",
    ),
    411: ("The body does not say its length.", "Say the length of the body: send Content-Length."),
    412: (
        "An edit began from an older version than the present one, which `current` holds; or `Paperclipper-Instance` "
        "names another installation.",
        "This changed since you read it. The answer holds it as it is now.",
    ),
    413: ("The body is larger than 2 MiB.", "The body is too large."),
    415: ("The body is not `application/json`.", "The body must be application/json."),
    422: (
        "Something in the address or the body is not valid; `errors` says what and where.",
        "/paper/title: Missing data for required field.",
    ),
    428: ("An edit without `If-Match`.", "Say which version you edit: send its ETag in If-Match."),
    429: (
        "Asked too often; `Retry-After` says when to ask again.",
        "Too many browsers asked to be connected. Wait a minute, then try again.",
    ),
    500: (
        "A fault of ours; the server's log says what, under the `X-Request-Id`.",
        "Something went wrong here, and the server's log says what. Try again.",
    ),
    503: (
        "The database, or the index, does not answer now. The same request may be sent again.",
        "Another program is using the database. Nothing was written; try again.",
    ),
    507: (
        "The disk is full, or cannot be written. Nothing was written.",
        "The disk is full or cannot be written to. Nothing was written; free some space and try again.",
    ),
}
ANYWHERE = frozenset({400, 403, 411, 412, 500, 503, 507})
"""What any request may be answered."""

_HEADERS = {401: ["WWW-Authenticate"], 429: ["Retry-After"]}


def of(method: str, needs_token: bool, takes_input: bool, named: Collection[int]) -> list[int]:
    """The errors that a route can give; `named` are those that its view names."""
    found = ANYWHERE | set(named)
    found |= {401} if needs_token else set()
    found |= {413, 415} if method in ("POST", "PUT", "PATCH") else set()
    found |= {422} if takes_input else set()
    return sorted(found)


def reference(status: int) -> Shape:
    """How an operation names this error."""
    return {"$ref": f"#/components/responses/{_name(status)}"}


def components() -> dict[str, Any]:
    """All of them, as components of the document."""
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
