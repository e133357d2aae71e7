"""The base blueprint for API routes: strict JSON bodies, pagination and documented responses."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from flask import Response, abort, json, request
from flask_smorest import Blueprint
from webargs.flaskparser import FlaskParser

from paperclipper.web.http import strict_json

JsonSchema = dict[str, Any]
Page = tuple[dict[str, Any], int, dict[str, str]]


class StrictParser(FlaskParser):
    """A webargs parser that accepts strict JSON only."""

    DEFAULT_VALIDATION_STATUS = 422

    def _raw_load_json(self, req: Any) -> Any:
        data = req.get_data(cache=True)
        if not data:
            abort(422, "Send a JSON body.")
        try:
            return strict_json.loads(data)
        except ValueError as error:
            abort(400, str(error))


@dataclass(frozen=True)
class DocumentedResponses:
    """A view's responses in the OpenAPI document: success schemas and view-specific error statuses.

    If `errors` contains 428, the view reads If-Match. openapi/failures.py adds the errors common to all
    routes.
    """

    schemas: dict[int, JsonSchema | None]
    descriptions: dict[int, str]
    errors: Collection[int] = ()
    content_type: str = "application/json"


class ApiBlueprint(Blueprint):  # type: ignore[misc]
    """A blueprint for one API resource."""

    ARGUMENTS_PARSER = StrictParser()

    def response(
        self,
        status: int,
        schema: JsonSchema | None = None,
        *,
        errors: Collection[int] = (),
        content_type: str = "application/json",
    ) -> Callable[[Any], Any]:
        """Document a success response. Unlike in flask-smorest, the schema does not serialise the body."""
        decorate_response = super().response(status)

        def decorate(view: Any) -> Any:
            more = _documented(view)
            schemas = {status: schema} | {other: more.schemas[other] or schema for other in more.schemas}
            decorated = decorate_response(view)
            decorated.responses = DocumentedResponses(schemas, more.descriptions, errors, content_type)
            return decorated

        return decorate

    def alt_response(
        self, status: int, schema: JsonSchema | None = None, *, description: str
    ) -> Callable[[Any], Any]:
        """Document an additional success response. The schema defaults to that of the main response."""

        def decorate(view: Any) -> Any:
            documented = _documented(view)
            view.responses = replace(
                documented,
                schemas=documented.schemas | {status: schema},
                descriptions=documented.descriptions | {status: description},
            )
            return view

        return decorate


def _documented(view: Any) -> DocumentedResponses:
    documented: DocumentedResponses = getattr(view, "responses", DocumentedResponses({}, {}))
    return documented


def page(items: list[dict[str, Any]], next_cursor: object, parameter: str = "cursor", **more: Any) -> Page:
    """Return one page of results, with the next cursor in `next` and in the Link header (RFC 8288)."""
    body = {"items": items, "next": next_cursor, **more}
    headers = {}
    if next_cursor is not None:
        arguments = urlencode(request.args.to_dict() | {parameter: str(next_cursor)})
        headers["Link"] = f'<{request.base_url}?{arguments}>; rel="next"'
    return body, 200, headers


def with_duration(response: Page, milliseconds: float) -> Response:
    """Add the duration to a page. The weak ETag excludes it, so that equal results have equal ETags.

    The body is serialised only once, for both the ETag and the response, because a page of papers is large.
    """
    body, status, headers = response
    unfinished = json.dumps(body, separators=(",", ":"))
    headers["ETag"] = f'W/"{sha256(unfinished.encode()).hexdigest()}"'
    text = f'{unfinished.removesuffix("}")},"milliseconds":{json.dumps(milliseconds)}}}\n'
    return Response(text, status, headers, mimetype="application/json")
