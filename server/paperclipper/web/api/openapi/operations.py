"""A route as an operation of the OpenAPI document."""

import inspect
import re
from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule

from paperclipper.model import Scope
from paperclipper.web.api.openapi import failures, headers, samples
from paperclipper.web.api.serialization.shapes import example
from paperclipper.web.http.blueprint import DocumentedResponses

Part = dict[str, Any]
View = Callable[..., Any]
_DESCRIPTIONS = {200: "Success", 201: "Created", 204: "Done"}


def path(rule: Rule) -> str:
    """Return the rule's path in OpenAPI syntax."""
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)


def tags(generated: Part) -> list[Part]:
    """Return the tags, named after the nouns."""
    return [tag | {"name": _without_prefix(tag["name"])} for tag in generated["tags"]]


def _documented(view: Any) -> DocumentedResponses:
    documented: DocumentedResponses = view.responses
    return documented


def _operation_id(rule: Rule) -> str:
    name: str = rule.endpoint.rpartition(".")[2]
    return name


def _without_prefix(endpoint: str) -> str:
    return endpoint.removeprefix("api_")


def describe(rule: Rule, method: str, view: View, generated: Part) -> Part:
    """Return the operation; `generated` is the part that flask-smorest generates: tags, query, body."""
    responses = _documented(view)
    scope: Scope | None = getattr(view, "required_scope", Scope.ADMIN)
    body, query = generated.get("requestBody"), generated.get("parameters", [])
    errors = failures.statuses(method, bool(scope), bool(body or query), responses.errors)
    return {
        "operationId": _operation_id(rule),
        "tags": [_without_prefix(name) for name in generated["tags"]],
        **_summary_and_description(view),
        # Since 3.1 the list may have scopes for any scheme; a session has all scopes.
        "security": [{"token": [scope.value]}, {"session": []}] if scope else [],
        "parameters": [
            *(_with_example(rule, each) for each in query),
            *_header_parameters(method, view, responses),
        ],
        **({"requestBody": _body(body)} if body else {}),
        "responses": _successes(method, responses)
        | {str(status): failures.reference(status) for status in errors},
    }


def _summary_and_description(view: View) -> dict[str, str]:
    """Split the docstring into its first sentence and the rest."""
    found = re.fullmatch(r"(.+?)\.(?:\s+(.+))?", inspect.getdoc(view) or "", re.DOTALL)
    assert found, f"{view}: the docstring of a view begins with a sentence"
    rest = {"description": found[2]} if found[2] else {}
    return {"summary": " ".join(found[1].split())} | rest


def _with_example(rule: Rule, query: Part) -> Part:
    name = query["name"]
    return query | {"example": samples.QUERIES.get(f"{_operation_id(rule)} {name}") or samples.QUERIES[name]}


def _header_parameters(method: str, view: View, responses: DocumentedResponses) -> list[Part]:
    """Return the request headers. A view that can return 428 reads If-Match."""
    names = ["If-Match"] if 428 in responses.errors else []
    names += ["If-None-Match"] if _is_hashed(method, responses) else []
    names += ["Origin"] if getattr(view, "is_open_to_extensions", False) and method != "GET" else []
    return [headers.reference(name) for name in names]


def _is_hashed(method: str, responses: DocumentedResponses) -> bool:
    return method == "GET" and responses.content_type == "application/json"


def _body(generated: Part) -> Part:
    content = generated["content"]["application/json"]
    name = content["schema"]["$ref"].rpartition("/")[2]
    return generated | {"content": {"application/json": content | {"example": samples.BODIES[name]}}}


def _successes(method: str, responses: DocumentedResponses) -> Part:
    found = {str(status): _success(method, status, responses) for status in sorted(responses.schemas)}
    if _is_hashed(method, responses):
        found["304"] = {"description": "Not modified", "headers": found["200"]["headers"]}
    return found


def _success(method: str, status: int, responses: DocumentedResponses) -> Part:
    schema = responses.schemas[status]
    description = responses.descriptions.get(status) or _DESCRIPTIONS[status]
    if schema is None:
        return {"description": description, "headers": headers.carried()}
    is_json = responses.content_type == "application/json"
    content = {"schema": schema} | ({"example": example(schema)} if is_json else {})
    carried = headers.of_response(schema, responses.content_type, is_read=method == "GET")
    return {"description": description, "headers": carried, "content": {responses.content_type: content}}
