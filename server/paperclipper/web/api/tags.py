"""API routes for tags."""

from typing import Any

from flask import g

from paperclipper.model import Action, Scope
from paperclipper.services.tags import tag_editing, tagging
from paperclipper.web.api.serialization import answers, representation
from paperclipper.web.api.serialization.schemas import OtherTagSchema, TagEditSchema, TagQuerySchema, uuid_of
from paperclipper.web.http import request_guard
from paperclipper.web.http.blueprint import ApiBlueprint
from paperclipper.web.http.etags import JsonResponse, if_match, with_etag

blueprint = ApiBlueprint("tags", __name__, description="Tags")


@blueprint.route("/tags")
@blueprint.arguments(TagQuerySchema(), location="query")
@blueprint.response(200, answers.TAGS)
@request_guard.requires(Scope.READ)
def list_tags(query: dict[str, Any]) -> dict[str, Any]:
    """List the tags that start with a prefix, most used first."""
    found = tagging.suggest(g.library_id, query["prefix"], query["limit"])
    return {"items": [representation.tag(tag) for tag in found]}


@blueprint.route("/tags/<tag_id>", methods=["PATCH"])
@blueprint.arguments(TagEditSchema(), location="json")
@blueprint.response(200, answers.CHANGED_TAG, errors=(404, 409, 428))
@request_guard.requires(Scope.WRITE)
def edit_tag(body: dict[str, Any], tag_id: str) -> JsonResponse:
    """Change the name or colour of a tag. Returns 409 if another tag already has the name.

    Requires `If-Match` unless the tag already has these values.
    """
    tag, action = tag_editing.edit(g.library_id, tag_id, body, if_match())
    return with_etag({"tag": representation.tag(tag), "action": _shown(action)}, tag.version)


@blueprint.route("/tags/<tag_id>/merged-into", methods=["PUT"])
@blueprint.arguments(OtherTagSchema(), location="json")
@blueprint.response(200, answers.CHANGED_TAG, errors=(404,))
@request_guard.requires(Scope.WRITE)
def merge_tag(body: dict[str, Any], tag_id: str) -> JsonResponse:
    """Merge a tag into another. Safe to repeat. The returned `action` can be undone."""
    tag, action = tag_editing.merge(g.library_id, tag_id, body["tag"])
    return with_etag({"tag": representation.tag(tag), "action": _shown(action)}, tag.version)


@blueprint.route("/tags/<tag_id>", methods=["DELETE"])
@blueprint.response(200, answers.OPTIONAL_ACTION, errors=(422,))
@request_guard.requires(Scope.WRITE)
def delete_tag(tag_id: str) -> dict[str, Any]:
    """Remove a tag from all papers and delete it. Safe to repeat. The returned `action` can be undone."""
    return {"action": _shown(tag_editing.delete(g.library_id, [uuid_of(tag_id)]))}


@blueprint.route("/tags/unused", methods=["DELETE"])
@blueprint.response(200, answers.OPTIONAL_ACTION)
@request_guard.requires(Scope.WRITE)
def delete_unused_tags() -> dict[str, Any]:
    """Delete the tags that no paper has. Safe to repeat. The returned `action` can be undone."""
    return {"action": _shown(tag_editing.delete_unused(g.library_id))}


def _shown(action: Action | None) -> dict[str, Any] | None:
    return representation.action(action) if action else None
