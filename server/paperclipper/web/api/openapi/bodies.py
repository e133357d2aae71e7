"""Additions to apispec's marshmallow plugin, which describes the request bodies."""

from enum import Enum
from typing import Any

from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import ValidationError, fields, validate

from paperclipper.web.http.fields import UnvalidatedObject, Url

_END = r"\Z"


def plugin() -> Any:
    """Return the plugin. Request schemas are named `…Body`, unlike those of responses."""
    return MarshmallowPlugin(schema_name_resolver=_name)


def customize(converter: Any) -> None:
    """Add our own attribute functions to the plugin's converter."""
    for function in (_accepted_values, _pattern, _unvalidated, _url_format, _without_zero_minimum):
        converter.add_attribute_function(function)


def _name(schema: Any) -> str:
    kind = schema if isinstance(schema, type) else type(schema)
    return kind.__name__.removesuffix("Schema") + "Body"


def _accepted_values(converter: Any, field: Any, ret: dict[str, Any], **_: Any) -> dict[str, Any]:
    """List only the enum values that the field accepts."""
    if not isinstance(field, fields.Enum):
        return {}
    values: list[Any] = [each.value for each in field.enum if _accepts(field, each)]
    return {"enum": [*values, None] if field.allow_none else values}


def _accepts(field: fields.Field[Any], value: Enum) -> bool:
    try:
        for check in field.validators:
            check(value)
    except ValidationError:
        return False
    return True


def _pattern(converter: Any, field: Any, ret: dict[str, Any], **_: Any) -> dict[str, Any]:
    r"""Anchor patterns, which JSON Schema matches anywhere, and write `\Z` as `$` (ECMA 262)."""
    patterns = [str(check.regex.pattern) for check in field.validators if isinstance(check, validate.Regexp)]
    return {"pattern": f"^{patterns[0].removesuffix(_END)}$"} if patterns else {}


def _unvalidated(converter: Any, field: Any, ret: dict[str, Any], **_: Any) -> dict[str, Any]:
    if not isinstance(field, UnvalidatedObject):
        return {}
    ret.clear()
    reference: dict[str, Any] = converter.resolve_nested_schema(field.schema)
    return reference


def _url_format(converter: Any, field: Any, ret: dict[str, Any], **_: Any) -> dict[str, Any]:
    return {"format": "uri-reference"} if isinstance(field, Url) else {}


def _without_zero_minimum(converter: Any, field: Any, ret: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Omit a minimum length of 0."""
    if ret.get("minLength") == 0:
        del ret["minLength"]
    return {}


def descriptions(converter: Any) -> dict[str, str]:
    """Return the description of each schema, by its name in the document."""
    return {name: key[0].__doc__ for key, name in converter.refs.items()}
