"""API routes for actions: bulk edits and undo."""

from typing import Any

from flask import g

from paperclipper.model import Scope
from paperclipper.services.actions import bulk_editing, undoing
from paperclipper.services.actions.bulk_editing import BulkEdit, Selection
from paperclipper.web.api.serialization import answers, representation
from paperclipper.web.api.serialization.schemas import BulkSchema, uuid_of
from paperclipper.web.http import request_guard
from paperclipper.web.http.blueprint import ApiBlueprint

blueprint = ApiBlueprint("actions", __name__, description="Undoable changes to several papers or tags")
_SHOWN = 100


@blueprint.route("/bulk/<action_id>", methods=["PUT"])
@blueprint.arguments(BulkSchema(), location="json")
@blueprint.response(200, answers.ACTION, errors=(404, 409))
@request_guard.requires(Scope.WRITE)
def edit_papers(body: dict[str, Any], action_id: str) -> dict[str, Any]:
    """Edit several papers in one action. The client chooses its UUID, so the request is safe to repeat."""
    selection = Selection(tuple(body.pop("papers")), body.pop("q"))
    wanted = BulkEdit(tuple(body.pop("add_tags")), tuple(body.pop("remove_tags")), **body)
    return representation.action(bulk_editing.edit(g.library_id, uuid_of(action_id), selection, wanted))


@blueprint.route("/actions")
@blueprint.response(200, answers.ACTIONS)
@request_guard.requires(Scope.READ)
def list_actions() -> dict[str, Any]:
    """List the most recent actions, newest first."""
    return {"items": [representation.action(action) for action in undoing.newest(g.library_id, _SHOWN)]}


@blueprint.route("/actions/<action_id>")
@blueprint.response(200, answers.ACTION, errors=(404,))
@request_guard.requires(Scope.READ)
def get_action(action_id: str) -> dict[str, Any]:
    """Return an action."""
    return representation.action(undoing.get(g.library_id, action_id))


@blueprint.route("/actions/<action_id>/undo", methods=["POST"])
@blueprint.response(200, answers.ACTION, errors=(404, 409))
@request_guard.requires(Scope.WRITE)
def undo_action(action_id: str) -> dict[str, Any]:
    """Undo an action. Safe to repeat. Returns 409 if later changes prevent it."""
    return representation.action(undoing.undo(g.library_id, action_id))
