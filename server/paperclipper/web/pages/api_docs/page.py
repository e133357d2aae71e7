"""The OpenAPI document and the API documentation page, each built once and cached.

Both are public, because they contain no library data.
"""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, current_app, json, render_template

from paperclipper.web.api import openapi
from paperclipper.web.api.serialization import shapes
from paperclipper.web.http.session_cookie import session_cookie_name
from paperclipper.web.pages.api_docs import operations, schemas

blueprint = Blueprint("api_docs", __name__, url_prefix=openapi.PREFIX)


@blueprint.get("/openapi.json")
def document() -> Response:
    """Return the OpenAPI document."""
    return Response(_cached("json", lambda: json.dumps(_document())), content_type="application/json")


@blueprint.get("/docs")
def show() -> str:
    """Show the API documentation."""
    return _cached("page", _page)


def _cached(name: str, make: Callable[[], str]) -> str:
    cache: dict[str, str] = current_app.extensions.setdefault("api_docs", {})
    if name not in cache:
        cache[name] = make()
    return cache[name]


def _document() -> dict[str, Any]:
    return openapi.build(current_app, session_cookie_name())


def _page() -> str:
    parts = operations.template_context(_document(), current_app.config["SETTINGS"].origin)
    words = {"describe": schemas.describe, "fields": schemas.fields, "example": shapes.example}
    return render_template("api_docs/api_docs.html", **parts, **words, as_json=operations.as_json)
