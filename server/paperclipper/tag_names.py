"""Parsing and comparing tag names. Pure."""

import unicodedata

from paperclipper.errors import InvalidInputError

MAX_TAG_LENGTH = 100


def parse(text: str) -> str:
    """Return the display form of a tag name, without a leading `#`, repeated spaces or empty parts.

    Raise InvalidInputError if the name is invalid.
    """
    parts = [" ".join(part.split()) for part in text.strip().removeprefix("#").split("/")]
    name = "/".join(part for part in parts if part)
    if (
        not name
        or len(name) > MAX_TAG_LENGTH
        or "," in name
        or any(unicodedata.category(c) == "Cc" for c in name)
    ):
        raise InvalidInputError(f"A tag is 1 to {MAX_TAG_LENGTH} characters, without commas.", "/tag")
    return name


def fold_case(name: str) -> str:
    """Return the name folded for comparison (Unicode NFKC, case-folded)."""
    return unicodedata.normalize("NFKC", name).casefold()
