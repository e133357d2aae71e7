"""The storage format of times: UTC with millisecond precision, as text that sorts chronologically."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return the current time, truncated to milliseconds."""
    present = datetime.now(UTC)
    return present.replace(microsecond=present.microsecond // 1000 * 1000)


def to_text(at: datetime) -> str:
    """Return the time in ISO 8601 format with a `Z` suffix."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
