"""The OpenAPI 3.1 document, generated from the routes, their request schemas, scopes and documented
responses.

It is built once, not for each request. serialization/answers.py contains the response schemas.
"""

import re
from collections.abc import Iterator
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from paperclipper.web.api.openapi import about, bodies, failures, headers, operations, samples
from paperclipper.web.api.openapi.about import PREFIX
from paperclipper.web.api.serialization.shapes import NAMED

Part = dict[str, Any]
__all__ = ["PREFIX", "build"]
_REFERENCE = re.compile(r"#/components/schemas/(\w+)")


def build(app: Flask, cookie_name: str) -> Part:
    """Build the document for this application. `cookie_name` is the name of the session cookie."""
    api = app.extensions["flask-smorest"]["apis"][""]["ext_obj"]
    generated = api.spec.to_dict()
    document = about.about(cookie_name) | {
        "tags": operations.tags(generated),
        "paths": _paths(app, generated["paths"]),
    }
    components = document["components"]
    components["headers"], components["parameters"] = headers.COMPONENTS, headers.PARAMETERS
    components["responses"] = failures.components()
    descriptions = bodies.descriptions(api.ma_plugin.converter)
    request_bodies = {
        name: {"description": descriptions[name]} | schema
        for name, schema in generated["components"]["schemas"].items()
    }
    components["schemas"] = _used_schemas(document, NAMED | request_bodies)
    return document


def _paths(app: Flask, generated: Part) -> Part:
    paths: Part = {}
    for rule, method in _routes(app):
        path = operations.path(rule)
        entry = paths.setdefault(path.removeprefix(PREFIX), {"parameters": _parameters(path)})
        operation = operations.describe(
            rule, method, app.view_functions[rule.endpoint], generated[path][method.lower()]
        )
        entry[method.lower()] = operation
    return paths


def _routes(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Yield a (rule, method) pair for each method of each view that documents its responses."""
    for rule in app.url_map.iter_rules():
        if hasattr(app.view_functions[rule.endpoint], "responses"):
            yield from ((rule, method) for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))


def _parameters(path: str) -> list[Part]:
    names = re.findall(r"{(\w+)}", path)
    parts = [headers.parameter("path", name, samples.PARTS[name]) for name in names]
    return [*parts, headers.reference("Paperclipper-Instance")]


def _used_schemas(document: Part, schemas: Part) -> Part:
    """Return the schemas referenced by the document, directly or through other schemas."""
    found: Part = {}
    names = set(_REFERENCE.findall(repr(document)))
    while names:
        found |= {name: schemas[name] for name in names}
        names = set(_REFERENCE.findall(repr(found))) - set(found)
    return {name: schema for name, schema in schemas.items() if name in found}
