"""API route for the health check."""

from typing import Any

from flask import current_app, g

from paperclipper.model import Scope
from paperclipper.services.system import health
from paperclipper.web.api.serialization import answers, representation
from paperclipper.web.http import request_guard
from paperclipper.web.http.blueprint import ApiBlueprint

blueprint = ApiBlueprint("health", __name__, description="Health of the library")


@blueprint.route("/health")
@blueprint.response(200, answers.HEALTH)
@request_guard.requires(Scope.READ)
def get_health() -> dict[str, Any]:
    """Return the state of the database, the search index, the disk and the backups."""
    return representation.health(health.check(g.library_id, current_app.config["SETTINGS"].data))
