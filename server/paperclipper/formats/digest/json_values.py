"""Typed access to values in untrusted JSON. A value of the wrong type raises RowError with the key's name.

Pure. Stricter than `json`: rejects NaN, Infinity and deep nesting.
"""

import json
from collections.abc import Mapping
from datetime import date
from typing import NoReturn, TypeVar

from paperclipper.formats.digest.rows import MAX_COUNT, RowError

JsonObject = Mapping[str, object]
T = TypeVar("T")
_KINDS = {str: "a string", int: "a whole number", list: "a list"}


def parse(text: str) -> object:
    """Parse JSON. Raise RowError with the position of the error if it is invalid."""
    try:
        return json.loads(text, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        raise RowError(
            f"it is not valid JSON: {error.msg} (line {error.lineno}, column {error.colno})"
        ) from error
    except (RecursionError, ValueError) as error:
        raise RowError(
            "it is not valid JSON, is nested too deeply, or has a number that is too long"
        ) from error


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def as_object(value: object, name: str = "row") -> JsonObject:
    """Return the value if it is an object. Raise RowError otherwise."""
    if not isinstance(value, dict):
        raise RowError(f"its {name} is not an object")
    return value


def _optional(row: JsonObject, key: str, kind: type[T]) -> T | None:
    value = row.get(key)
    if value is None:
        return None
    if not isinstance(value, kind) or isinstance(value, bool):
        raise RowError(f"its {key} is not {_KINDS[kind]}")
    return value


def text(row: JsonObject, key: str) -> str:
    """Return the string under the key, or an empty string if it is missing."""
    return _optional(row, key, str) or ""


def texts(row: JsonObject, key: str) -> list[str]:
    """Return the list of strings under the key, or an empty list if it is missing."""
    values = _optional(row, key, list) or []
    if not all(isinstance(value, str) for value in values):
        raise RowError(f"its {key} is not a list of strings")
    return values


def objects(row: JsonObject, key: str) -> list[JsonObject]:
    """Return the list of objects under the key, or an empty list if it is missing."""
    return [as_object(value, f"{key} entry") for value in _optional(row, key, list) or []]


def count(row: JsonObject, key: str) -> int | None:
    """Return the non-negative integer under the key, or None if it is missing."""
    value = _optional(row, key, int)
    if value is not None and not 0 <= value <= MAX_COUNT:
        raise RowError(f"its {key} is not a count")
    return value


def day(row: JsonObject, key: str) -> date | None:
    """Return the date of the ISO 8601 date or time under the key, or None if it is missing."""
    written = text(row, key)
    if not written:
        return None
    try:
        return date.fromisoformat(written[:10])
    except ValueError as error:
        raise RowError(f"its {key} is not a date") from error
