"""JSON Schema in words for the API page: the type of a value and the fields of an object."""

from collections.abc import Iterator
from typing import Any, NamedTuple

Schema = dict[str, Any]
Pieces = list[tuple[str, str]]
"""Texts, each with the name of the schema that it links to, or an empty string."""

_FORMAT_NAMES = {
    "date": "day (2026-03-09)",
    "date-time": "time (RFC 3339)",
    "uuid": "UUID",
    "uri": "web address",
    "uri-reference": "web address",
}
_TYPE_NAMES = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false"}
_REF = "#/components/schemas/"
_MAX_INTEGER = 2**31 - 1


class Field(NamedTuple):
    """A property. `path` leads to its object, as in `paper.title` or `items[].day`."""

    path: str
    name: str
    kind: Pieces
    is_required: bool
    default: Any
    description: str


def fields(
    schema: Schema, schemas: dict[str, Schema], path: str = "", *, deep: bool = False
) -> Iterator[Field]:
    """Yield the properties of an object and of the objects in it; with `deep` also those of named schemas."""
    required = schema.get("required", [])
    for name, each in schema.get("properties", {}).items():
        description = each.get("description", "")
        inner, step = _item_schema(each)
        is_named = "$ref" in inner
        opened = schemas[name_of(inner)] if is_named and deep else inner
        is_open = "properties" in opened
        kind = _object_kind(each) if is_open else describe(each)
        yield Field(path, name, kind, name in required, each.get("default"), description)
        if is_open:
            yield from fields(opened, schemas, f"{path}{name}{step}.", deep=deep)


def _item_schema(schema: Schema) -> tuple[Schema, str]:
    """Return the schema of the items of a list, or the schema besides null, and `[]` for lists."""
    if schema.get("type") == "array" and "items" in schema:
        return _item_schema(schema["items"])[0], "[]"
    if "anyOf" in schema and schema["anyOf"][-1] == {"type": "null"}:
        return schema["anyOf"][0], ""
    return schema, ""


def _object_kind(schema: Schema) -> Pieces:
    """Describe an object whose fields are listed separately."""
    if schema.get("type") == "array":
        return [("list of objects" + _item_count(schema), "")]
    return [("object" + (" or null" if _is_nullable(schema) else ""), "")]


def _is_nullable(schema: Schema) -> bool:
    kinds = schema.get("type", [])
    return "null" in kinds or {"type": "null"} in schema.get("anyOf", [])


def describe(schema: Schema) -> Pieces:
    """Describe the values of a schema."""
    if "$ref" in schema:
        return [(name_of(schema), name_of(schema))]
    if "anyOf" in schema:
        return _alternatives([describe(each) for each in schema["anyOf"]])
    if schema.get("type") == "null":
        return [("null", "")]
    if "prefixItems" in schema:
        return [("pair: ", ""), *_alternatives([describe(each) for each in schema["prefixItems"]], ", ")]
    if schema.get("type") == "array":
        return [("list of ", ""), *describe(schema["items"]), (_item_count(schema), "")]
    return [(_plain_kind(schema), "")]


def name_of(schema: Schema) -> str:
    """Return the name of the schema that a reference points to."""
    return str(schema["$ref"]).removeprefix(_REF)


def _alternatives(choices: list[Pieces], between: str = " or ") -> Pieces:
    joined = choices[0]
    for choice in choices[1:]:
        joined = [*joined, (between, ""), *choice]
    return joined


def _plain_kind(schema: Schema) -> str:
    kind = schema.get("type", "anything")
    kinds = [kind] if isinstance(kind, str) else kind
    ending = " or null" if "null" in kinds else ""
    if "const" in schema:
        return f"always {schema['const']}"
    if "enum" in schema:
        return "one of " + ", ".join(str(each) for each in schema["enum"] if each is not None) + ending
    named = _FORMAT_NAMES.get(schema.get("format", "")) or _TYPE_NAMES.get(kinds[0], kinds[0])
    limits = _limits(schema)
    return named + limits + ("," if limits and ending else "") + ending


def _limits(schema: Schema) -> str:
    if "maximum" in schema or "minimum" in schema:
        return _range_text(schema.get("minimum", 0), min(schema.get("maximum", _MAX_INTEGER), _MAX_INTEGER))
    if "maxLength" in schema:
        least, most = schema.get("minLength", 0), schema["maxLength"]
        return f" of {most} characters" if least == most else f"{_range_text(least, most)} characters"
    return f" that matches {schema['pattern']}" if "pattern" in schema else ""


def _range_text(least: int, most: int) -> str:
    if most == _MAX_INTEGER:
        return f", {least} or more" if least else ""
    return f", {least:,} to {most:,}" if least else f", at most {most:,}"


def _item_count(schema: Schema) -> str:
    least, most = schema.get("minItems", 0), schema.get("maxItems")
    if most is None:
        return ""
    return f", {least} of them" if least == most else _range_text(least, most)
