"""The names of tags: how they are shown, and when two are the same. Pure."""

import unicodedata

from paperclipper.errors import InvalidInputError

MAX_TAG_LENGTH = 100


def parse(text: str) -> str:
    """A tag's name as it is shown: one `#` less, single spaces, no empty part. Raises InvalidInputError."""
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
    """The form under which two tags are one (Unicode NFKC, case folded)."""
    return unicodedata.normalize("NFKC", name).casefold()
