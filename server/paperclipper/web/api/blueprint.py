"""The blueprint that all nouns share: bodies are read strictly, versions travel as ETags."""

from typing import Any

from flask import Response, abort, request
from flask_smorest import Blueprint
from marshmallow import missing
from webargs.flaskparser import FlaskParser

from paperclipper.model import Version
from paperclipper.web import strict_json

Answer = tuple[dict[str, Any], int, dict[str, str]]


class StrictParser(FlaskParser):
    """webargs' parser over our own reading of JSON."""

    DEFAULT_VALIDATION_STATUS = 422

    def _raw_load_json(self, req: Any) -> Any:
        data = req.get_data(cache=True)
        if not data:
            return missing
        try:
            return strict_json.loads(data)
        except ValueError as error:
            abort(400, str(error))


class NounBlueprint(Blueprint):  # type: ignore[misc]
    """A blueprint of the API."""

    ARGUMENTS_PARSER = StrictParser()


def if_match() -> str | None:
    """The version that an edit began from, out of If-Match; a weak or unknown form matches nothing."""
    sent = request.headers.get("If-Match")
    return sent.strip().strip('"') if sent is not None else None


def with_etag(body: dict[str, Any], version: Version, status: int = 200) -> Answer:
    """An answer that carries its version as a strong ETag (RFC 9110 8.8.3)."""
    return body, status, {"ETag": f'"{version}"'}


def not_modified(version: Version) -> Response | None:
    """304 for a reader who has this version."""
    if request.if_none_match.contains_weak(str(version)):
        return Response(status=304, headers={"ETag": f'"{version}"'})
    return None
