"""How the document reads the schemas of schemas.py, where marshmallow's own plugin would say too much or too little."""

from enum import Enum
from typing import Any

from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import ValidationError, fields, validate

from paperclipper.web.http.fields import UnvalidatedObject, Url

_END = r"\Z"


def plugin() -> Any:
    """The plugin, which names a schema of what is sent otherwise than the shape of what is answered."""
    return MarshmallowPlugin(schema_name_resolver=_name)


def customize(converter: Any) -> None:
    """Teach the plugin's converter what it does not know."""
    for function in (_accepted_values, _pattern, _unvalidated, _url_format, _without_zero_minimum):
        converter.add_attribute_function(function)


def _name(schema: Any) -> str:
    kind = schema if isinstance(schema, type) else type(schema)
    return kind.__name__.removesuffix("Schema") + "Body"


def _accepted_values(converter: Any, field: Any, ret: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Only those words of an enumeration that the field takes."""
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
    r"""JSON Schema looks for a pattern anywhere, and writes `\Z` as `$` (ECMA 262)."""
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
    """At least 0 characters is no limit."""
    if ret.get("minLength") == 0:
        del ret["minLength"]
    return {}


def descriptions(converter: Any) -> dict[str, str]:
    """What each schema says of itself, by its name in the document."""
    return {name: key[0].__doc__ for key, name in converter.refs.items()}
