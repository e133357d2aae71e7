"""Clipping over the API."""

from typing import Any

from flask import g

from paperclipper.model import Scope
from paperclipper.services import clipping, finding
from paperclipper.web import gate, representation
from paperclipper.web.api.blueprint import Answer, NounBlueprint, with_etag
from paperclipper.web.api.schemas import ClipSchema, clip_request

blueprint = NounBlueprint("clips", __name__, description="Acts of clipping, under ids that the client chose")


@blueprint.route("/clips/<clip_id>", methods=["PUT"])
@blueprint.arguments(ClipSchema(), location="json")
@blueprint.response(200)
@blueprint.alt_response(201, description="Saved: the clip is on disk")
@gate.needs(Scope.CLIP)
def put(body: dict[str, Any], clip_id: str) -> Answer:
    """Save a clip under a UUIDv7 of the client's. 201: made now. 200: the same clip was here. 409: the id is taken."""
    request = clip_request(clip_id, body)
    saved = clipping.save(g.library_id, request)
    paper = finding.by_id(g.library_id, saved.paper_id)
    clip = next((c for c in paper.clips if c.id == request.id), None)
    answer = {"clip": representation.clip(clip) if clip else None, "paper": representation.paper(paper)}
    return with_etag(answer, paper.version, 201 if saved.created else 200)
