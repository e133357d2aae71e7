"""Earlier versions of annotations, and of facts that the reader edited."""

from paperclipper.errors import NotFoundError
from paperclipper.model import Revision
from paperclipper.store.history import revisions


def get(library_id: str, subject_id: str, version: str) -> Revision:
    """Return this version of a paper's facts or an annotation. Raise NotFoundError if there is none."""
    for revision in revisions.of_subject(library_id, subject_id):
        if str(revision.version) == version:
            return revision
    raise NotFoundError("version", version)
