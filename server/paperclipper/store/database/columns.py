"""Column types for values other than text and numbers.

The tables are STRICT (https://www.sqlite.org/stricttables.html): times and days are ISO 8601 text, lists and
objects are JSON.
"""

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from peewee import DatabaseError, TextField

from paperclipper.store.database import timestamps

T = TypeVar("T")


def _parse(parse: Callable[[str], T], value: str) -> T:
    """Parse a stored value. Raise DatabaseError if it is invalid, which indicates corruption.

    SQLite stores no checksums, so a corrupt page can still contain valid text.
    """
    try:
        return parse(value)
    except ValueError as error:
        raise DatabaseError(f"malformed value: {error}") from error


class TimestampField(TextField):
    """A UTC time with millisecond precision, stored as text that sorts chronologically."""

    def db_value(self, value: datetime | str | None) -> str | None:
        """Return the time in ISO 8601 format with a `Z` suffix."""
        if isinstance(value, datetime):
            return timestamps.to_text(value)
        return value

    def python_value(self, value: str | None) -> datetime | None:
        """Return a timezone-aware datetime."""
        return _parse(datetime.fromisoformat, value) if value else None


class DayField(TextField):
    """A calendar day."""

    def db_value(self, value: date | str | None) -> str | None:
        """Return the day in ISO 8601 format."""
        return value.isoformat() if isinstance(value, date) else value

    def python_value(self, value: str | None) -> date | None:
        """Return a date."""
        return _parse(date.fromisoformat, value) if value else None


class TextListField(TextField):
    """A list of strings, stored as JSON."""

    def db_value(self, value: Sequence[str]) -> str:
        """Return the list as JSON, with non-ASCII characters unescaped."""
        return json.dumps(list(value), ensure_ascii=False)

    def python_value(self, value: str) -> tuple[str, ...]:
        """Return a tuple."""
        return tuple(_parse(json.loads, value)) if value != "[]" else ()


class JsonObjectField(TextField):
    """A dict, stored as a JSON object."""

    def db_value(self, value: dict[str, Any]) -> str:
        """Return the dict as JSON."""
        return json.dumps(value, ensure_ascii=False)

    def python_value(self, value: str) -> dict[str, Any]:
        """Return a dict."""
        parsed: dict[str, Any] = _parse(json.loads, value)
        return parsed
