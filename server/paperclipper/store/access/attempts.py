"""Recent wrong tokens and passwords, counted in the database because workers share nothing else."""

from datetime import datetime

from paperclipper.store.database import timestamps
from paperclipper.store.database.tables import AttemptRow


def count_since(kind: str, at: datetime) -> int:
    """Return how many attempts of this kind were made after a time."""
    return int(AttemptRow.select().where((AttemptRow.kind == kind) & (AttemptRow.at > at)).count())


def add(kind: str, delete_before: datetime) -> None:
    """Record an attempt, and delete those made before `delete_before`."""
    AttemptRow.delete().where(AttemptRow.at < delete_before).execute()
    AttemptRow.insert(kind=kind, at=timestamps.now()).execute()
