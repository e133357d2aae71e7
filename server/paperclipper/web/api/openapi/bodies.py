"""Customisation of apispec's marshmallow plugin, which generates the request body schemas."""

from enum import Enum
from typing import Any

from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import ValidationError, fields, validate

from paperclipper.web.http.fields import UnvalidatedObject, Url

_END = r"\Z"


def plugin() -> Any:
    """Return the plugin. Names of request schemas end in `Body`, unlike those of response schemas."""
    return MarshmallowPlugin(schema_name_resolver=_name)


def customize(converter: Any) -> None:
    """Register our attribute functions with the plugin's converter."""
    for function in (_accepted_values, _pattern, _unvalidated, _url_format, _without_zero_minimum):
        converter.add_attribute_function(function)


def _name(schema: Any) -> str:
    kind = schema if isinstance(schema, type) else type(schema)
    return kind.__name__.removesuffix("Schema") + "Body"


def _accepted_values(converter: Any, field: Any, ret: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Include only the enum values that the field's validators accept."""
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
    r"""Anchor patterns, because JSON Schema patterns are unanchored; replace `\Z` with `$` (ECMA 262)."""
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
    """Omit `minLength` if it is 0."""
    if ret.get("minLength") == 0:
        del ret["minLength"]
    return {}


def descriptions(converter: Any) -> dict[str, str]:
    """Return the schemas' descriptions by their names in the document."""
    return {name: key[0].__doc__ for key, name in converter.refs.items()}
