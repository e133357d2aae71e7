"""Descriptions of JSON Schemas for the API page: the type of a value and the fields of an object."""

from collections.abc import Iterator
from typing import Any, NamedTuple

Schema = dict[str, Any]
Pieces = list[tuple[str, str]]
"""(text, schema) pairs. A text links to the schema of this name; an empty name means no link."""

_FORMAT_NAMES = {
    "date": "date (2026-03-09)",
    "date-time": "timestamp (RFC 3339)",
    "uuid": "UUID",
    "uri": "URL",
    "uri-reference": "URL",
}
_REF = "#/components/schemas/"
_MAX_INTEGER = 2**31 - 1


class Field(NamedTuple):
    """A property. `path` is the path to its object, such as `paper.` or `items[].`."""

    path: str
    name: str
    kind: Pieces
    is_required: bool
    default: Any
    description: str


def fields(
    schema: Schema, schemas: dict[str, Schema], path: str = "", *, deep: bool = False
) -> Iterator[Field]:
    """Yield the properties of an object and its nested objects. With `deep`, also expand named schemas."""
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
    """Unwrap an array or nullable schema. Return the inner schema and its path step, `[]` for an array."""
    if schema.get("type") == "array" and "items" in schema:
        return _item_schema(schema["items"])[0], "[]"
    if "anyOf" in schema and schema["anyOf"][-1] == {"type": "null"}:
        return schema["anyOf"][0], ""
    return schema, ""


def _object_kind(schema: Schema) -> Pieces:
    """Describe an object, or an array of objects, whose fields are listed separately."""
    if schema.get("type") == "array":
        return [("array of objects" + _item_count(schema), "")]
    return [("object" + (" or null" if _is_nullable(schema) else ""), "")]


def _is_nullable(schema: Schema) -> bool:
    kinds = schema.get("type", [])
    return "null" in kinds or {"type": "null"} in schema.get("anyOf", [])


def describe(schema: Schema) -> Pieces:
    """Describe the type of a schema's values."""
    if "$ref" in schema:
        return [(name_of(schema), name_of(schema))]
    if "anyOf" in schema:
        return _alternatives([describe(each) for each in schema["anyOf"]])
    if schema.get("type") == "null":
        return [("null", "")]
    if "prefixItems" in schema:
        return [("pair: ", ""), *_alternatives([describe(each) for each in schema["prefixItems"]], ", ")]
    if schema.get("type") == "array":
        return [("array of ", ""), *describe(schema["items"]), (_item_count(schema), "")]
    return [(_plain_kind(schema), "")]


def name_of(schema: Schema) -> str:
    """Return the name of the referenced schema."""
    return str(schema["$ref"]).removeprefix(_REF)


def _alternatives(choices: list[Pieces], between: str = " or ") -> Pieces:
    joined = choices[0]
    for choice in choices[1:]:
        joined = [*joined, (between, ""), *choice]
    return joined


def _plain_kind(schema: Schema) -> str:
    kind = schema.get("type", "any value")
    kinds = [kind] if isinstance(kind, str) else kind
    ending = " or null" if "null" in kinds else ""
    if "const" in schema:
        return f"always {schema['const']}"
    if "enum" in schema:
        return "one of " + ", ".join(str(each) for each in schema["enum"] if each is not None) + ending
    named = _FORMAT_NAMES.get(schema.get("format", "")) or kinds[0]
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
