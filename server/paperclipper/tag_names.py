"""The names of tags: how they are shown, and when two are the same. Pure."""

import unicodedata

from paperclipper.errors import InvalidInputError

MAX_TAG = 100


def tidy(name: str) -> str:
    """A tag's name as it is shown: one `#` less, single spaces, no empty part. Raises InvalidInputError."""
    parts = [" ".join(part.split()) for part in name.strip().removeprefix("#").split("/")]
    tidied = "/".join(part for part in parts if part)
    if (
        not tidied
        or len(tidied) > MAX_TAG
        or "," in tidied
        or any(unicodedata.category(c) == "Cc" for c in tidied)
    ):
        raise InvalidInputError(f"A tag is 1 to {MAX_TAG} characters, without commas.", "/tag")
    return tidied


def fold(name: str) -> str:
    """The form under which two tags are one (Unicode NFKC, case folded)."""
    return unicodedata.normalize("NFKC", name).casefold()
