"""Times as the store keeps them: UTC, to the millisecond, as text that sorts as the times do."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present."""
    present = datetime.now(UTC)
    return present.replace(microsecond=present.microsecond // 1000 * 1000)


def to_text(at: datetime) -> str:
    """ISO 8601 with `Z`."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
