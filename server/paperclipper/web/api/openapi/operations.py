"""One route as an operation of the document."""

import inspect
import re
from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule

from paperclipper.model import Scope
from paperclipper.web.api.openapi import failures, headers, samples
from paperclipper.web.api.serialization.shapes import example
from paperclipper.web.http.blueprint import Answers

Part = dict[str, Any]
View = Callable[..., Any]
_SAID = {200: "As asked", 201: "Made now", 204: "Done"}


def path(rule: Rule) -> str:
    """The rule's address as OpenAPI writes it."""
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)


def tags(taken: Part) -> list[Part]:
    """The nouns of the API, named as their blueprints."""
    return [tag | {"name": _without_prefix(tag["name"])} for tag in taken["tags"]]


def _operation_id(rule: Rule) -> str:
    name: str = rule.endpoint.rpartition(".")[2]
    return name


def _without_prefix(endpoint: str) -> str:
    return endpoint.removeprefix("api_")


def describe(rule: Rule, method: str, view: View, taken: Part) -> Part:
    """The operation; `taken` is what flask-smorest tells of it: tags, query, body."""
    answers: Answers = view.__dict__["answers"]
    scope: Scope | None = getattr(view, "required_scope", Scope.ADMIN)
    body, query = taken.get("requestBody"), taken.get("parameters", [])
    errors = failures.of(method, bool(scope), bool(body or query), answers.errors)
    return {
        "operationId": _operation_id(rule),
        "tags": [_without_prefix(name) for name in taken["tags"]],
        **_told(view),
        # In 3.1 the list names what is required of the token; a session may do everything.
        "security": [{"token": [scope.value]}, {"session": []}] if scope else [],
        "parameters": [
            *(_with_example(rule, each) for each in query),
            *_header_parameters(method, view, answers),
        ],
        **({"requestBody": _body(body)} if body else {}),
        "responses": _good(method, answers) | {str(status): failures.reference(status) for status in errors},
    }


def _told(view: View) -> dict[str, str]:
    """The docstring's first sentence, and the others."""
    found = re.fullmatch(r"(.+?)\.(?:\s+(.+))?", inspect.getdoc(view) or "", re.DOTALL)
    assert found, f"{view}: a view says what it does, in a sentence"
    rest = {"description": found[2]} if found[2] else {}
    return {"summary": " ".join(found[1].split())} | rest


def _with_example(rule: Rule, query: Part) -> Part:
    name = query["name"]
    return query | {"example": samples.QUERIES.get(f"{_operation_id(rule)} {name}") or samples.QUERIES[name]}


def _header_parameters(method: str, view: View, answers: Answers) -> list[Part]:
    """If-Match is read by views that may answer 428; unsafe routes for any extension have to know which one asks."""
    names = ["If-Match"] if 428 in answers.errors else []
    names += ["If-None-Match"] if _is_hashed(method, answers) else []
    names += ["Origin"] if getattr(view, "is_open_to_extensions", False) and method != "GET" else []
    return [headers.of(name) for name in names]


def _is_hashed(method: str, answers: Answers) -> bool:
    return method == "GET" and answers.content_type == "application/json"


def _body(taken: Part) -> Part:
    content = taken["content"]["application/json"]
    name = content["schema"]["$ref"].rpartition("/")[2]
    return taken | {"content": {"application/json": content | {"example": samples.BODIES[name]}}}


def _good(method: str, answers: Answers) -> Part:
    found = {str(status): _answer(method, status, answers) for status in sorted(answers.shapes)}
    if _is_hashed(method, answers):
        found["304"] = {"description": "Not changed since", "headers": found["200"]["headers"]}
    return found


def _answer(method: str, status: int, answers: Answers) -> Part:
    shape, told = answers.shapes[status], answers.told.get(status) or _SAID[status]
    if shape is None:
        return {"description": told, "headers": headers.carried()}
    is_json = answers.content_type == "application/json"
    content = {"schema": shape} | ({"example": example(shape)} if is_json else {})
    carried = headers.of_answer(shape, answers.content_type, is_read=method == "GET")
    return {"description": told, "headers": carried, "content": {answers.content_type: content}}
