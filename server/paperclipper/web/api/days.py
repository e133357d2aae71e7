"""API routes for decisions on a digest day and for sightings."""

from datetime import date
from typing import Any

from flask import g

from paperclipper.errors import InvalidInputError
from paperclipper.identifiers import identify
from paperclipper.model import PaperFacts, Scope
from paperclipper.services.days import decisions, sightings
from paperclipper.services.papers import lookup
from paperclipper.web.api.papers.papers import parse_identifier
from paperclipper.web.api.serialization import answers, representation
from paperclipper.web.api.serialization.schemas import DecisionSchema, SightingsSchema
from paperclipper.web.http import request_guard
from paperclipper.web.http.blueprint import ApiBlueprint

blueprint = ApiBlueprint("days", __name__, description="Decisions on a digest day, and sightings")


@blueprint.route("/days/<day>/decisions")
@blueprint.response(200, answers.DECISIONS, errors=(422,))
@request_guard.requires(Scope.READ)
def list_decisions(day: str) -> dict[str, Any]:
    """List the decisions for a day."""
    return {"items": [representation.decision(d) for d in decisions.of_day(g.library_id, _day(day))]}


@blueprint.route("/days/<day>/decisions", methods=["PUT"])
@blueprint.arguments(DecisionSchema(), location="json")
@blueprint.response(200, answers.DECIDED_PAPER)
@request_guard.requires(Scope.CLIP)
def save_decision(body: dict[str, Any], day: str) -> dict[str, Any]:
    """Mark a paper as skipped or done. Safe to repeat."""
    named = identify(body["arxiv_id"], body["doi"], body["url"])
    if not named:
        raise InvalidInputError("Identify the paper by its arXiv id, DOI or URL.", "/arxiv_id")
    facts = PaperFacts(title=body["title"], identifiers=named)
    return {"paper_id": decisions.decide(g.library_id, _day(day), facts, body["decision"])}


@blueprint.route("/days/<day>/decisions/<path:ref>", methods=["DELETE"])
@blueprint.response(200, answers.DECIDED_PAPER, errors=(404, 422))
@request_guard.requires(Scope.CLIP)
def withdraw_decision(day: str, ref: str) -> dict[str, Any]:
    """Delete the decision for a paper. Safe to repeat."""
    facts = lookup.paper(g.library_id, ref).facts
    return {"paper_id": decisions.decide(g.library_id, _day(day), facts, None)}


@blueprint.route("/sightings", methods=["POST"])
@blueprint.arguments(SightingsSchema(), location="json")
@blueprint.response(200, answers.STORED_SIGHTINGS)
@request_guard.requires(Scope.CLIP)
def save_sightings(body: dict[str, Any]) -> dict[str, Any]:
    """Save the upvote and comment counts shown on a list page for papers in the library.

    Safe to repeat: only the latest counts per paper, page and day are kept.
    """
    seen = [
        (parse_identifier(item["identifier"], f"/items/{i}/identifier"), item["upvotes"], item["comments"])
        for i, item in enumerate(body["items"])
    ]
    return {"stored": sightings.record(g.library_id, body["page"]["kind"], body["day"], seen)}


@blueprint.route("/papers/<path:ref>/sightings")
@blueprint.response(200, answers.SIGHTINGS, errors=(404,))
@request_guard.requires(Scope.READ)
def list_sightings(ref: str) -> dict[str, Any]:
    """List the upvote and comment counts shown for a paper on list pages, oldest day first."""
    return {"items": [representation.sighting(s) for s in sightings.of_paper(g.library_id, ref)]}


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InvalidInputError("The day in the path must be a date such as 2026-03-09.") from error
