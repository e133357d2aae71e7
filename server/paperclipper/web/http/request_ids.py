"""A name for each request, in its answer (`X-Request-Id`) and in every line that the log has of it."""

import logging
import secrets

from flask import Flask, Response, g, has_request_context


def add_request_ids(app: Flask) -> None:
    """Name each request. What a caller sends under that header is not taken."""

    @app.before_request
    def choose() -> None:
        g.request_id = secrets.token_hex(8)

    @app.after_request
    def send(response: Response) -> Response:
        response.headers["X-Request-Id"] = current_id()
        return response


def current_id() -> str:
    """The name of the request that this thread serves; `-` outside of one."""
    return str(g.get("request_id", "-")) if has_request_context() else "-"


class RequestIdFilter(logging.Filter):
    """Gives each line of a log the name of its request, as `request_id`."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Never holds a line back."""
        record.request_id = current_id()
        return True
