"""Template variables for every page: the number of papers, connection requests and the last action."""

from typing import Any

from flask import Blueprint, g, request

from paperclipper.services.access import pairing
from paperclipper.services.papers import lookup
from paperclipper.web.pages.layout import filters, undo_line

blueprint = Blueprint("context", __name__)
filters.register(blueprint)


@blueprint.app_context_processor
def page_context() -> dict[str, Any]:
    """Return the template variables. Without a session, they contain no library data."""
    library_id = g.get("library_id")
    if library_id is None:
        return {"signed_in": False, "pairing_requests": []}
    requests = [asked for asked in pairing.pending() if not request.path.startswith(f"/pair/{asked.id}")]
    count = lookup.newest(library_id, 0, 0)[1]
    return {
        "signed_in": True,
        "pairing_requests": requests,
        "paper_count": count,
        "last_action": undo_line.last_action(),
    }
