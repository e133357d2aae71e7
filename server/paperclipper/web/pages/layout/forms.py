"""What a form says, read or refused: for pages what web/api/fields.py is for the API."""

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
    """A field's text; a browser sends each line's end as CR LF (HTML standard, form submission)."""
    return request.form.get(name, "").replace("\r\n", "\n").strip()


def note() -> str:
    """The field `body` of a note or comment. Raises InvalidInputError for what is no text, or too long."""
    body = text("body")
    if len(body) > MAX_NOTE:
        raise InvalidInputError(f"This note is too long: {MAX_NOTE:,} characters are the most.", "/body")
    if any(unicodedata.category(character) == "Cc" and character not in "\n\t" for character in body):
        raise InvalidInputError("This note holds control characters, which are not text.", "/body")
    return body


def uuid(name: str = "id") -> UUID:
    """The id that was made with the page, so that a form sent twice acts once."""
    try:
        return UUID(request.form.get(name, ""))
    except ValueError as error:
        raise InvalidInputError("This form has no id. Load the page again.", f"/{name}") from error


def colour() -> Colour | None:
    """The field `colour`; None where the form has none, or `none`."""
    named = request.form.get("colour", "none")
    return None if named == "none" else choice(Colour, "colour", f"A colour is one of: {', '.join(Colour)}.")


def choice(kind: Callable[[str], Value], name: str, message: str) -> Value:
    """A field's value as one of a kind. Raises InvalidInputError with the refusal where it is none."""
    try:
        return kind(request.form.get(name, ""))
    except ValueError as error:
        raise InvalidInputError(message, f"/{name}") from error
