"""Recent failed authentication attempts, counted in the database because workers share no other state."""

from datetime import datetime

from paperclipper.store.database import timestamps
from paperclipper.store.database.tables import AttemptRow


def count_since(kind: str, at: datetime) -> int:
    """Return the number of attempts of this kind made after the given time."""
    return int(AttemptRow.select().where((AttemptRow.kind == kind) & (AttemptRow.at > at)).count())


def add(kind: str, delete_before: datetime) -> None:
    """Record an attempt, and delete attempts made before `delete_before`."""
    AttemptRow.delete().where(AttemptRow.at < delete_before).execute()
    AttemptRow.insert(kind=kind, at=timestamps.now()).execute()
