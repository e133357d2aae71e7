"""What the document says of the API as a whole: how to call it, and what holds everywhere."""

from typing import Any

PREFIX = "/api/v1"
_DESCRIPTION = """\
Everything that the extension and the personal page do can be done by a program, under `/api/v1` of your own server.

**Signing in.** `paperclipper token create NAME --scope read --scope clip` prints a token once. Send it as
`Authorization: Bearer …`. Each operation says the scope it needs: `read` reads and searches; `clip` is every act on one
paper that can be undone; `write` acts on many; `admin` is for tokens and for what cannot be undone. The personal page's
own session may do everything.

**Bodies** are JSON (`application/json`, UTF-8, at most 2 MiB) with their length said in `Content-Length`: send an
empty body too. Unknown fields, texts with control characters and numbers written as texts are refused.

**Saying it twice does it once.** Clips, annotations, bulk changes and purges are PUT under ids that you choose; every
other edit is safe to send again. So what was not answered may simply be sent once more, a week later too.

**Editing what others edit.** A paper, an annotation and a tag have a `version`, which is their `ETag`. Where an
operation takes `If-Match`, send the version that you began from. If it is not the present one any more, 412 gives you
the thing as it is now, in `current`; nothing is overwritten. An edit that says what is so already succeeds.

**Reading again.** Every answer to a GET carries an `ETag`: send it in `If-None-Match`, and where nothing changed the
answer is 304 and has no body. A request that names an installation in `Paperclipper-Instance` (its id, from `/hello`)
is refused by any other one.

**Lists** come in pages: `next` is the cursor of the next one, and stands in `Link` too. To keep a copy of a library,
follow `/changes`.

**Errors** are problem details (RFC 9457). With 422, `errors` has a JSON pointer to each part that is not valid. An
operation lists the errors it can give; a method that a path does not know is answered 405, with `Allow`.

**Later versions** may add fields to answers: pass over those that you do not know.
"""


def about(cookie_name: str) -> dict[str, Any]:
    """The head of the document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Paperclipper",
            "version": "1",
            "summary": "Clip papers, find them, annotate them, take them away.",
            "description": _DESCRIPTION,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": PREFIX, "description": "The server that gave this document."}],
        "components": {"securitySchemes": _schemes(cookie_name)},
    }


def _schemes(cookie_name: str) -> dict[str, Any]:
    bearer = "From `paperclipper token create`, or from connecting an extension: that one is of use to the extension alone."
    cookie = "The personal page's session, which counts for requests of that page alone."
    return {
        "token": {"type": "http", "scheme": "bearer", "description": bearer},
        "session": {"type": "apiKey", "in": "cookie", "name": cookie_name, "description": cookie},
    }
