"""API routes for earlier versions of papers and annotations."""

from typing import Any

from flask import g

from paperclipper.model import Scope
from paperclipper.services.annotations import annotations
from paperclipper.services.papers import editing
from paperclipper.web.api.serialization import answers, representation
from paperclipper.web.http import request_guard
from paperclipper.web.http.blueprint import ApiBlueprint
from paperclipper.web.http.etags import JsonResponse, if_match, with_etag

blueprint = ApiBlueprint("history", __name__, description="Earlier versions")


@blueprint.route("/annotations/<annotation_id>/history")
@blueprint.response(200, answers.REVISIONS, errors=(404,))
@request_guard.requires(Scope.READ)
def list_annotation_revisions(annotation_id: str) -> dict[str, Any]:
    """List the earlier versions of an annotation, newest first."""
    return {"items": [representation.revision(r) for r in annotations.history(g.library_id, annotation_id)]}


@blueprint.route("/annotations/<annotation_id>/history/<version>/restore", methods=["POST"])
@blueprint.response(200, answers.ANNOTATION, errors=(404, 428))
@request_guard.requires(Scope.CLIP)
def restore_annotation_revision(annotation_id: str, version: str) -> JsonResponse:
    """Restore an earlier version of an annotation. Requires `If-Match`; safe to repeat."""
    found = annotations.restore_revision(g.library_id, annotation_id, version, if_match())
    return with_etag(representation.annotation(found), found.version)


@blueprint.route("/papers/<path:ref>/history")
@blueprint.response(200, answers.REVISIONS, errors=(404,))
@request_guard.requires(Scope.READ)
def list_paper_revisions(ref: str) -> dict[str, Any]:
    """List the earlier values of edited facts, newest first."""
    return {"items": [representation.revision(r) for r in editing.history(g.library_id, ref)]}


@blueprint.route("/papers/<path:ref>/history/<version>/restore", methods=["POST"])
@blueprint.response(200, answers.PAPER, errors=(404, 428))
@request_guard.requires(Scope.CLIP)
def restore_paper_revision(ref: str, version: str) -> JsonResponse:
    """Restore an earlier version of a paper's edited facts. Requires `If-Match`; safe to repeat."""
    paper = editing.restore_revision(g.library_id, ref, version, if_match())
    return with_etag(representation.paper(paper), paper.version)
