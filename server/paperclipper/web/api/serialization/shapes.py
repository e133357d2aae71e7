"""Building blocks for the JSON Schemas (Draft 2020-12) of responses. Every leaf has an example.

The schemas are used only in the OpenAPI document. representation.py builds the responses; a test checks them
against the schemas.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

Shape = dict[str, Any]
NAMED: dict[str, Shape] = {}
"""The named schemas, which become components of the OpenAPI document."""

_REF = "#/components/schemas/"
ID = "6a0e9c2d-4b41-4f3d-8c8a-1b2c3d4e5f60"
MOMENT = "2026-03-09T08:30:00.000Z"


def text(example: str, description: str = "", **more: Any) -> Shape:
    """Return the schema of a string."""
    return _leaf("string", example, description, more)


def integer(example: int, description: str = "", **more: Any) -> Shape:
    """Return the schema of a non-negative integer."""
    return _leaf("integer", example, description, {"minimum": 0} | more)


def boolean(example: bool, description: str = "") -> Shape:
    """Return the schema of a boolean."""
    return _leaf("boolean", example, description, {})


def uuid(description: str = "", example: str = ID) -> Shape:
    """Return the schema of a UUID."""
    return _leaf("string", example, description, {"format": "uuid"})


def timestamp(description: str = "", example: str = MOMENT) -> Shape:
    """Return the schema of a UTC timestamp with millisecond precision (RFC 3339)."""
    return _leaf("string", example, description, {"format": "date-time"})


def date(example: str, description: str = "") -> Shape:
    """Return the schema of a date."""
    return _leaf("string", example, description, {"format": "date"})


def url(example: str, description: str = "") -> Shape:
    """Return the schema of a URL."""
    return _leaf("string", example, description, {"format": "uri"})


def enum_of(kind: type[StrEnum], example: str, description: str = "") -> Shape:
    """Return the schema of an enum value."""
    return _leaf("string", example, description, {"enum": [each.value for each in kind]})


def _leaf(kind: str, example: Any, description: str, more: Mapping[str, Any]) -> Shape:
    return (
        {"type": kind}
        | ({"description": description} if description else {})
        | dict(more)
        | {"examples": [example]}
    )


def nullable(shape: Shape, description: str = "") -> Shape:
    """Return a nullable version of the schema."""
    documented = {"description": description} if description else {}
    if "type" not in shape:
        return {"anyOf": [shape, {"type": "null"}]} | documented
    values = {"enum": [*shape["enum"], None]} if "enum" in shape else {}
    return shape | {"type": [shape["type"], "null"]} | values | documented


def null_example(shape: Shape, description: str = "") -> Shape:
    """Return a nullable version of the schema, with null as its example."""
    return nullable(shape, description) | {"examples": [None]}


def array(shape: Shape, description: str = "") -> Shape:
    """Return the schema of an array."""
    return {"type": "array", "items": shape} | ({"description": description} if description else {})


def empty_array(shape: Shape, description: str = "") -> Shape:
    """Return the schema of an array, with an empty array as its example."""
    return array(shape, description) | {"examples": [[]]}


def record(description: str = "", /, **properties: Shape) -> Shape:
    """Return the schema of an object that requires these properties and allows others."""
    documented = {"description": description} if description else {}
    return {"type": "object"} | documented | {"properties": properties, "required": list(properties)}


def named(name: str, description: str, /, **properties: Shape) -> Shape:
    """Add a named object schema to the components and return a reference to it."""
    NAMED[name] = record(description, **properties)
    return {"$ref": _REF + name}


def dereferenced(shape: Shape) -> Shape:
    """Resolve the schema if it is a reference; otherwise return it unchanged."""
    return NAMED[shape["$ref"].removeprefix(_REF)] if "$ref" in shape else shape


def example(shape: Shape) -> Any:
    """Return an example composed of the examples of the leaves."""
    shape = dereferenced(shape)
    if "examples" in shape:
        return shape["examples"][0]
    if "anyOf" in shape:
        return example(shape["anyOf"][0])
    if "prefixItems" in shape:
        return [example(item) for item in shape["prefixItems"]]
    if shape["type"] == "array":
        return [example(shape["items"])]
    return {name: example(each) for name, each in shape["properties"].items()}
