"""API routes for notes and highlights."""

from typing import Any

from flask import Response, g

from paperclipper.model import Annotation, Scope
from paperclipper.services.annotations import annotations
from paperclipper.services.papers import lookup
from paperclipper.web.api.serialization import answers, representation
from paperclipper.web.api.serialization.schemas import AnnotationSchema, annotation_draft, uuid_of
from paperclipper.web.http import request_guard
from paperclipper.web.http.blueprint import ApiBlueprint
from paperclipper.web.http.etags import JsonResponse, if_match, not_modified, with_etag

blueprint = ApiBlueprint("annotations", __name__, description="Notes and highlights")


@blueprint.route("/papers/<path:ref>/annotations")
@blueprint.response(200, answers.ANNOTATIONS, errors=(404,))
@request_guard.requires(Scope.READ)
def list_annotations(ref: str) -> dict[str, Any]:
    """List a paper's annotations, oldest first."""
    paper = lookup.paper(g.library_id, ref)
    return {"items": [representation.annotation(a) for a in paper.annotations]}


@blueprint.route("/annotations/<annotation_id>")
@blueprint.response(200, answers.ANNOTATION, errors=(404,))
@request_guard.requires(Scope.READ)
def get_annotation(annotation_id: str) -> JsonResponse | Response:
    """Return an annotation, even if it is in the trash."""
    found = annotations.get(g.library_id, annotation_id)
    return not_modified(found.version) or _respond(found)


@blueprint.route("/annotations/<annotation_id>", methods=["PUT"])
@blueprint.arguments(AnnotationSchema(), location="json")
@blueprint.response(200, answers.ANNOTATION, errors=(404, 409, 410, 428))
@blueprint.alt_response(201, description="Created")
@request_guard.requires(Scope.CLIP)
def save_annotation(body: dict[str, Any], annotation_id: str) -> JsonResponse:
    """Create an annotation with a UUID chosen by the client, or update it. An update requires `If-Match`."""
    draft = annotation_draft(body)
    found, made = annotations.put(g.library_id, uuid_of(annotation_id), body["paper"], draft, if_match())
    return _respond(found, 201 if made else 200)


@blueprint.route("/annotations/<annotation_id>", methods=["DELETE"])
@blueprint.response(200, answers.ANNOTATION, errors=(404,))
@request_guard.requires(Scope.CLIP)
def delete_annotation(annotation_id: str) -> JsonResponse:
    """Move an annotation to the trash. Safe to repeat."""
    return _respond(annotations.trash(g.library_id, annotation_id))


@blueprint.route("/annotations/<annotation_id>/restore", methods=["POST"])
@blueprint.response(200, answers.ANNOTATION, errors=(404,))
@request_guard.requires(Scope.CLIP)
def restore_annotation(annotation_id: str) -> JsonResponse:
    """Restore an annotation from the trash. Safe to repeat."""
    return _respond(annotations.restore(g.library_id, annotation_id))


def _respond(found: Annotation, status: int = 200) -> JsonResponse:
    return with_etag(representation.annotation(found), found.version, status)
