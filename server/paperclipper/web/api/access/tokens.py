"""API routes for tokens."""

from typing import Any

from flask import g

from paperclipper.model import Scope
from paperclipper.services.access import tokens
from paperclipper.web.api.serialization import access_answers, representation
from paperclipper.web.api.serialization.schemas import TokenSchema, uuid_of
from paperclipper.web.http import request_guard
from paperclipper.web.http.blueprint import ApiBlueprint

blueprint = ApiBlueprint("tokens", __name__, description="API tokens")


@blueprint.route("/tokens")
@blueprint.response(200, access_answers.TOKENS)
@request_guard.requires(Scope.ADMIN)
def list_tokens() -> dict[str, Any]:
    """List the library's tokens, newest first, without their secrets."""
    return {"items": [representation.token(token) for token in tokens.list_tokens(g.library_id)]}


@blueprint.route("/tokens", methods=["POST"])
@blueprint.arguments(TokenSchema(), location="json")
@blueprint.response(201, access_answers.NEW_TOKEN)
@request_guard.requires(Scope.ADMIN)
def create_token(body: dict[str, Any]) -> dict[str, Any]:
    """Create a token. This response is the only one that contains its secret."""
    token, secret = tokens.create(g.library_id, body["name"], [Scope(s) for s in body["scopes"]])
    return representation.token(token) | {"token": secret}


@blueprint.route("/tokens/<token_id>", methods=["DELETE"])
@blueprint.response(204, errors=(422,))
@request_guard.requires(Scope.ADMIN)
def revoke_token(token_id: str) -> None:
    """Revoke a token. It stops working immediately. Safe to repeat."""
    tokens.revoke(g.library_id, uuid_of(token_id))
