"""Papers over the API: finding, reading, editing, the trash. `ref` is an id, a clip id or an identifier."""

from typing import Any

from flask import Response, g

from paperclipper import identifiers
from paperclipper.errors import InvalidInputError
from paperclipper.model import Identifier, Paper, Scope
from paperclipper.services import editing, finding, searching, tagging
from paperclipper.web import gate, representation
from paperclipper.web.api.blueprint import Answer, NounBlueprint, if_match, not_modified, with_etag
from paperclipper.web.api.schemas import ListQuerySchema, LookupSchema, PaperEditSchema

blueprint = NounBlueprint("papers", __name__, description="Papers")


@blueprint.route("/papers")
@blueprint.arguments(ListQuerySchema(), location="query")
@blueprint.response(200)
@gate.needs(Scope.READ)
def search(query: dict[str, Any]) -> dict[str, Any]:
    """Papers that a search finds, best first; without `q` the newest. `next` is the cursor of the next page."""
    offset, limit = query["cursor"], query["limit"]
    found = searching.search(g.library_id, query["q"], limit=limit, offset=offset)
    end = offset + len(found.items)
    return {
        "items": [_hit(item) for item in found.items],
        "total": found.total,
        "next": end if found.items and end < found.total else None,
        "relaxed": found.relaxed,
        "behind": found.behind,
        "milliseconds": found.milliseconds,
    }


def _hit(item: searching.Item) -> dict[str, Any]:
    return representation.paper(item.paper) | {"snippet": [list(piece) for piece in item.snippet]}


@blueprint.route("/papers/lookup", methods=["POST"])
@blueprint.arguments(LookupSchema(), location="json")
@blueprint.response(200)
@gate.needs(Scope.READ)
def lookup(body: dict[str, Any]) -> dict[str, Any]:
    """Which of up to 500 identifiers are papers here, in the order asked."""
    named = [parse_identifier(text, f"/identifiers/{i}") for i, text in enumerate(body["identifiers"])]
    states = finding.lookup(g.library_id, named)
    return {
        "items": [
            {"identifier": text, "paper": representation.state(state) if state else None}
            for text, state in zip(body["identifiers"], states, strict=True)
        ]
    }


def parse_identifier(text: str, pointer: str) -> Identifier:
    """The identifier that a client wrote. Raises InvalidInputError with the place."""
    try:
        return identifiers.parse(text)
    except InvalidInputError as error:
        raise InvalidInputError(str(error), pointer) from error


@blueprint.route("/papers/<path:ref>")
@blueprint.response(200)
@gate.needs(Scope.READ)
def get(ref: str) -> Answer | Response:
    """One paper, live or in the trash."""
    paper = finding.paper(g.library_id, ref)
    return not_modified(paper.version) or _answer(paper)


@blueprint.route("/papers/<path:ref>", methods=["PATCH"])
@blueprint.arguments(PaperEditSchema(), location="json")
@blueprint.response(200)
@gate.needs(Scope.CLIP)
def patch(body: dict[str, Any], ref: str) -> Answer:
    """Status, star, rating. Needs If-Match; an edit that is there already succeeds whatever it says."""
    return _answer(editing.edit(g.library_id, ref, editing.PaperEdit(frozenset(body), **body), if_match()))


@blueprint.route("/papers/<path:ref>", methods=["DELETE"])
@blueprint.response(200)
@gate.needs(Scope.CLIP)
def delete(ref: str) -> Answer:
    """Into the trash, with all it has. Safe to repeat."""
    return _answer(editing.trash(g.library_id, ref))


@blueprint.route("/papers/<path:ref>/restore", methods=["POST"])
@blueprint.response(200)
@gate.needs(Scope.CLIP)
def restore(ref: str) -> Answer:
    """Out of the trash, with all it had. Safe to repeat."""
    return _answer(editing.restore(g.library_id, ref))


@blueprint.route("/papers/<path:ref>/tags/<path:name>", methods=["PUT"])
@blueprint.response(200)
@gate.needs(Scope.CLIP)
def put_tag(ref: str, name: str) -> Answer:
    """Put a tag on a paper. Safe to repeat and to queue, so it needs no If-Match."""
    return _answer(tagging.add(g.library_id, ref, name))


@blueprint.route("/papers/<path:ref>/tags/<path:name>", methods=["DELETE"])
@blueprint.response(200)
@gate.needs(Scope.CLIP)
def delete_tag(ref: str, name: str) -> Answer:
    """Take a tag off a paper. Safe to repeat and to queue."""
    return _answer(tagging.remove(g.library_id, ref, name))


@blueprint.route("/trash")
@blueprint.arguments(ListQuerySchema(only=("limit", "cursor")), location="query")
@blueprint.response(200)
@gate.needs(Scope.READ)
def trash(query: dict[str, Any]) -> dict[str, Any]:
    """Papers in the trash, last deleted first."""
    found = editing.trashed(g.library_id, query["limit"], query["cursor"])
    return {"items": [representation.paper(paper) for paper in found]}


def _answer(paper: Paper) -> Answer:
    return with_etag(representation.paper(paper), paper.version)
