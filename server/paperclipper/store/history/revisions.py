"""Earlier versions of annotations and edited fields, kept until they are purged."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from peewee import fn

from paperclipper.model import Revision, Version
from paperclipper.store.access import libraries
from paperclipper.store.database.sqlite import batched
from paperclipper.store.database.tables import RevisionRow


def add(
    library_id: str,
    subject: str,
    subject_id: str,
    changed: int,
    content: Mapping[str, Any],
    saved_at: datetime,
) -> None:
    """Store the subject's content as of the version `changed`, which was saved at `saved_at`."""
    RevisionRow.insert(
        library=library_id,
        subject=subject,
        subject_id=subject_id,
        changed=changed,
        content=dict(content),
        saved_at=saved_at,
    ).execute()


def of_subject(library_id: str, subject_id: str) -> list[Revision]:
    """Return the earlier versions of the subject, newest first."""
    epoch = libraries.get(library_id).epoch
    matching = (RevisionRow.library == library_id) & (RevisionRow.subject_id == subject_id)
    query = RevisionRow.select().where(matching).order_by(RevisionRow.changed.desc(), RevisionRow.id.desc())
    return [Revision(Version(epoch, row.changed), row.content, row.saved_at) for row in query]


def counts(library_id: str, subject_ids: Sequence[str]) -> dict[str, int]:
    """Return the number of earlier versions by subject. Subjects without earlier versions are omitted."""
    found: dict[str, int] = {}
    for part in batched(subject_ids):
        matching = (RevisionRow.library == library_id) & RevisionRow.subject_id.in_(part)
        counted = RevisionRow.select(RevisionRow.subject_id, fn.COUNT(RevisionRow.id)).where(matching)
        found |= dict(counted.group_by(RevisionRow.subject_id).tuples())
    return found


def purge(subject_ids: Sequence[str]) -> None:
    """Delete the earlier versions of these subjects."""
    RevisionRow.delete().where(RevisionRow.subject_id.in_(list(subject_ids))).execute()
