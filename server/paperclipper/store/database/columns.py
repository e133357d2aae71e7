"""Kinds of columns beyond text and numbers.

The tables are STRICT (https://www.sqlite.org/stricttables.html): times and days are ISO 8601 text, lists and maps JSON.
"""

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from peewee import DatabaseError, TextField

from paperclipper.store.database import timestamps

T = TypeVar("T")


def _parse(parse: Callable[[str], T], value: str) -> T:
    """What nothing of ours wrote is damage: SQLite keeps no checksums, so a page that went bad may still be a text."""
    try:
        return parse(value)
    except ValueError as error:
        raise DatabaseError(f"malformed value: {error}") from error


class TimestampField(TextField):
    """A UTC time to the millisecond; the text sorts as the time does."""

    def db_value(self, value: datetime | str | None) -> str | None:
        """ISO 8601 with `Z`."""
        if isinstance(value, datetime):
            return timestamps.to_text(value)
        return value

    def python_value(self, value: str | None) -> datetime | None:
        """An aware datetime."""
        return _parse(datetime.fromisoformat, value) if value else None


class DayField(TextField):
    """A calendar day."""

    def db_value(self, value: date | str | None) -> str | None:
        """ISO 8601."""
        return value.isoformat() if isinstance(value, date) else value

    def python_value(self, value: str | None) -> date | None:
        """A date."""
        return _parse(date.fromisoformat, value) if value else None


class TextListField(TextField):
    """A list of texts, kept in order, as JSON."""

    def db_value(self, value: Sequence[str]) -> str:
        """Compact JSON, readable in the file."""
        return json.dumps(list(value), ensure_ascii=False)

    def python_value(self, value: str) -> tuple[str, ...]:
        """A tuple."""
        return tuple(_parse(json.loads, value)) if value != "[]" else ()


class JsonObjectField(TextField):
    """A flat JSON object."""

    def db_value(self, value: dict[str, Any]) -> str:
        """Compact JSON."""
        return json.dumps(value, ensure_ascii=False)

    def python_value(self, value: str) -> dict[str, Any]:
        """A dict."""
        parsed: dict[str, Any] = _parse(json.loads, value)
        return parsed
