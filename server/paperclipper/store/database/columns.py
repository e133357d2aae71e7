"""Column types other than text and numbers.

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
    """Parse a stored value; an invalid one means damage.

    SQLite keeps no checksums, so a damaged page may still be valid text.
    """
    try:
        return parse(value)
    except ValueError as error:
        raise DatabaseError(f"malformed value: {error}") from error


class TimestampField(TextField):
    """A UTC time with milliseconds; the text sorts in order of time."""

    def db_value(self, value: datetime | str | None) -> str | None:
        """Return ISO 8601 with `Z`."""
        if isinstance(value, datetime):
            return timestamps.to_text(value)
        return value

    def python_value(self, value: str | None) -> datetime | None:
        """Return an aware datetime."""
        return _parse(datetime.fromisoformat, value) if value else None


class DayField(TextField):
    """A calendar day."""

    def db_value(self, value: date | str | None) -> str | None:
        """Return ISO 8601."""
        return value.isoformat() if isinstance(value, date) else value

    def python_value(self, value: str | None) -> date | None:
        """Return a date."""
        return _parse(date.fromisoformat, value) if value else None


class TextListField(TextField):
    """A list of texts as JSON."""

    def db_value(self, value: Sequence[str]) -> str:
        """Return compact JSON that is readable in the file."""
        return json.dumps(list(value), ensure_ascii=False)

    def python_value(self, value: str) -> tuple[str, ...]:
        """Return a tuple."""
        return tuple(_parse(json.loads, value)) if value != "[]" else ()


class JsonObjectField(TextField):
    """A JSON object."""

    def db_value(self, value: dict[str, Any]) -> str:
        """Return compact JSON."""
        return json.dumps(value, ensure_ascii=False)

    def python_value(self, value: str) -> dict[str, Any]:
        """Return a dict."""
        parsed: dict[str, Any] = _parse(json.loads, value)
        return parsed
