"""Times as they are stored: UTC, with milliseconds, as text that sorts in order of time."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return the current time, cut to milliseconds."""
    present = datetime.now(UTC)
    return present.replace(microsecond=present.microsecond // 1000 * 1000)


def to_text(at: datetime) -> str:
    """Return ISO 8601 with `Z`."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
