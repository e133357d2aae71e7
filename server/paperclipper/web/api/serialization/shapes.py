"""The words in which answers.py says what answers look like: JSON Schema (Draft 2020-12), an example at every leaf.

Nothing of this runs when a request is answered: representation.py makes the answers, and a test holds the two together.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

Shape = dict[str, Any]
NAMED: dict[str, Shape] = {}
"""The shapes that have a name, as the document's components hold them."""

_REF = "#/components/schemas/"
ID = "6a0e9c2d-4b41-4f3d-8c8a-1b2c3d4e5f60"
MOMENT = "2026-03-09T08:30:00.000Z"


def text(example: str, description: str = "", **more: Any) -> Shape:
    """A string."""
    return _leaf("string", example, description, more)


def integer(example: int, description: str = "", **more: Any) -> Shape:
    """A whole number, not negative."""
    return _leaf("integer", example, description, {"minimum": 0} | more)


def boolean(example: bool, description: str = "") -> Shape:
    """true or false."""
    return _leaf("boolean", example, description, {})


def uuid(description: str = "", example: str = ID) -> Shape:
    """A UUID."""
    return _leaf("string", example, description, {"format": "uuid"})


def timestamp(description: str = "", example: str = MOMENT) -> Shape:
    """A time (RFC 3339), in UTC, to the millisecond."""
    return _leaf("string", example, description, {"format": "date-time"})


def date(example: str, description: str = "") -> Shape:
    """A day."""
    return _leaf("string", example, description, {"format": "date"})


def url(example: str, description: str = "") -> Shape:
    """A web address."""
    return _leaf("string", example, description, {"format": "uri"})


def enum_of(kind: type[StrEnum], example: str, description: str = "") -> Shape:
    """One of the words of an enumeration."""
    return _leaf("string", example, description, {"enum": [each.value for each in kind]})


def _leaf(kind: str, example: Any, description: str, more: Mapping[str, Any]) -> Shape:
    return (
        {"type": kind}
        | ({"description": description} if description else {})
        | dict(more)
        | {"examples": [example]}
    )


def nullable(shape: Shape, description: str = "") -> Shape:
    """The shape, or null."""
    documented = {"description": description} if description else {}
    if "type" not in shape:
        return {"anyOf": [shape, {"type": "null"}]} | documented
    values = {"enum": [*shape["enum"], None]} if "enum" in shape else {}
    return shape | {"type": [shape["type"], "null"]} | values | documented


def null_example(shape: Shape, description: str = "") -> Shape:
    """The shape, or null, which it is in the example."""
    return nullable(shape, description) | {"examples": [None]}


def array(shape: Shape, description: str = "") -> Shape:
    """An array."""
    return {"type": "array", "items": shape} | ({"description": description} if description else {})


def empty_array(shape: Shape, description: str = "") -> Shape:
    """An array that is empty in the example."""
    return array(shape, description) | {"examples": [[]]}


def record(description: str = "", /, **properties: Shape) -> Shape:
    """An object that has all of these properties. It may get more: clients pass over what they do not know."""
    documented = {"description": description} if description else {}
    return {"type": "object"} | documented | {"properties": properties, "required": list(properties)}


def named(name: str, description: str, /, **properties: Shape) -> Shape:
    """A record with a name of its own, by which others point to it."""
    NAMED[name] = record(description, **properties)
    return {"$ref": _REF + name}


def dereferenced(shape: Shape) -> Shape:
    """The shape itself, where it is named by reference."""
    return NAMED[shape["$ref"].removeprefix(_REF)] if "$ref" in shape else shape


def example(shape: Shape) -> Any:
    """An example, put together from those of the leaves."""
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
