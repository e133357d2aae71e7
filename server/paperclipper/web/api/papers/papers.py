"""API routes for papers: lookup, editing, tagging, merging and backlinks."""

from typing import Any

from flask import Response, g

from paperclipper import identifiers
from paperclipper.errors import InvalidInputError
from paperclipper.model import Identifier, Paper, Scope
from paperclipper.services.annotations import note_links
from paperclipper.services.papers import editing, paper_merge, since_clipped
from paperclipper.services.papers import lookup as paper_lookup
from paperclipper.services.tags import tagging
from paperclipper.services.trash import trashing
from paperclipper.web.api.serialization import answers, representation
from paperclipper.web.api.serialization.schemas import (
    LookupSchema,
    OtherPaperSchema,
    PaperEditSchema,
    paper_edit,
)
from paperclipper.web.http import request_guard
from paperclipper.web.http.blueprint import ApiBlueprint
from paperclipper.web.http.etags import JsonResponse, if_match, not_modified, with_etag

blueprint = ApiBlueprint("papers", __name__, description="Papers")


@blueprint.route("/papers/lookup", methods=["POST"])
@blueprint.arguments(LookupSchema(), location="json")
@blueprint.response(200, answers.PAPER_STATES)
@request_guard.requires(Scope.READ)
def look_up_papers(body: dict[str, Any]) -> dict[str, Any]:
    """Look up papers by up to 500 identifiers. The results are in the order of the request."""
    named = [parse_identifier(text, f"/identifiers/{i}") for i, text in enumerate(body["identifiers"])]
    states = paper_lookup.states(g.library_id, named)
    return {
        "items": [
            {"identifier": text, "paper": representation.paper_state(state) if state else None}
            for text, state in zip(body["identifiers"], states, strict=True)
        ]
    }


def parse_identifier(text: str, pointer: str) -> Identifier:
    """Parse an identifier. Raise InvalidInputError with the pointer if it is invalid."""
    try:
        return identifiers.parse(text)
    except InvalidInputError as error:
        raise InvalidInputError(str(error), pointer) from error


@blueprint.route("/papers/<path:ref>")
@blueprint.response(200, answers.PAPER, errors=(404,))
@request_guard.requires(Scope.READ)
def get_paper(ref: str) -> JsonResponse | Response:
    """Return a paper, which may be in the trash."""
    paper = paper_lookup.paper(g.library_id, ref)
    return not_modified(paper.version) or _respond(paper)


@blueprint.route("/papers/<path:ref>", methods=["PATCH"])
@blueprint.arguments(PaperEditSchema(), location="json")
@blueprint.response(200, answers.PAPER, errors=(404, 428))
@request_guard.requires(Scope.CLIP)
def edit_paper(body: dict[str, Any], ref: str) -> JsonResponse:
    """Edit the status, star, rating or facts of a paper. Later clips do not overwrite edited facts.

    Requires `If-Match` unless the paper already has these values.
    """
    return _respond(editing.edit(g.library_id, ref, paper_edit(body), if_match()))


@blueprint.route("/papers/<path:ref>", methods=["DELETE"])
@blueprint.response(200, answers.PAPER, errors=(404,))
@request_guard.requires(Scope.CLIP)
def delete_paper(ref: str) -> JsonResponse:
    """Move a paper to the trash with its notes and highlights. Safe to repeat."""
    return _respond(trashing.trash(g.library_id, ref))


@blueprint.route("/papers/<path:ref>/restore", methods=["POST"])
@blueprint.response(200, answers.PAPER, errors=(404,))
@request_guard.requires(Scope.CLIP)
def restore_paper(ref: str) -> JsonResponse:
    """Restore a paper from the trash with its notes and highlights. Safe to repeat."""
    return _respond(trashing.restore(g.library_id, ref))


@blueprint.route("/papers/<path:ref>/tags/<path:name>", methods=["PUT"])
@blueprint.response(200, answers.PAPER, errors=(404, 422))
@request_guard.requires(Scope.CLIP)
def add_tag(ref: str, name: str) -> JsonResponse:
    """Add a tag to a paper. Safe to repeat, and requires no `If-Match`."""
    return _respond(tagging.add(g.library_id, ref, name))


@blueprint.route("/papers/<path:ref>/tags/<path:name>", methods=["DELETE"])
@blueprint.response(200, answers.PAPER, errors=(404, 422))
@request_guard.requires(Scope.CLIP)
def remove_tag(ref: str, name: str) -> JsonResponse:
    """Remove a tag from a paper. Safe to repeat."""
    return _respond(tagging.remove(g.library_id, ref, name))


@blueprint.route("/papers/<path:ref>/merged-into", methods=["PUT"])
@blueprint.arguments(OtherPaperSchema(), location="json")
@blueprint.response(200, answers.MERGED_PAPER, errors=(404,))
@request_guard.requires(Scope.WRITE)
def merge_paper(body: dict[str, Any], ref: str) -> JsonResponse:
    """Merge this paper into another. Safe to repeat.

    The returned `action` can be undone; it is null if the papers were already merged.
    """
    paper, action = paper_merge.merge(g.library_id, ref, body["paper"])
    answer = {
        "paper": representation.paper(paper),
        "action": representation.action(action) if action else None,
    }
    return with_etag(answer, paper.version)


@blueprint.route("/papers/<path:ref>/backlinks")
@blueprint.response(200, answers.BACKLINKS, errors=(404,))
@request_guard.requires(Scope.READ)
def list_backlinks(ref: str) -> dict[str, Any]:
    """List the notes of other papers that link to this one."""
    return {"items": [representation.backlink(link) for link in note_links.backlinks(g.library_id, ref)]}


@blueprint.route("/papers/<path:ref>/then-and-now")
@blueprint.response(200, answers.THEN_AND_NOW, errors=(404,))
@request_guard.requires(Scope.READ)
def compare_then_and_now(ref: str) -> dict[str, Any]:
    """Return what has changed since a paper was clipped: upvotes, comments, code and arXiv version."""
    return representation.then_and_now(since_clipped.of(g.library_id, ref))


def _respond(paper: Paper) -> JsonResponse:
    return with_etag(representation.paper(paper), paper.version)
