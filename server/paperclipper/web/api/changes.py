"""What changed since a cursor, over the API."""

from typing import Any

from flask import g

from paperclipper.model import Scope
from paperclipper.services import changing
from paperclipper.web import gate, representation
from paperclipper.web.api import answers
from paperclipper.web.api.blueprint import NounBlueprint, Page, page
from paperclipper.web.api.schemas import ChangesQuerySchema

blueprint = NounBlueprint("changes", __name__, description="What changed")


@blueprint.route("/changes")
@blueprint.arguments(ChangesQuerySchema(), location="query")
@blueprint.response(200, answers.CHANGES, errors=(410,))
@gate.needs(Scope.READ)
def since(query: dict[str, Any]) -> Page:
    """Changes after `since` in stamp order; go on with `next`. 410: the library was restored, start anew."""
    cursor, found = changing.since(g.library_id, query["since"] or None, query["limit"])
    more = len(found) == query["limit"]
    body, status, headers = page([representation.change(change) for change in found], cursor, "since", more=more)
    return body, status, headers if more else {}
