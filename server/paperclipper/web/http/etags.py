"""ETags and conditional requests (RFC 9110, 8.8 and 13).

The ETag of an editable resource is its version. All other GET responses, including HTML pages, use a hash of
the body.
"""

from typing import Any

from flask import Flask, Response, request

from paperclipper.model import Version

JsonResponse = tuple[dict[str, Any], int, dict[str, str]]


def if_match() -> str | None:
    """Return the version from If-Match, or None if there is none. A weak or malformed ETag never matches."""
    sent = request.headers.get("If-Match")
    return sent.strip().strip('"') if sent is not None else None


def with_etag(body: dict[str, Any], version: Version | None, status: int = 200) -> JsonResponse:
    """Return a JSON response with the version as its strong ETag (RFC 9110, 8.8.3)."""
    return body, status, {"ETag": f'"{version}"'}


def not_modified(version: Version) -> Response | None:
    """Return a 304 response if If-None-Match matches this version's ETag, otherwise None."""
    if request.if_none_match.contains_weak(str(version)):
        return Response(status=304, headers={"ETag": f'"{version}"'})
    return None


def add_etags(app: Flask) -> None:
    """Add missing ETags to GET responses and respond with 304 to matching conditional requests."""

    @app.after_request
    def finish(response: Response) -> Response:
        is_read = request.method in ("GET", "HEAD") and response.status_code == 200
        if is_read and not response.direct_passthrough and not response.is_streamed:
            response.add_etag()
            response.make_conditional(request)
        return response
