"""Reading and validating form fields, as web/http/fields.py does for the API."""

import unicodedata
from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from flask import request

from paperclipper.errors import InvalidInputError
from paperclipper.formats.text.notes import MAX_NOTE
from paperclipper.model import Colour

Value = TypeVar("Value")


def text(name: str) -> str:
    """Return a field's text with LF line breaks. Browsers send CR LF (HTML standard, form submission)."""
    return request.form.get(name, "").replace("\r\n", "\n").strip()


def note() -> str:
    """Return the `body` field. Raise InvalidInputError if it is too long or has control characters."""
    body = text("body")
    if len(body) > MAX_NOTE:
        raise InvalidInputError(f"This note is too long: the limit is {MAX_NOTE:,} characters.", "/body")
    if any(unicodedata.category(character) == "Cc" and character not in "\n\t" for character in body):
        raise InvalidInputError("This note contains control characters. Remove them.", "/body")
    return body


def uuid(name: str = "id") -> UUID:
    """Return the id generated with the page, which makes the form safe to resubmit."""
    try:
        return UUID(request.form.get(name, ""))
    except ValueError as error:
        raise InvalidInputError("This form has no id. Reload the page.", f"/{name}") from error


def colour() -> Colour | None:
    """Return the `colour` field, or None if it is missing or `none`."""
    named = request.form.get("colour", "none")
    return None if named == "none" else choice(Colour, "colour", f"A colour is one of: {', '.join(Colour)}.")


def choice(kind: Callable[[str], Value], name: str, message: str) -> Value:
    """Return a field's value converted to `kind`. Raise InvalidInputError(message) if that fails."""
    try:
        return kind(request.form.get(name, ""))
    except ValueError as error:
        raise InvalidInputError(message, f"/{name}") from error
