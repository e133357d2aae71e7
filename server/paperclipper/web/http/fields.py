"""Strict marshmallow fields that reject values that cannot be stored or displayed."""

import re
from datetime import UTC, datetime
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from paperclipper import identifiers
from paperclipper.errors import InvalidInputError

_NOT_TEXT = re.compile("[\ud800-\udfff\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
MAX_INTEGER = 2**31 - 1


class Text(fields.String):
    """A string of at most `max_length` characters, without lone surrogates or control characters."""

    def __init__(self, max_length: int, min_length: int = 0, **kwargs: Any) -> None:
        super().__init__(validate=validate.Length(min=min_length, max=max_length), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text: str = super()._deserialize(value, attr, data, **kwargs)
        if _NOT_TEXT.search(text):
            raise ValidationError("Contains invalid characters (control characters or lone surrogates).")
        return text


class Url(Text):
    """An http or https URL, or an empty string."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=identifiers.MAX_URL, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        url = super()._deserialize(value, attr, data, **kwargs)
        try:
            return identifiers.check_url(url) if url else ""
        except InvalidInputError as error:
            raise ValidationError(str(error)) from error


class Timestamp(fields.AwareDateTime):
    """A timestamp with a UTC offset (RFC 3339), converted to UTC."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="iso", **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        try:
            return super()._deserialize(value, attr, data, **kwargs).astimezone(UTC)
        except OverflowError as error:  # the year is 0 or 10000 in UTC
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE) from error


class StrictInteger(fields.Integer):
    """An integer from `minimum` to `maximum`. Strings, floats and booleans are rejected."""

    def __init__(self, minimum: int = 0, maximum: int = MAX_INTEGER, **kwargs: Any) -> None:
        super().__init__(strict=True, validate=validate.Range(minimum, maximum), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return int(value)


class StrictBoolean(fields.Boolean):
    """A JSON boolean. Strings and numbers are rejected."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class UnvalidatedObject(fields.Dict):
    """An object validated by the view against `schema`, so one invalid item does not reject the request."""

    def __init__(self, schema: type[Schema], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.schema = schema
