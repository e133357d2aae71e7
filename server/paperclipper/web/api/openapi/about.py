"""The general part of the OpenAPI document: how to call the API."""

from typing import Any

PREFIX = "/api/v1"
_DESCRIPTION = """\
A program can do everything that the extension and the personal page can do, under `/api/v1` of your own
server.

**Authentication.** `paperclipper token create NAME --scope read --scope clip` prints a token once. Send it as
`Authorization: Bearer …`. Each operation lists the scope that it requires: `read` to read and search, `clip`
for undoable changes to a single paper, `write` for changes to several papers or tags, `admin` for tokens and
permanent deletion. The session of the personal page has all scopes.

**Request bodies** are JSON (`application/json`, UTF-8, at most 2 MiB) and need a `Content-Length`; if an
operation has no body, send an empty one. Unknown fields, control characters, and numbers sent as strings are
rejected.

**Idempotency.** You choose the ids of clips, annotations, bulk edits and purges, which are PUT; all other
changes are safe to repeat as well. If a request gets no response, send it again, even a week later.

**Edit conflicts.** Papers, annotations and tags have a `version`, which is also their `ETag`. Where an
operation takes `If-Match`, send the version that your edit is based on. If it is no longer the current
version, the response is 412 with the current state in `current`, and nothing is overwritten. An edit that
changes nothing always succeeds.

**Caching.** Every response to a GET has an `ETag`. Send it in `If-None-Match`: if nothing has changed, the
response is 304 without a body.

**Several servers.** Send the server's id from `/hello` in `Paperclipper-Instance`; any other server rejects
the request.

**Pagination.** `next` is the cursor of the next page; it is also in the `Link` header. To keep a copy of a
library up to date, poll `/changes`.

**Errors** are problem details (RFC 9457). With 422, `errors` has a JSON pointer to each invalid value. Each
operation lists its errors; an unsupported method returns 405 with `Allow`.

**Compatibility.** Later versions may add fields to responses: ignore those that you do not know.
"""


def about(cookie_name: str) -> dict[str, Any]:
    """Return the general part of the document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Paperclipper",
            "version": "1",
            "summary": "Clip papers, find them, annotate them, export them.",
            "description": _DESCRIPTION,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": PREFIX, "description": "This server."}],
        "components": {"securitySchemes": _schemes(cookie_name)},
    }


def _schemes(cookie_name: str) -> dict[str, Any]:
    bearer = "From `paperclipper token create`, or from pairing; a paired token works only in its extension."
    cookie = "The session of the personal page, valid only for requests from that page."
    return {
        "token": {"type": "http", "scheme": "bearer", "description": bearer},
        "session": {"type": "apiKey", "in": "cookie", "name": cookie_name, "description": cookie},
    }
