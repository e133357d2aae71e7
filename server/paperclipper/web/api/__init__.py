"""The API, version 1: one file per noun, each view in five steps: read, check, one service, shape, answer."""

from typing import Any

from flask import Flask, Response
from flask_smorest import Api
from werkzeug.exceptions import HTTPException

from paperclipper.web import problems
from paperclipper.web.api import annotations, changes, clips, days, export, hello, pairings, papers, tags, tokens
from paperclipper.web.api.schemas import ProblemSchema


class ProblemApi(Api):  # type: ignore[misc]
    """flask-smorest, answering errors as problem details."""

    ERROR_SCHEMA = ProblemSchema

    def handle_http_exception(self, error: HTTPException) -> Response:
        """Problem details for an error of werkzeug's or webargs'."""
        return problems.from_http(error)


def register(app: Flask) -> None:
    """Put all routes of the API into the app."""
    api: Any = ProblemApi(app)
    for noun in (hello, pairings, clips, papers, annotations, tags, days, changes, export, tokens):
        api.register_blueprint(noun.blueprint, url_prefix="/api/v1")
