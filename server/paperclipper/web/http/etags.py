"""Validators (RFC 9110 8.8 and 13): versions as ETags, what an edit began from, and answers that need not be sent.

A thing that can be edited carries its version as ETag. Everything else that is read, pages too, carries a hash of its
body: what is derived is never taken for unchanged.
"""

from typing import Any

from flask import Flask, Response, request

from paperclipper.model import Version

JsonResponse = tuple[dict[str, Any], int, dict[str, str]]


def if_match() -> str | None:
    """The version that an edit began from, out of If-Match; a weak or unknown form matches nothing."""
    sent = request.headers.get("If-Match")
    return sent.strip().strip('"') if sent is not None else None


def with_etag(body: dict[str, Any], version: Version | None, status: int = 200) -> JsonResponse:
    """An answer that carries its version as a strong ETag (RFC 9110 8.8.3)."""
    return body, status, {"ETag": f'"{version}"'}


def not_modified(version: Version) -> Response | None:
    """304 for a reader who has this version."""
    if request.if_none_match.contains_weak(str(version)):
        return Response(status=304, headers={"ETag": f'"{version}"'})
    return None


def add_etags(app: Flask) -> None:
    """Give each answer to a GET that has no version a hash of its body, and send no body to who has that."""

    @app.after_request
    def finish(response: Response) -> Response:
        is_read = request.method in ("GET", "HEAD") and response.status_code == 200
        if is_read and not response.direct_passthrough and not response.is_streamed:
            response.add_etag()
            response.make_conditional(request)
        return response
