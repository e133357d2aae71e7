"""The version that an edit began from."""

from paperclipper.errors import PreconditionRequiredError, StaleVersionError
from paperclipper.model import Version


def check_base(base: str | None, present: Version, current: object) -> None:
    """Let an edit through only if it began from the present version (RFC 9110 13.1.1, RFC 6585 3)."""
    if base is None:
        raise PreconditionRequiredError("Say which version you edit: send its ETag in If-Match.")
    if base != str(present):
        raise StaleVersionError("This changed since you read it. The answer holds it as it is now.", current)
