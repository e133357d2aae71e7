"""API route for the change feed."""

from typing import Any

from flask import g

from paperclipper.model import Scope
from paperclipper.services.history import change_feed
from paperclipper.web.api.serialization import answers, representation
from paperclipper.web.api.serialization.schemas import ChangesQuerySchema
from paperclipper.web.http import request_guard
from paperclipper.web.http.blueprint import ApiBlueprint, Page, page

blueprint = ApiBlueprint("changes", __name__, description="Changes since a cursor, for synchronisation")


@blueprint.route("/changes")
@blueprint.arguments(ChangesQuerySchema(), location="query")
@blueprint.response(200, answers.CHANGES, errors=(410,))
@request_guard.requires(Scope.READ)
def list_changes(query: dict[str, Any]) -> Page:
    """List the changes after `since`, oldest first. Continue with `next`.

    Returns 410 if the library was restored from a backup: start again without a cursor.
    """
    cursor, found = change_feed.since(g.library_id, query["since"] or None, query["limit"])
    more = len(found) == query["limit"]
    body, status, headers = page(
        [representation.change(change) for change in found], cursor, "since", more=more
    )
    return body, status, headers if more else {}
