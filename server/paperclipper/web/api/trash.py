"""API routes for the trash: listing, purging, and deleting backups that still contain purged text."""

from typing import Any

from flask import g

from paperclipper.model import Scope
from paperclipper.services.transfer import backups
from paperclipper.services.trash import purging, trashing
from paperclipper.web.api.serialization import answers, representation
from paperclipper.web.api.serialization.schemas import ListQuerySchema, PurgeSchema, uuid_of
from paperclipper.web.http import request_guard
from paperclipper.web.http.blueprint import ApiBlueprint, Page, page

blueprint = ApiBlueprint("trash", __name__, description="Trash, permanent deletion and backups")
_DELETED = 500


@blueprint.route("/trash")
@blueprint.arguments(ListQuerySchema(), location="query")
@blueprint.response(200, answers.TRASH)
@request_guard.requires(Scope.READ)
def list_trash(query: dict[str, Any]) -> Page:
    """List the papers in the trash, most recently deleted first.

    The first page also lists the notes and highlights that were deleted individually.
    """
    limit, offset = query["limit"], query["cursor"]
    found = trashing.trashed(g.library_id, limit + 1, offset)
    deleted = trashing.trashed_annotations(g.library_id, _DELETED) if not offset else []
    return page(
        [representation.paper(paper) for paper in found[:limit]],
        offset + limit if len(found) > limit else None,
        annotations=[representation.annotation(each) for each in deleted],
    )


@blueprint.route("/purges/<purge_id>", methods=["PUT"])
@blueprint.arguments(PurgeSchema(), location="json")
@blueprint.response(200, answers.PURGE, errors=(404, 409))
@request_guard.requires(Scope.ADMIN)
def purge(body: dict[str, Any], purge_id: str) -> dict[str, Any]:
    """Permanently delete items from the trash. The client chooses the UUID, so the request is safe to repeat.

    This cannot be undone. The items disappear immediately; `done` becomes true once no file contains their
    text.
    """
    return representation.purge(purging.purge(g.library_id, uuid_of(purge_id), **body))


@blueprint.route("/purges/<purge_id>")
@blueprint.response(200, answers.PURGE, errors=(404,))
@request_guard.requires(Scope.ADMIN)
def get_purge(purge_id: str) -> dict[str, Any]:
    """Return the progress of a purge and the backups that still contain the purged text."""
    return representation.purge(purging.state(g.library_id, purge_id))


@blueprint.route("/backups/<backup_id>", methods=["DELETE"])
@blueprint.response(204, errors=(404,))
@request_guard.requires(Scope.ADMIN)
def delete_backup(backup_id: str) -> None:
    """Delete a backup that this server made."""
    backups.delete_backup(backup_id)
