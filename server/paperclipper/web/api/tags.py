"""Tags over the API."""

from typing import Any

from flask import g

from paperclipper.model import Scope
from paperclipper.services import tagging
from paperclipper.web import gate, representation
from paperclipper.web.api.blueprint import NounBlueprint
from paperclipper.web.api.schemas import TagQuerySchema

blueprint = NounBlueprint("tags", __name__, description="Tags")


@blueprint.route("/tags")
@blueprint.arguments(TagQuerySchema(), location="query")
@blueprint.response(200)
@gate.needs(Scope.READ)
def suggest(query: dict[str, Any]) -> dict[str, Any]:
    """The library's tags that start so, most used first."""
    found = tagging.suggest(g.library_id, query["prefix"], query["limit"])
    return {"items": [representation.tag(tag) for tag in found]}
