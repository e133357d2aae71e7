"""The blueprint that all nouns share: bodies are read strictly, lists come in pages, answers are described."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from flask import Response, abort, json, request
from flask_smorest import Blueprint
from webargs.flaskparser import FlaskParser

from paperclipper.web.api.serialization.shapes import Shape
from paperclipper.web.http import strict_json

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
class Answers:
    """What the document tells of a view's answers: each good status with its shape, and the errors of the view's own.

    428 among them says that the view reads If-Match. Errors that follow from the route are in failures.py.
    """

    shapes: dict[int, Shape | None]
    told: dict[int, str]
    errors: Collection[int] = ()
    content_type: str = "application/json"


class ApiBlueprint(Blueprint):  # type: ignore[misc]
    """A blueprint of the API."""

    ARGUMENTS_PARSER = StrictParser()

    def response(
        self,
        status: int,
        shape: Shape | None = None,
        *,
        errors: Collection[int] = (),
        content_type: str = "application/json",
    ) -> Callable[[Any], Any]:
        """As flask-smorest's, but the shape is for the document alone: views answer what representation.py made."""
        answering = super().response(status)

        def decorate(view: Any) -> Any:
            also = _answers(view)
            shapes = {status: shape} | {each: also.shapes[each] or shape for each in also.shapes}
            answered = answering(view)
            answered.__dict__["answers"] = Answers(shapes, also.told, errors, content_type)
            return answered

        return decorate

    def alt_response(
        self, status: int, shape: Shape | None = None, *, description: str
    ) -> Callable[[Any], Any]:
        """Another good answer; of the same shape, where none is given."""

        def decorate(view: Any) -> Any:
            also = _answers(view)
            shapes, told = also.shapes | {status: shape}, also.told | {status: description}
            view.__dict__["answers"] = replace(also, shapes=shapes, told=told)
            return view

        return decorate


def _answers(view: Any) -> Answers:
    found: Answers = view.__dict__.get("answers", Answers({}, {}))
    return found


def page(items: list[dict[str, Any]], next_cursor: object, name: str = "cursor", **more: Any) -> Page:
    """One page of a list; `next` is where the next begins, or None, and stands in Link too (RFC 8288)."""
    body = {"items": items, "next": next_cursor, **more}
    headers = {}
    if next_cursor is not None:
        arguments = urlencode(request.args.to_dict() | {name: str(next_cursor)})
        headers["Link"] = f'<{request.base_url}?{arguments}>; rel="next"'
    return body, 200, headers


def timed(answer: Page, milliseconds: float) -> Response:
    """The page and how long it took, which its weak ETag passes over: else no answer would ever be the same.

    The text is made once, for the ETag and for the body: twenty papers whole are long.
    """
    body, status, headers = answer
    found = json.dumps(body, separators=(",", ":"))
    headers["ETag"] = f'W/"{sha256(found.encode()).hexdigest()}"'
    text = f'{found.removesuffix("}")},"milliseconds":{json.dumps(milliseconds)}}}\n'
    return Response(text, status, headers, mimetype="application/json")
