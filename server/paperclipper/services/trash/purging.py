"""Permanent deletion. A purge is complete when the texts are removed from all of the library's files.

One transaction clears the rows. The indexing process then cleans the index and the write-ahead log, so that
requests do not wait for it. Earlier backups still contain the texts. They are listed, and deleted only at
the reader's request.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

from paperclipper.errors import ConflictError
from paperclipper.model import Backup, Purge
from paperclipper.services.annotations import annotations as annotation_service
from paperclipper.services.papers import lookup
from paperclipper.services.search import indexing
from paperclipper.services.transactions import change
from paperclipper.services.trash import trashing
from paperclipper.store import backups, purges
from paperclipper.store.access import libraries
from paperclipper.store.database import database, timestamps


@dataclass(frozen=True)
class PurgeState:
    """A purge, whether it is complete, and the backups that still contain the purged texts."""

    purge: Purge
    backups: tuple[Backup, ...]

    @property
    def is_done(self) -> bool:
        """Whether the database, its log and the index no longer contain the deleted texts."""
        return self.purge.clean_at is not None


def purge(
    library_id: str,
    purge_id: str,
    papers: Sequence[str] = (),
    annotations: Sequence[str] = (),
    *,
    everything: bool = False,
) -> PurgeState:
    """Permanently delete these papers and annotations, or `everything` in the trash.

    The operation is idempotent. Raise ConflictError if a paper or annotation is not in the trash, and
    NotFoundError if it does not exist.
    """
    if purges.find(library_id, purge_id) is None:
        with change():
            paper_ids = [_trashed_paper(library_id, ref) for ref in papers]
            annotation_ids = [_trashed_annotation(library_id, each) for each in annotations]
            if everything:
                paper_ids, annotation_ids = everything_in_trash(library_id)
            _purge(library_id, purge_id, paper_ids, annotation_ids)
    return state(library_id, purge_id)


def everything_in_trash(library_id: str) -> tuple[list[str], list[str]]:
    """Return the ids of the papers and annotations that purging `everything` would delete."""
    return purges.papers_to_purge(library_id), purges.annotations_to_purge(library_id)


def _trashed_paper(library_id: str, ref: str) -> str:
    paper = lookup.paper(library_id, ref)
    if paper.deleted_at is None:
        raise ConflictError(f"“{paper.facts.title}” is not in the trash. Move it there first.")
    return paper.id


def _trashed_annotation(library_id: str, annotation_id: str) -> str:
    if annotation_service.get(library_id, annotation_id).deleted_at is None:
        raise ConflictError("This note is not in the trash. Move it there first.")
    return annotation_id


def _purge(library_id: str, purge_id: str, paper_ids: Sequence[str], annotation_ids: Sequence[str]) -> None:
    purges.purge_annotations(library_id, annotation_ids)
    gone = purges.purge_papers(library_id, paper_ids)
    purges.add(library_id, Purge(purge_id, timestamps.now(), tuple(gone), tuple(annotation_ids)))


def purge_old(library_id: str) -> int:
    """Purge what has been in the trash for longer than RETENTION. Return how many rows were purged."""
    before = timestamps.now() - trashing.RETENTION
    with change():
        paper_ids = purges.papers_to_purge(library_id, before)
        annotation_ids = purges.annotations_to_purge(library_id, before)
        if paper_ids or annotation_ids:
            _purge(library_id, str(uuid4()), paper_ids, annotation_ids)
    return len(paper_ids) + len(annotation_ids)


def state(library_id: str, purge_id: str) -> PurgeState:
    """Return the state of a purge. Raise NotFoundError if the purge does not exist."""
    found = purges.get(library_id, purge_id)
    affected = [b for b in backups.available() if backups.contains(b, found.paper_ids, found.annotation_ids)]
    return PurgeState(found, tuple(affected))


def clean_files() -> bool:
    """Remove purged texts from the files of all libraries. Return whether all purges are complete.

    This may take a long time, so do not call it in a request. Raise IndexUnavailableError or StoreError on
    failure.
    """
    waiting = {library.id: purges.pending(library.id) for library in libraries.list_all()}
    for library_id, found in waiting.items():
        if found and not indexing.scrub(library_id):
            return False
    if any(waiting.values()) and not database.checkpoint():
        return False
    purges.mark_clean([each.id for found in waiting.values() for each in found])
    return True
