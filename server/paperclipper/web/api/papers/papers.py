"""Papers over the API: searching, looking up, reading, editing, tags, the trash."""

from dataclasses import asdict
from typing import Any

from flask import Response, g

from paperclipper import identifiers
from paperclipper.errors import InvalidInputError
from paperclipper.model import Identifier, Paper, Scope
from paperclipper.services.papers import editing, paper_merge, stubs
from paperclipper.services.papers import lookup as finding
from paperclipper.services.search import result_items, searching
from paperclipper.services.tags import tagging
from paperclipper.services.trash import trashing
from paperclipper.web.api.serialization import answers, representation, search_answers
from paperclipper.web.api.serialization.schemas import (
    ListQuerySchema,
    LookupSchema,
    OtherPaperSchema,
    PaperEditSchema,
    SearchQuerySchema,
    StubsSchema,
    paper_edit,
)
from paperclipper.web.http import request_guard
from paperclipper.web.http.blueprint import NounBlueprint, Page, page, timed
from paperclipper.web.http.etags import Answer, if_match, not_modified, with_etag

blueprint = NounBlueprint("papers", __name__, description="Papers")
_DELETED = 500


@blueprint.route("/papers")
@blueprint.arguments(SearchQuerySchema(), location="query")
@blueprint.response(200, search_answers.HITS, errors=(410,))
@request_guard.needs(Scope.READ)
def search(query: dict[str, Any]) -> Response:
    """Papers that a search finds, best first; without `q` the newest. `next` is the cursor of the next page.

    `total` and `facets` count papers that match in full; `partial` are the best of those that lack words, where few
    match, and `explanation` says what each part finds, where next to none do. A page may be asked for within an hour.
    """
    found = searching.search(g.library_id, searching.Search(**query))
    answer = page(
        [_hit(item) for item in found.items],
        found.next,
        total=found.total,
        sort=found.order,
        partial=[_hit(item) for item in found.partial],
        facets={facet.key: [vars(value) for value in facet.values] for facet in found.facets},
        filters=[asdict(each) for each in found.filters],
        explanation=[asdict(each) for each in found.told],
        cut_short=list(found.cut_short),
        behind=found.behind,
    )
    return timed(answer, found.milliseconds)


def _hit(item: result_items.Item) -> dict[str, Any]:
    counts = {"notes": len(item.paper.notes), "highlights": len(item.paper.highlights)}
    shown = {
        "title_marked": [list(piece) for piece in item.title],
        "snippet": [list(piece) for piece in item.snippet],
        "field": item.field,
        "matched": list(item.matched),
        "missing": list(item.missing),
    }
    return representation.paper(item.paper) | counts | shown


@blueprint.route("/papers/lookup", methods=["POST"])
@blueprint.arguments(LookupSchema(), location="json")
@blueprint.response(200, answers.STATES)
@request_guard.needs(Scope.READ)
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
@blueprint.response(200, answers.PAPER, errors=(404,))
@request_guard.needs(Scope.READ)
def get(ref: str) -> Answer | Response:
    """One paper, live or in the trash."""
    paper = finding.paper(g.library_id, ref)
    return not_modified(paper.version) or _answer(paper)


@blueprint.route("/papers/<path:ref>", methods=["PATCH"])
@blueprint.arguments(PaperEditSchema(), location="json")
@blueprint.response(200, answers.PAPER, errors=(404, 428))
@request_guard.needs(Scope.CLIP)
def patch(body: dict[str, Any], ref: str) -> Answer:
    """Set status, star, rating, or facts that you know better, which no page then replaces.

    Needs `If-Match`; an edit that is there already succeeds whatever it says.
    """
    return _answer(editing.edit(g.library_id, ref, paper_edit(body), if_match()))


@blueprint.route("/papers/<path:ref>", methods=["DELETE"])
@blueprint.response(200, answers.PAPER, errors=(404,))
@request_guard.needs(Scope.CLIP)
def delete(ref: str) -> Answer:
    """Put a paper into the trash, with all it has. Safe to repeat."""
    return _answer(trashing.trash(g.library_id, ref))


@blueprint.route("/papers/<path:ref>/restore", methods=["POST"])
@blueprint.response(200, answers.PAPER, errors=(404,))
@request_guard.needs(Scope.CLIP)
def restore(ref: str) -> Answer:
    """Take a paper out of the trash, with all it had. Safe to repeat."""
    return _answer(trashing.restore(g.library_id, ref))


@blueprint.route("/papers/<path:ref>/tags/<path:name>", methods=["PUT"])
@blueprint.response(200, answers.PAPER, errors=(404, 422))
@request_guard.needs(Scope.CLIP)
def put_tag(ref: str, name: str) -> Answer:
    """Put a tag on a paper. Safe to repeat and to queue, so it needs no `If-Match`."""
    return _answer(tagging.add(g.library_id, ref, name))


@blueprint.route("/papers/<path:ref>/tags/<path:name>", methods=["DELETE"])
@blueprint.response(200, answers.PAPER, errors=(404, 422))
@request_guard.needs(Scope.CLIP)
def delete_tag(ref: str, name: str) -> Answer:
    """Take a tag off a paper. Safe to repeat and to queue."""
    return _answer(tagging.remove(g.library_id, ref, name))


@blueprint.route("/papers/<path:ref>/merged-into", methods=["PUT"])
@blueprint.arguments(OtherPaperSchema(), location="json")
@blueprint.response(200, answers.MERGED_PAPER, errors=(404,))
@request_guard.needs(Scope.WRITE)
def merge(body: dict[str, Any], ref: str) -> Answer:
    """Make this paper part of another. Safe to repeat; `act` can be undone, and is null where it was done before."""
    paper, action = paper_merge.merge(g.library_id, ref, body["paper"])
    answer = {
        "paper": representation.paper(paper),
        "action": representation.action(action) if action else None,
    }
    return with_etag(answer, paper.version)


@blueprint.route("/papers/stubs", methods=["POST"])
@blueprint.arguments(StubsSchema(), location="json")
@blueprint.response(200, answers.PASTED)
@request_guard.needs(Scope.CLIP)
def make_stubs(body: dict[str, Any]) -> dict[str, Any]:
    """Make a stub of each link or id, one a line; the extension fills it when it next sees the paper.

    Safe to repeat: what is here already stays as it is.
    """
    return {"items": [representation.pasted(each) for each in stubs.paste(g.library_id, body["lines"])]}


@blueprint.route("/trash")
@blueprint.arguments(ListQuerySchema(), location="query")
@blueprint.response(200, answers.TRASH)
@request_guard.needs(Scope.READ)
def trash(query: dict[str, Any]) -> Page:
    """Papers in the trash, last deleted first, and on the first page the notes and highlights that were deleted."""
    limit, offset = query["limit"], query["cursor"]
    found = trashing.trashed(g.library_id, limit + 1, offset)
    deleted = trashing.trashed_annotations(g.library_id, _DELETED) if not offset else []
    return page(
        [representation.paper(paper) for paper in found[:limit]],
        offset + limit if len(found) > limit else None,
        annotations=[representation.annotation(each) for each in deleted],
    )


def _answer(paper: Paper) -> Answer:
    return with_etag(representation.paper(paper), paper.version)
