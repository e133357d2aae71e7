"""The blueprint that all nouns share: bodies are read strictly, lists come in pages."""

from typing import Any
from urllib.parse import urlencode

from flask import abort, request
from flask_smorest import Blueprint
from marshmallow import missing
from webargs.flaskparser import FlaskParser

from paperclipper.web import strict_json

Page = tuple[dict[str, Any], int, dict[str, str]]


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


def page(items: list[dict[str, Any]], next_cursor: object, name: str = "cursor", **more: Any) -> Page:
    """One page of a list; `next` is where the next begins, or None, and stands in Link too (RFC 8288)."""
    body = {"items": items, "next": next_cursor, **more}
    if next_cursor is None:
        return body, 200, {}
    arguments = urlencode(request.args.to_dict() | {name: str(next_cursor)})
    return body, 200, {"Link": f'<{request.base_url}?{arguments}>; rel="next"'}
