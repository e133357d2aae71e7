"""How the library is, over the API."""

from typing import Any

from flask import current_app, g

from paperclipper.model import Scope
from paperclipper.services import health
from paperclipper.web import gate, representation
from paperclipper.web.api import answers
from paperclipper.web.api.blueprint import NounBlueprint

blueprint = NounBlueprint("health", __name__, description="How the library is")


@blueprint.route("/health")
@blueprint.response(200, answers.HEALTH)
@gate.needs(Scope.READ)
def check() -> dict[str, Any]:
    """The database, how far the index is behind, and the disk."""
    return representation.health(health.check(g.library_id, current_app.config["SETTINGS"].data))
