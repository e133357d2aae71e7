"""Request ids, sent in the `X-Request-Id` response header and included in log messages."""

import logging
import secrets

from flask import Flask, Response, g, has_request_context


def add_request_ids(app: Flask) -> None:
    """Assign an id to each request and add it to the response. Ids sent by the client are ignored."""

    @app.before_request
    def choose() -> None:
        g.request_id = secrets.token_hex(8)

    @app.after_request
    def send(response: Response) -> Response:
        response.headers["X-Request-Id"] = current_id()
        return response


def current_id() -> str:
    """Return the id of the current request, or `-` outside a request."""
    return str(g.get("request_id", "-")) if has_request_context() else "-"


class RequestIdFilter(logging.Filter):
    """Adds `request_id` to log records."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Add the request id. Always return True, so that no record is dropped."""
        record.request_id = current_id()
        return True
