"""marshmallow fields that refuse what the store could not keep or a page could not show, and say where it was."""

import re
from datetime import UTC, datetime
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from paperclipper import identifiers
from paperclipper.errors import InvalidInputError

_NOT_TEXT = re.compile("[\ud800-\udfff\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
MAX_INTEGER = 2**31 - 1


class Text(fields.String):
    """Text of at most `max_length` characters, without lone surrogates and control characters."""

    def __init__(self, max_length: int, min_length: int = 0, **kwargs: Any) -> None:
        super().__init__(validate=validate.Length(min=min_length, max=max_length), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text: str = super()._deserialize(value, attr, data, **kwargs)
        if _NOT_TEXT.search(text):
            raise ValidationError(
                "This holds characters that are not text (control characters or half a character)."
            )
        return text


class Url(Text):
    """An http or https address, or empty."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=identifiers.MAX_URL, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        url = super()._deserialize(value, attr, data, **kwargs)
        try:
            return identifiers.check_url(url) if url else ""
        except InvalidInputError as error:
            raise ValidationError(str(error)) from error


class Timestamp(fields.AwareDateTime):
    """A time with its distance from UTC (RFC 3339); comes out in UTC."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="iso", **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        try:
            return super()._deserialize(value, attr, data, **kwargs).astimezone(UTC)
        except OverflowError as error:  # the year 0 or 10000, in UTC
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE) from error


class StrictInteger(fields.Integer):
    """A whole number from `minimum`, not a text, not a fraction."""

    def __init__(self, minimum: int = 0, maximum: int = MAX_INTEGER, **kwargs: Any) -> None:
        super().__init__(strict=True, validate=validate.Range(minimum, maximum), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return int(value)


class StrictBoolean(fields.Boolean):
    """true or false, nothing that looks like it."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class UnvalidatedObject(fields.Dict):
    """An object that its view reads by itself, so that a bad one spoils no other; it should be as `schema`."""

    def __init__(self, schema: type[Schema], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.schema = schema
