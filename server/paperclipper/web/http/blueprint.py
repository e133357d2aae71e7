"""The blueprint that all nouns share: bodies are read strictly, lists come in pages, answers are described."""

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
    """webargs' parser over our own reading of JSON."""

    DEFAULT_VALIDATION_STATUS = 422

    def _raw_load_json(self, req: Any) -> Any:
        data = req.get_data(cache=True)
        if not data:
            abort(422, "Send a body of JSON.")
        try:
            return strict_json.loads(data)
        except ValueError as error:
            abort(400, str(error))


@dataclass(frozen=True)
class DocumentedResponses:
    """What the document tells of a view's answers: each good status with its shape, and the errors of the view's own.

    428 among them says that the view reads If-Match. Errors that follow from the route are in failures.py.
    """

    schemas: dict[int, JsonSchema | None]
    descriptions: dict[int, str]
    errors: Collection[int] = ()
    content_type: str = "application/json"


class ApiBlueprint(Blueprint):  # type: ignore[misc]
    """A blueprint of the API."""

    ARGUMENTS_PARSER = StrictParser()

    def response(
        self,
        status: int,
        schema: JsonSchema | None = None,
        *,
        errors: Collection[int] = (),
        content_type: str = "application/json",
    ) -> Callable[[Any], Any]:
        """As flask-smorest's, but the schema is for the document alone: views answer what representation.py made."""
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
        """Another good answer; of the same schema, where none is given."""

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
    """One page of a list; `next` is where the next begins, or None, and stands in Link too (RFC 8288)."""
    body = {"items": items, "next": next_cursor, **more}
    headers = {}
    if next_cursor is not None:
        arguments = urlencode(request.args.to_dict() | {parameter: str(next_cursor)})
        headers["Link"] = f'<{request.base_url}?{arguments}>; rel="next"'
    return body, 200, headers


def with_duration(response: Page, milliseconds: float) -> Response:
    """The page and how long it took, which its weak ETag passes over: else no answer would ever be the same.

    The text is made once, for the ETag and for the body: twenty papers whole are long.
    """
    body, status, headers = response
    unfinished = json.dumps(body, separators=(",", ":"))
    headers["ETag"] = f'W/"{sha256(unfinished.encode()).hexdigest()}"'
    text = f'{unfinished.removesuffix("}")},"milliseconds":{json.dumps(milliseconds)}}}\n'
    return Response(text, status, headers, mimetype="application/json")
