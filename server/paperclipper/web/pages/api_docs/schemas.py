"""JSON Schema in words, for the page that tells of the API: what a value may be, and what an object has. Pure."""

from collections.abc import Iterator
from typing import Any, NamedTuple

Schema = dict[str, Any]
Words = list[tuple[str, str]]
"""Pieces of text, each with the name of the shape that it points to, or nothing."""

_FORMATS = {
    "date": "day (2026-03-09)",
    "date-time": "time (RFC 3339)",
    "uuid": "UUID",
    "uri": "web address",
    "uri-reference": "web address",
}
_KINDS = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false"}
_REF = "#/components/schemas/"
_MANY = 2**31 - 1


class Field(NamedTuple):
    """One property, told: `path` leads to it, as in `paper.title` or `items[].day`."""

    path: str
    name: str
    words: Words
    is_required: bool
    default: Any
    says: str


def fields(
    schema: Schema, schemas: dict[str, Schema], path: str = "", *, deep: bool = False
) -> Iterator[Field]:
    """The properties of an object, and those of the objects in it; of named ones too if `deep`."""
    required = schema.get("required", [])
    for name, each in schema.get("properties", {}).items():
        says = each.get("description", "")
        inner, step = _within(each)
        is_named = "$ref" in inner
        opened = schemas[name_of(inner)] if is_named and deep else inner
        is_open = "properties" in opened
        words_ = _shown(each) if is_open else words(each)
        yield Field(path, name, words_, name in required, each.get("default"), says)
        if is_open:
            yield from fields(opened, schemas, f"{path}{name}{step}.", deep=deep)


def _within(schema: Schema) -> tuple[Schema, str]:
    """What a list is a list of, and what null or else."""
    if schema.get("type") == "array" and "items" in schema:
        return _within(schema["items"])[0], "[]"
    if "anyOf" in schema and schema["anyOf"][-1] == {"type": "null"}:
        return schema["anyOf"][0], ""
    return schema, ""


def _shown(schema: Schema) -> Words:
    """An object whose properties follow."""
    if schema.get("type") == "array":
        return [("list of objects" + _many(schema), "")]
    return [("object" + (" or null" if _is_nullable(schema) else ""), "")]


def _is_nullable(schema: Schema) -> bool:
    kinds = schema.get("type", [])
    return "null" in kinds or {"type": "null"} in schema.get("anyOf", [])


def words(schema: Schema) -> Words:
    """What a value of this schema is."""
    if "$ref" in schema:
        return [(name_of(schema), name_of(schema))]
    if "anyOf" in schema:
        return _either([words(each) for each in schema["anyOf"]])
    if schema.get("type") == "null":
        return [("null", "")]
    if "prefixItems" in schema:
        return [("pair: ", ""), *_either([words(each) for each in schema["prefixItems"]], ", ")]
    if schema.get("type") == "array":
        return [("list of ", ""), *words(schema["items"]), (_many(schema), "")]
    return [(_single(schema), "")]


def name_of(schema: Schema) -> str:
    """The name of the shape that a reference means."""
    return str(schema["$ref"]).removeprefix(_REF)


def _either(choices: list[Words], between: str = " or ") -> Words:
    joined = choices[0]
    for choice in choices[1:]:
        joined = [*joined, (between, ""), *choice]
    return joined


def _single(schema: Schema) -> str:
    kind = schema.get("type", "anything")
    kinds = [kind] if isinstance(kind, str) else kind
    ending = " or null" if "null" in kinds else ""
    if "const" in schema:
        return f"always {schema['const']}"
    if "enum" in schema:
        return "one of " + ", ".join(str(each) for each in schema["enum"] if each is not None) + ending
    named = _FORMATS.get(schema.get("format", "")) or _KINDS.get(kinds[0], kinds[0])
    limits = _limits(schema)
    return named + limits + ("," if limits and ending else "") + ending


def _limits(schema: Schema) -> str:
    if "maximum" in schema or "minimum" in schema:
        return _range(schema.get("minimum", 0), min(schema.get("maximum", _MANY), _MANY))
    if "maxLength" in schema:
        least, most = schema.get("minLength", 0), schema["maxLength"]
        return f" of {most} characters" if least == most else f"{_range(least, most)} characters"
    return f" that matches {schema['pattern']}" if "pattern" in schema else ""


def _range(least: int, most: int) -> str:
    if most == _MANY:
        return f", {least} or more" if least else ""
    return f", {least:,} to {most:,}" if least else f", at most {most:,}"


def _many(schema: Schema) -> str:
    least, most = schema.get("minItems", 0), schema.get("maxItems")
    if most is None:
        return ""
    return f", {least} of them" if least == most else _range(least, most)
