"""Earlier versions of annotations and of facts edited by the reader."""

from paperclipper.errors import NotFoundError
from paperclipper.model import Revision
from paperclipper.store.history import revisions


def get(library_id: str, subject_id: str, version: str) -> Revision:
    """Return an earlier version of an annotation or a paper's facts. Raise NotFoundError if not found."""
    for revision in revisions.of_subject(library_id, subject_id):
        if str(revision.version) == version:
            return revision
    raise NotFoundError("version", version)
