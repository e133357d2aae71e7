"""Optimistic concurrency control: checking the version an edit is based on."""

from paperclipper.errors import PreconditionRequiredError, StaleVersionError
from paperclipper.model import Version


def check_base(base: str | None, present: Version, current: object) -> None:
    """Check that an edit is based on the current version (RFC 9110 13.1.1, RFC 6585 3).

    Raise PreconditionRequiredError if `base` is missing, or StaleVersionError (with `current`) if it is
    outdated.
    """
    if base is None:
        raise PreconditionRequiredError("Send the version's ETag in the If-Match header.")
    if base != str(present):
        raise StaleVersionError(
            "This was changed since you loaded it. The current version is in the response.", current
        )
