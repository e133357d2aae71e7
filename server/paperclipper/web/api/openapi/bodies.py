"""How the document reads the schemas of schemas.py, where marshmallow's own plugin would say too much or too little."""

from enum import Enum
from typing import Any

from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import ValidationError, fields, validate

from paperclipper.web.http.fields import Unread, WebAddress

_END = r"\Z"


def plugin() -> Any:
    """The plugin, which names a schema of what is sent otherwise than the shape of what is answered."""
    return MarshmallowPlugin(schema_name_resolver=_name)


def refine(converter: Any) -> None:
    """Teach the plugin's converter what it does not know."""
    for function in (_words, _pattern, _unread, _address, _no_empty_limits):
        converter.add_attribute_function(function)


def _name(schema: Any) -> str:
    kind = schema if isinstance(schema, type) else type(schema)
    return kind.__name__.removesuffix("Schema") + "Body"


def _words(converter: Any, field: Any, ret: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Only those words of an enumeration that the field takes."""
    if not isinstance(field, fields.Enum):
        return {}
    taken: list[Any] = [each.value for each in field.enum if _takes(field, each)]
    return {"enum": [*taken, None] if field.allow_none else taken}


def _takes(field: fields.Field[Any], value: Enum) -> bool:
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


def _unread(converter: Any, field: Any, ret: dict[str, Any], **_: Any) -> dict[str, Any]:
    if not isinstance(field, Unread):
        return {}
    ret.clear()
    reference: dict[str, Any] = converter.resolve_nested_schema(field.schema)
    return reference


def _address(converter: Any, field: Any, ret: dict[str, Any], **_: Any) -> dict[str, Any]:
    return {"format": "uri-reference"} if isinstance(field, WebAddress) else {}


def _no_empty_limits(converter: Any, field: Any, ret: dict[str, Any], **_: Any) -> dict[str, Any]:
    """At least 0 characters is no limit."""
    if ret.get("minLength") == 0:
        del ret["minLength"]
    return {}


def told(converter: Any) -> dict[str, str]:
    """What each schema says of itself, by its name in the document."""
    return {name: key[0].__doc__ for key, name in converter.refs.items()}
