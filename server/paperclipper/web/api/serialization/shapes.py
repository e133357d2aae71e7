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


def text(example: str, says: str = "", **more: Any) -> Shape:
    """A string."""
    return _leaf("string", example, says, more)


def number(example: int, says: str = "", **more: Any) -> Shape:
    """A whole number, not negative."""
    return _leaf("integer", example, says, {"minimum": 0} | more)


def flag(example: bool, says: str = "") -> Shape:
    """true or false."""
    return _leaf("boolean", example, says, {})


def uuid(says: str = "", example: str = ID) -> Shape:
    """A UUID."""
    return _leaf("string", example, says, {"format": "uuid"})


def moment(says: str = "", example: str = MOMENT) -> Shape:
    """A time (RFC 3339), in UTC, to the millisecond."""
    return _leaf("string", example, says, {"format": "date-time"})


def day(example: str, says: str = "") -> Shape:
    """A day."""
    return _leaf("string", example, says, {"format": "date"})


def address(example: str, says: str = "") -> Shape:
    """A web address."""
    return _leaf("string", example, says, {"format": "uri"})


def word(kind: type[StrEnum], example: str, says: str = "") -> Shape:
    """One of the words of an enumeration."""
    return _leaf("string", example, says, {"enum": [each.value for each in kind]})


def _leaf(kind: str, example: Any, says: str, more: Mapping[str, Any]) -> Shape:
    return {"type": kind} | ({"description": says} if says else {}) | dict(more) | {"examples": [example]}


def maybe(shape: Shape, says: str = "") -> Shape:
    """The shape, or null."""
    told = {"description": says} if says else {}
    if "type" not in shape:
        return {"anyOf": [shape, {"type": "null"}]} | told
    words = {"enum": [*shape["enum"], None]} if "enum" in shape else {}
    return shape | {"type": [shape["type"], "null"]} | words | told


def nothing_yet(shape: Shape, says: str = "") -> Shape:
    """The shape, or null, which it is in the example."""
    return maybe(shape, says) | {"examples": [None]}


def many(shape: Shape, says: str = "") -> Shape:
    """An array."""
    return {"type": "array", "items": shape} | ({"description": says} if says else {})


def none_yet(shape: Shape, says: str = "") -> Shape:
    """An array that is empty in the example."""
    return many(shape, says) | {"examples": [[]]}


def record(says: str = "", /, **properties: Shape) -> Shape:
    """An object that has all of these properties. It may get more: clients pass over what they do not know."""
    told = {"description": says} if says else {}
    return {"type": "object"} | told | {"properties": properties, "required": list(properties)}


def thing(name: str, says: str, /, **properties: Shape) -> Shape:
    """A record with a name of its own, by which others point to it."""
    NAMED[name] = record(says, **properties)
    return {"$ref": _REF + name}


def resolved(shape: Shape) -> Shape:
    """The shape itself, where it is named by reference."""
    return NAMED[shape["$ref"].removeprefix(_REF)] if "$ref" in shape else shape


def example(shape: Shape) -> Any:
    """An example, put together from those of the leaves."""
    shape = resolved(shape)
    if "examples" in shape:
        return shape["examples"][0]
    if "anyOf" in shape:
        return example(shape["anyOf"][0])
    if "prefixItems" in shape:
        return [example(item) for item in shape["prefixItems"]]
    if shape["type"] == "array":
        return [example(shape["items"])]
    return {name: example(each) for name, each in shape["properties"].items()}
