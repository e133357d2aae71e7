"""Sightings: the numbers that a list page showed of papers that are here."""

from collections.abc import Sequence
from datetime import date

from paperclipper.model import Identifier, PageKind, Sighting
from paperclipper.services.papers import lookup
from paperclipper.services.transactions import change
from paperclipper.store.database import timestamps
from paperclipper.store.days import sightings as stored_sightings
from paperclipper.store.papers import identifiers


def of_paper(library_id: str, ref: str) -> list[Sighting]:
    """The numbers that list pages showed of a paper, oldest day first. Raises NotFoundError."""
    return stored_sightings.of_paper(lookup.paper_id(library_id, ref))


def record(
    library_id: str, page_kind: PageKind, day: date, seen: Sequence[tuple[Identifier, int | None, int | None]]
) -> int:
    """Keep (identifier, upvotes, comments) of the papers that are here; how many those were."""
    known = identifiers.find_each(library_id, [identifier for identifier, _, _ in seen])
    at = timestamps.now()
    seen_here = [
        Sighting(known[identifier], page_kind, day, at, upvotes, comments)
        for identifier, upvotes, comments in seen
        if identifier in known
    ]
    with change():
        stored_sightings.put(seen_here)
    return len(seen_here)
