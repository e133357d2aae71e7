"""Clipping over the API."""

from typing import Any

from flask import g
from marshmallow import ValidationError

from paperclipper.errors import ConflictError, InvalidInputError
from paperclipper.model import ClipRequest, Scope
from paperclipper.services.papers import clipping
from paperclipper.web.api.serialization import answers, representation
from paperclipper.web.api.serialization.schemas import ClipSchema, ClipsSchema, clip_request
from paperclipper.web.http import problems, request_guard
from paperclipper.web.http.blueprint import ApiBlueprint
from paperclipper.web.http.etags import JsonResponse, with_etag

blueprint = ApiBlueprint("clips", __name__, description="Acts of clipping, under ids that the client chose")


@blueprint.route("/clips/<clip_id>", methods=["PUT"])
@blueprint.arguments(ClipSchema(), location="json")
@blueprint.response(200, answers.SAVED_CLIP, errors=(409,))
@blueprint.alt_response(201, description="Saved: the clip is on disk")
@request_guard.requires(Scope.CLIP)
def save_clip(body: dict[str, Any], clip_id: str) -> JsonResponse:
    """Save a clip under a UUIDv7 of the client's. 201: made now. 200: the same clip was here. 409: the id is taken.

    Sent again after its paper was purged, a clip is still the same clip: the answer has no paper.
    """
    saved = clipping.save(g.library_id, clip_request(clip_id, body))
    if saved.paper is None:
        return {"clip": None, "paper": None}, 200, {}
    clip = representation.clip(saved.clip) if saved.clip else None
    answer = {"clip": clip, "paper": representation.paper(saved.paper)}
    return with_etag(answer, saved.paper.version, 201 if saved.created else 200)


@blueprint.route("/clips", methods=["POST"])
@blueprint.arguments(ClipsSchema(), location="json")
@blueprint.response(200, answers.SAVED_CLIPS)
@request_guard.requires(Scope.CLIP)
def save_clips(body: dict[str, Any]) -> dict[str, Any]:
    """Save up to 100 clips at once; each has a result of its own, with the status that a PUT of it would have."""
    read = [_read(clip) for clip in body["clips"]]
    saved = iter(clipping.save_each(g.library_id, [one for one in read if isinstance(one, ClipRequest)]))
    results = [_result(one, next(saved)) if isinstance(one, ClipRequest) else one for one in read]
    return {
        "items": [
            {"id": clip.get("id")} | result for clip, result in zip(body["clips"], results, strict=True)
        ]
    }


def _read(clip: dict[str, Any]) -> ClipRequest | dict[str, Any]:
    """The clip, or what is wrong with it."""
    try:
        loaded = ClipSchema().load({name: value for name, value in clip.items() if name != "id"})
        return clip_request(str(clip.get("id", "")), loaded)
    except ValidationError as error:
        return {"status": 422, "errors": problems.field_errors(error.messages)}
    except InvalidInputError as error:
        return {"status": 422, "errors": [{"pointer": error.pointer, "detail": str(error)}]}


def _result(request: ClipRequest, saved: clipping.SavedIds | ConflictError) -> dict[str, Any]:
    if isinstance(saved, ConflictError):
        return {"status": 409, "errors": [{"pointer": "/id", "detail": str(saved)}]}
    return {"status": 201 if saved.created else 200, "paper_id": saved.paper_id}
