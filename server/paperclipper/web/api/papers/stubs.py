"""API route for adding papers by link or id."""

from typing import Any

from flask import g

from paperclipper.model import Scope
from paperclipper.services.papers import stubs
from paperclipper.web.api.serialization import answers, representation
from paperclipper.web.api.serialization.schemas import StubsSchema
from paperclipper.web.http import request_guard
from paperclipper.web.http.blueprint import ApiBlueprint

blueprint = ApiBlueprint("stubs", __name__, description="Papers added by link or id")


@blueprint.route("/papers/stubs", methods=["POST"])
@blueprint.arguments(StubsSchema(), location="json")
@blueprint.response(200, answers.STUB_RESULTS)
@request_guard.requires(Scope.CLIP)
def add_stubs(body: dict[str, Any]) -> dict[str, Any]:
    """Add a paper for each line, which is a link or an id. Safe to repeat: existing papers do not change.

    The extension fills in the title and other facts the next time it sees the paper.
    """
    return {"items": [representation.stub_result(each) for each in stubs.paste(g.library_id, body["lines"])]}
