"""API routes for pairing, used by the extension and the reader."""

from typing import Any

from flask import g, request

from paperclipper.errors import ForbiddenError
from paperclipper.model import Scope
from paperclipper.services.access import libraries, pairing
from paperclipper.web.api.serialization import access_answers, representation
from paperclipper.web.api.serialization.schemas import PairingSchema, VerifierSchema
from paperclipper.web.http import request_guard
from paperclipper.web.http.blueprint import ApiBlueprint

blueprint = ApiBlueprint("pairings", __name__, description="Connecting a browser extension")


@blueprint.route("/pairings", methods=["POST"])
@blueprint.arguments(PairingSchema(), location="json")
@blueprint.response(201, access_answers.PAIRING_REQUEST, errors=(429,))
@request_guard.open_to_extensions
def request_pairing(body: dict[str, Any]) -> dict[str, Any]:
    """Request a connection. Show the three words, open `approve_url`, then poll for the token."""
    asked = pairing.create(body["client_name"], body["challenge"], _origin())
    return {
        "id": asked.id,
        "words": list(asked.words),
        "instance_id": libraries.instance_id(),
        "expires_at": representation.timestamp(asked.expires_at),
        "approve_url": f"{request.host_url}pair/{asked.id}",
    }


@blueprint.route("/pairings/<pairing_id>/token", methods=["POST"])
@blueprint.arguments(VerifierSchema(), location="json")
@blueprint.response(200, access_answers.CLAIMED_TOKEN, errors=(404, 410))
@blueprint.alt_response(202, access_answers.WAITING_PAIRING, description="The reader has not answered yet")
@request_guard.open_to_extensions
def claim_token(body: dict[str, Any], pairing_id: str) -> tuple[dict[str, Any], int]:
    """Fetch the token. This is possible only once.

    Returns 202 until the reader answers, 403 if the reader denied the request or if the verifier or origin is
    wrong, and 410 if the request has expired or was already used.
    """
    given = pairing.claim(pairing_id, body["verifier"], _origin())
    if given is None:
        return {"state": "waiting"}, 202
    token, secret = given
    library = libraries.get(token.library_id)
    return {
        "token": secret,
        "scopes": sorted(token.scopes),
        "instance_id": libraries.instance_id(),
        "library": {"id": library.id, "name": library.name},
    }, 200


@blueprint.route("/pairings")
@blueprint.response(200, access_answers.PAIRINGS)
@request_guard.requires(Scope.ADMIN)
def list_pairings() -> dict[str, Any]:
    """List the pairing requests waiting for the reader's answer."""
    return {"items": [representation.pairing(asked) for asked in pairing.pending()]}


@blueprint.route("/pairings/<pairing_id>/allow", methods=["POST"])
@blueprint.response(200, access_answers.PAIRING, errors=(404, 410))
@request_guard.requires(Scope.ADMIN)
def allow_pairing(pairing_id: str) -> dict[str, Any]:
    """Allow a browser to connect. Check first that the words match. Safe to repeat.

    Returns 410 if the request is no longer open.
    """
    return representation.pairing(pairing.allow(pairing_id, g.library_id))


@blueprint.route("/pairings/<pairing_id>/deny", methods=["POST"])
@blueprint.response(200, access_answers.PAIRING, errors=(404, 410))
@request_guard.requires(Scope.ADMIN)
def deny_pairing(pairing_id: str) -> dict[str, Any]:
    """Deny a browser's request to connect. Safe to repeat. Returns 410 if the request is no longer open."""
    return representation.pairing(pairing.deny(pairing_id, g.library_id))


def _origin() -> str:
    origin = request.headers.get("Origin", "")
    if "-extension://" not in origin:
        raise ForbiddenError("Only a browser extension can request to be connected.")
    return origin
