"""Template data for the API page, from the OpenAPI document: operations by resource, errors and schemas.

Each operation has a curl command.
"""

import json
import shlex
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

from paperclipper.web.pages.api_docs.schemas import fields, name_of

Document = dict[str, Any]
_METHODS = ("get", "post", "put", "patch", "delete")
# A first request has no cursor.
_NOT_IN_EXAMPLES = ("cursor", "since")
# Headers that an operation requires.
_HEADERS_IN_EXAMPLES = ("If-Match", "Origin")


def template_context(document: Document, origin: str) -> Document:
    """Return the template variables. `origin` is the server's origin, used in the commands."""
    calls = list(_calls(document, origin + document["servers"][0]["url"]))
    common = set.intersection(*(set(_error_responses(call)) for call in calls))
    for call in calls:
        call["errors"] = {
            status: error for status, error in _error_responses(call).items() if status not in common
        }
    return {
        "info": document["info"],
        "nouns": [(tag, [call for call in calls if tag["name"] in call["tags"]]) for tag in document["tags"]],
        "errors": _errors(calls),
        "common_errors": common,
        "schemas": document["components"]["schemas"],
    }


def _calls(document: Document, base: str) -> Iterator[Document]:
    """Yield the operations, with references to parameters, responses and headers resolved."""
    for path, entry in document["paths"].items():
        for method in (method for method in _METHODS if method in entry):
            call: Document = _resolved(entry[method], document["components"])
            call |= {"method": method.upper(), "path": path, "body": _body(call, document)}
            call["parameters"] = [
                *_resolved(entry["parameters"], document["components"]),
                *call["parameters"],
            ]
            yield call | {"command": _command(call, base)}


def _resolved(part: Any, components: Document) -> Any:
    """Return a copy with all references resolved, except those to schemas."""
    if isinstance(part, list):
        return [_resolved(each, components) for each in part]
    if not isinstance(part, dict):
        return part
    kind, _, name = str(part.get("$ref", "")).removeprefix("#/components/").partition("/")
    if kind in ("parameters", "responses", "headers"):
        return _resolved(components[kind][name], components)
    return {name: _resolved(each, components) for name, each in part.items()}


def _body(call: Document, document: Document) -> Document | None:
    """Return the description, the fields and an example of the request body."""
    if "requestBody" not in call:
        return None
    content, schemas = call["requestBody"]["content"]["application/json"], document["components"]["schemas"]
    schema = schemas[name_of(content["schema"])]
    every = list(fields(schema, schemas, deep=True))
    return {"description": schema["description"], "fields": every, "example": content["example"]}


def _errors(calls: list[Document]) -> Document:
    """Return the title, description and example of each error status."""
    found = {status: error for call in calls for status, error in _error_responses(call).items()}
    examples = {
        status: found[status]["content"]["application/problem+json"]["example"] for status in sorted(found)
    }
    return {
        status: {"title": example["title"], "description": found[status]["description"], "example": example}
        for status, example in examples.items()
    }


def _error_responses(call: Document) -> Document:
    return {status: response for status, response in call["responses"].items() if status >= "400"}


def _command(call: Document, base: str) -> str:
    """Return a curl command with the example values. It reads the token from $TOKEN."""
    lines = ["curl" if call["method"] == "GET" else f"curl -X {call['method']}"]
    if "application/zip" in call["responses"].get("200", {}).get("content", {}):
        lines[0] += " -OJ"
    lines[0] += f" {shlex.quote(base + _url_path(call))}"
    lines += ['-H "Authorization: Bearer $TOKEN"'] if call["security"] else []
    heads = [(name, value) for name, value in _examples(call, "header") if name in _HEADERS_IN_EXAMPLES]
    lines += [f"-H {shlex.quote(f'{name}: {value}')}" for name, value in heads]
    if call["body"]:
        lines += [
            "-H 'Content-Type: application/json'",
            f"-d {shlex.quote(as_json(call['body']['example']))}",
        ]
    elif call["method"] in ("POST", "PUT", "PATCH"):
        lines += ["-d ''"]  # sends Content-Length: 0
    return " \\\n  ".join(lines)


def _url_path(call: Document) -> str:
    address: str = call["path"]
    for name, value in _examples(call, "path"):
        address = address.replace(f"{{{name}}}", quote(value, safe=":"))
    query = urlencode(
        [(name, value) for name, value in _examples(call, "query") if name not in _NOT_IN_EXAMPLES]
    )
    return address + (f"?{query}" if query else "")


def _examples(call: Document, where: str) -> list[tuple[str, Any]]:
    return [(each["name"], each["example"]) for each in call["parameters"] if each["in"] == where]


def as_json(value: Any) -> str:
    """Return indented JSON."""
    return json.dumps(value, indent=2, ensure_ascii=False)
