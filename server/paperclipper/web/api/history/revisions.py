"""What is told of a paper or note beside itself: what it said before, who links to it, what became of it."""

from typing import Any

from flask import g

from paperclipper.model import Scope
from paperclipper.services.annotations import annotations, note_links
from paperclipper.services.days import sightings as sightings_service
from paperclipper.services.papers import editing, since_clipped
from paperclipper.web.api.serialization import answers, representation
from paperclipper.web.http import request_guard
from paperclipper.web.http.blueprint import NounBlueprint
from paperclipper.web.http.etags import Answer, if_match, with_etag

blueprint = NounBlueprint("history", __name__, description="What was said before, and what became of it")


@blueprint.route("/annotations/<annotation_id>/history")
@blueprint.response(200, answers.REVISIONS, errors=(404,))
@request_guard.needs(Scope.READ)
def of_annotation(annotation_id: str) -> dict[str, Any]:
    """What an annotation said before, newest first."""
    return {"items": [representation.revision(r) for r in annotations.history(g.library_id, annotation_id)]}


@blueprint.route("/annotations/<annotation_id>/history/<version>/restore", methods=["POST"])
@blueprint.response(200, answers.ANNOTATION, errors=(404, 428))
@request_guard.needs(Scope.CLIP)
def restore_annotation(annotation_id: str, version: str) -> Answer:
    """Save an earlier version once more. Needs `If-Match`; safe to repeat."""
    found = annotations.restore_revision(g.library_id, annotation_id, version, if_match())
    return with_etag(representation.annotation(found), found.version)


@blueprint.route("/papers/<path:ref>/history")
@blueprint.response(200, answers.REVISIONS, errors=(404,))
@request_guard.needs(Scope.READ)
def of_paper(ref: str) -> dict[str, Any]:
    """What sealed facts said before, newest first."""
    return {"items": [representation.revision(r) for r in editing.history(g.library_id, ref)]}


@blueprint.route("/papers/<path:ref>/history/<version>/restore", methods=["POST"])
@blueprint.response(200, answers.PAPER, errors=(404, 428))
@request_guard.needs(Scope.CLIP)
def restore_paper(ref: str, version: str) -> Answer:
    """Give facts back what they said, and whose word that was. Needs `If-Match`; safe to repeat."""
    paper = editing.restore_revision(g.library_id, ref, version, if_match())
    return with_etag(representation.paper(paper), paper.version)


@blueprint.route("/papers/<path:ref>/backlinks")
@blueprint.response(200, answers.BACKLINKS, errors=(404,))
@request_guard.needs(Scope.READ)
def backlinks(ref: str) -> dict[str, Any]:
    """Notes of other papers that link to this one."""
    return {"items": [representation.backlink(link) for link in note_links.backlinks(g.library_id, ref)]}


@blueprint.route("/papers/<path:ref>/then-and-now")
@blueprint.response(200, answers.THEN_AND_NOW, errors=(404,))
@request_guard.needs(Scope.READ)
def compare(ref: str) -> dict[str, Any]:
    """What became of a paper since it was clipped."""
    return representation.then_and_now(since_clipped.of(g.library_id, ref))


@blueprint.route("/papers/<path:ref>/sightings")
@blueprint.response(200, answers.SIGHTINGS, errors=(404,))
@request_guard.needs(Scope.READ)
def sightings(ref: str) -> dict[str, Any]:
    """The numbers that list pages showed of a paper, oldest day first."""
    return {"items": [representation.sighting(s) for s in sightings_service.sightings_of(g.library_id, ref)]}
