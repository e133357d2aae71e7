"""The trash: where papers and annotations wait 30 days, with all they had. What leaves it for good does purging.py."""

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
    """Into the trash, with all it has; there already is no error."""
    with change():
        paper = lookup.paper(library_id, ref)
        if paper.deleted_at is None:
            papers.update(library_id, paper.id, deleted_at=timestamps.now())
        return papers.get(library_id, paper.id)


def restore(library_id: str, ref: str) -> Paper:
    """Out of the trash, with all it had; not there is no error."""
    with change():
        paper = lookup.paper(library_id, ref)
        if paper.deleted_at is not None:
            papers.update(library_id, paper.id, deleted_at=None)
        return papers.get(library_id, paper.id)


def trashed(library_id: str, limit: int, offset: int) -> list[Paper]:
    """Papers in the trash, last deleted first."""
    return papers.trash(library_id, limit, offset)


def trashed_annotations(library_id: str, limit: int) -> list[Annotation]:
    """Annotations that were deleted by themselves, last deleted first; those of a paper in the trash wait with it."""
    return annotations.trash(library_id, libraries.get(library_id).epoch, limit)
