"""The general part of the OpenAPI document: metadata, usage notes and security schemes."""

from typing import Any

PREFIX = "/api/v1"
_DESCRIPTION = """\
The API, under `/api/v1` of your own server, can do everything that the extension and the library's pages can
do.

**Authentication.** Create a token with `paperclipper token create NAME --scope read --scope clip`; it is
shown only once. Send it as `Authorization: Bearer …`. Each operation lists its required scope: `read` to read
and search, `clip` for undoable changes to a single paper, `write` for changes to several papers or tags, and
`admin` for tokens and permanent deletion. A browser session has all scopes.

**Request bodies** are JSON (`application/json`, UTF-8, at most 2 MiB) and need a `Content-Length`. If an
operation takes no body, send an empty one. Unknown fields, control characters and numbers sent as strings are
rejected.

**Idempotency.** Clips, annotations, bulk edits and purges are created with PUT, under an id that you choose.
All other changes are safe to repeat as well. If you receive no response, send the request again, even a week
later.

**Edit conflicts.** Papers, annotations and tags have a `version`, which is also their `ETag`. If an
operation accepts `If-Match`, send the ETag of the version that your edit is based on. If that version is no
longer current, nothing is overwritten, and the response is 412 with the current state in `current`. An edit
that changes nothing always succeeds.

**Caching.** Every JSON response to a GET has an `ETag`. Send it in `If-None-Match`: if nothing has changed,
the response is 304 without a body.

**Several servers.** Send the server's id from `/hello` in `Paperclipper-Instance`, so that any other server
rejects the request.

**Pagination.** `next` is the cursor of the next page. The `Link` header contains the URL of that page. To
keep a copy of a library up to date, poll `/changes`.

**Errors** are problem details (RFC 9457). In a 422 response, `errors` contains a JSON pointer to each
invalid value. Each operation lists its errors. An unsupported method returns 405 with `Allow`.

**Compatibility.** Later versions may add fields to responses: ignore fields that you do not know.
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
    bearer = "From `paperclipper token create` or pairing. An extension's token works only in that extension."
    cookie = "A browser session, valid only for requests from the server's own pages."
    return {
        "token": {"type": "http", "scheme": "bearer", "description": bearer},
        "session": {"type": "apiKey", "in": "cookie", "name": cookie_name, "description": cookie},
    }
