"""CORS headers (Fetch standard, 3.2). Only paired extensions may read cross-origin responses."""

from flask import Flask, Response
from flask_cors.core import get_cors_options, set_cors_headers


def allow_origin(app: Flask, response: Response, origin: str) -> None:
    """Allow this origin to read the response."""
    options = {
        "origins": [origin],
        "methods": ["GET", "POST", "PUT", "PATCH", "DELETE"],
        "allow_headers": ["Authorization", "Content-Type", "If-Match", "Paperclipper-Instance"],
        "expose_headers": ["ETag", "Retry-After"],
        "supports_credentials": False,
    }
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    set_cors_headers(response, get_cors_options(app, options))
