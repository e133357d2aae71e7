"""Editing a paper: status, star, rating; into the trash and back. Every edit is safe to repeat."""

from dataclasses import dataclass
from typing import Any

from paperclipper.errors import PreconditionRequiredError, StaleVersionError
from paperclipper.model import Paper, Status, Version
from paperclipper.services import finding
from paperclipper.services.transactions import change
from paperclipper.store import papers


@dataclass(frozen=True)
class PaperEdit:
    """What the reader says anew. `fields` names those that are meant: a rating may be taken away."""

    fields: frozenset[str]
    status: Status = Status.UNREAD
    starred: bool = False
    rating: int | None = None

    def columns(self) -> dict[str, Any]:
        """The values of the fields that are meant."""
        return {name: getattr(self, name) for name in sorted(self.fields)}


def edit(library_id: str, ref: str, edit_: PaperEdit, base: str | None) -> Paper:
    """Apply an edit that began from version `base`, or find it applied already.

    Raises PreconditionRequiredError without a base, StaleVersionError (with the paper as it is) for another one.
    """
    with change():
        paper = finding.paper(library_id, ref)
        wanted = edit_.columns()
        if all(getattr(paper, name) == value for name, value in wanted.items()):
            return paper
        check_base(base, paper.version, paper)
        papers.update(library_id, paper.id, **wanted)
        return papers.get(library_id, paper.id)


def check_base(base: str | None, present: Version, current: object) -> None:
    """Let an edit through only if it began from the present version (RFC 9110 13.1.1, RFC 6585 3)."""
    if base is None:
        raise PreconditionRequiredError("Say which version you edit: send its ETag in If-Match.")
    if base != str(present):
        raise StaleVersionError("This changed since you read it. The answer holds it as it is now.", current)


def trash(library_id: str, ref: str) -> Paper:
    """Into the trash, with all it has; there already is no error."""
    with change():
        paper = finding.paper(library_id, ref)
        if paper.deleted_at is None:
            papers.update(library_id, paper.id, deleted_at=papers.now())
        return papers.get(library_id, paper.id)


def restore(library_id: str, ref: str) -> Paper:
    """Out of the trash, with all it had; not there is no error."""
    with change():
        paper = finding.paper(library_id, ref)
        if paper.deleted_at is not None:
            papers.update(library_id, paper.id, deleted_at=None)
        return papers.get(library_id, paper.id)


def trashed(library_id: str, limit: int, offset: int) -> list[Paper]:
    """Papers in the trash, last deleted first."""
    return papers.trash(library_id, limit, offset)
