"""The API, version 1: one file per noun, each view in five steps: read, check, one service, shape, answer."""

from typing import Any

from flask import Flask
from flask_smorest import Api

from paperclipper.web.api import actions, annotations, days, search, system, tags, transfer, trash
from paperclipper.web.api.access import hello, pairings, tokens
from paperclipper.web.api.history import changes, revisions
from paperclipper.web.api.openapi import bodies
from paperclipper.web.api.papers import clips, papers, stubs

_NOUNS: tuple[Any, ...] = (
    hello,
    pairings,
    clips,
    search,
    papers,
    stubs,
    annotations,
    revisions,
    tags,
    days,
    actions,
    trash,
    changes,
    transfer,
    tokens,
    system,
)


class ProblemApi(Api):  # type: ignore[misc]
    """flask-smorest with the app's error handlers. Which errors a route gives, openapi/ says."""

    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        """Leave errors to app.py."""


def register(app: Flask) -> None:
    """Put all routes of the API into the app."""
    api: Any = ProblemApi(app, spec_kwargs={"marshmallow_plugin": bodies.plugin()})
    bodies.customize(api.ma_plugin.converter)
    for noun in _NOUNS:
        # The pages have blueprints of the same nouns.
        api.register_blueprint(noun.blueprint, name=f"api_{noun.blueprint.name}", url_prefix="/api/v1")
