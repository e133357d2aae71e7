"""Sightings: upvotes and comments shown on list pages for papers in the library."""

from collections.abc import Sequence
from datetime import date

from paperclipper.model import Identifier, PageKind, Sighting
from paperclipper.services.papers import lookup
from paperclipper.services.transactions import change
from paperclipper.store.database import timestamps
from paperclipper.store.days import sightings as stored_sightings
from paperclipper.store.papers import identifiers


def of_paper(library_id: str, ref: str) -> list[Sighting]:
    """Return the sightings of a paper, oldest day first. Raise NotFoundError if the paper does not exist."""
    return stored_sightings.of_paper(lookup.paper_id(library_id, ref))


def record(
    library_id: str, page_kind: PageKind, day: date, seen: Sequence[tuple[Identifier, int | None, int | None]]
) -> int:
    """Store (identifier, upvotes, comments) for papers in the library. Return the number stored."""
    known = identifiers.find_each(library_id, [identifier for identifier, _, _ in seen])
    at = timestamps.now()
    stored = [
        Sighting(known[identifier], page_kind, day, at, upvotes, comments)
        for identifier, upvotes, comments in seen
        if identifier in known
    ]
    with change():
        stored_sightings.put(stored)
    return len(stored)
