"""The trash, which keeps papers and annotations for 30 days. See purging.py for permanent deletion."""

from datetime import timedelta

from paperclipper.model import Annotation, Paper
from paperclipper.services.papers import lookup
from paperclipper.services.transactions import change
from paperclipper.store.access import libraries
from paperclipper.store.annotations import annotations
from paperclipper.store.database import timestamps
from paperclipper.store.papers import papers

RETENTION = timedelta(days=30)


def trash(library_id: str, ref: str) -> Paper:
    """Move the paper to the trash. Do nothing if it is already there."""
    with change():
        paper = lookup.paper(library_id, ref)
        if paper.deleted_at is None:
            papers.update(library_id, paper.id, deleted_at=timestamps.now())
        return papers.get(library_id, paper.id)


def restore(library_id: str, ref: str) -> Paper:
    """Restore the paper from the trash. Do nothing if it is not in the trash."""
    with change():
        paper = lookup.paper(library_id, ref)
        if paper.deleted_at is not None:
            papers.update(library_id, paper.id, deleted_at=None)
        return papers.get(library_id, paper.id)


def trashed(library_id: str, limit: int, offset: int) -> list[Paper]:
    """Return the papers in the trash, most recently deleted first."""
    return papers.trash(library_id, limit, offset)


def trashed_annotations(library_id: str, limit: int) -> list[Annotation]:
    """Return the trashed annotations, most recently deleted first.

    Annotations trashed only as part of their paper are omitted.
    """
    return annotations.trash(library_id, libraries.get(library_id).epoch, limit)
