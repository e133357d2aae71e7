"""The trash, where papers and annotations are kept for 30 days. See purging.py for permanent deletion."""

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
    """Move the paper to the trash, unless it is there already."""
    with change():
        paper = lookup.paper(library_id, ref)
        if paper.deleted_at is None:
            papers.update(library_id, paper.id, deleted_at=timestamps.now())
        return papers.get(library_id, paper.id)


def restore(library_id: str, ref: str) -> Paper:
    """Restore the paper from the trash, if it is there."""
    with change():
        paper = lookup.paper(library_id, ref)
        if paper.deleted_at is not None:
            papers.update(library_id, paper.id, deleted_at=None)
        return papers.get(library_id, paper.id)


def trashed(library_id: str, limit: int, offset: int) -> list[Paper]:
    """Return the papers in the trash, last deleted first."""
    return papers.trash(library_id, limit, offset)


def trashed_annotations(library_id: str, limit: int) -> list[Annotation]:
    """Return the trashed annotations, last deleted first.

    Annotations that are in the trash only because their paper is are left out.
    """
    return annotations.trash(library_id, libraries.get(library_id).epoch, limit)
