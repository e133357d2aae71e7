"""API routes for clips."""

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

blueprint = ApiBlueprint("clips", __name__, description="Saving papers from a page")


@blueprint.route("/clips/<clip_id>", methods=["PUT"])
@blueprint.arguments(ClipSchema(), location="json")
@blueprint.response(200, answers.SAVED_CLIP, errors=(409,))
@blueprint.alt_response(201, description="Saved to disk")
@request_guard.requires(Scope.CLIP)
def save_clip(body: dict[str, Any], clip_id: str) -> JsonResponse:
    """Save a clip with a UUIDv7 chosen by the client.

    Returns 200 if the clip was already saved and 409 if the id is already used by another clip. `clip` and
    `paper` are null if the clip was saved earlier and its paper has been purged since.
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
    """Save up to 100 clips. Each clip has its own result, with the status that a PUT would return."""
    parsed = [_parse(clip) for clip in body["clips"]]
    valid = [item for item in parsed if isinstance(item, ClipRequest)]
    saved = iter(clipping.save_each(g.library_id, valid))
    results = [_result(next(saved)) if isinstance(item, ClipRequest) else item for item in parsed]
    ids = [clip.get("id") for clip in body["clips"]]
    return {"items": [{"id": id_} | result for id_, result in zip(ids, results, strict=True)]}


def _parse(clip: dict[str, Any]) -> ClipRequest | dict[str, Any]:
    """Parse a clip. Return an error result if it is invalid."""
    try:
        loaded = ClipSchema().load({name: value for name, value in clip.items() if name != "id"})
        return clip_request(str(clip.get("id", "")), loaded)
    except ValidationError as error:
        return {"status": 422, "errors": problems.field_errors(error.messages)}
    except InvalidInputError as error:
        return {"status": 422, "errors": [{"pointer": error.pointer, "detail": str(error)}]}


def _result(saved: clipping.SavedIds | ConflictError) -> dict[str, Any]:
    if isinstance(saved, ConflictError):
        return {"status": 409, "errors": [{"pointer": "/id", "detail": str(saved)}]}
    return {"status": 201 if saved.created else 200, "paper_id": saved.paper_id}
