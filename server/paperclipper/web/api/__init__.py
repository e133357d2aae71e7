"""Version 1 of the API, with one module per resource.

Each view validates its input, calls one service and serialises the result.
"""

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
    """flask-smorest's Api without its error handlers and error documentation; see errors.py and openapi/."""

    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        """Do nothing, because app.py registers the error handlers."""


def register(app: Flask) -> None:
    """Register all API routes with the app."""
    api: Any = ProblemApi(app, spec_kwargs={"marshmallow_plugin": bodies.plugin()})
    bodies.customize(api.ma_plugin.converter)
    for noun in _NOUNS:
        # The prefix avoids name clashes with the page blueprints.
        api.register_blueprint(noun.blueprint, name=f"api_{noun.blueprint.name}", url_prefix="/api/v1")
