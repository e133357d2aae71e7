"""Wrong tokens and passwords of late: counted in the database, since workers share nothing else."""

from datetime import datetime

from paperclipper.store.database import timestamps
from paperclipper.store.database.tables import AttemptRow


def count_since(kind: str, at: datetime) -> int:
    """How many of a kind there were since."""
    return int(AttemptRow.select().where((AttemptRow.kind == kind) & (AttemptRow.at > at)).count())


def add(kind: str, delete_before: datetime) -> None:
    """One more; those of before are forgotten."""
    AttemptRow.delete().where(AttemptRow.at < delete_before).execute()
    AttemptRow.insert(kind=kind, at=timestamps.now()).execute()
