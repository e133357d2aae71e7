"""Going through a digest day: papers dismissed or done, and the numbers that the list page showed of those here."""

from collections.abc import Sequence
from datetime import date

from paperclipper.identifiers import fold_title
from paperclipper.model import DayDecision, Decision, Identifier, PageKind, PaperFacts, Sighting, Source
from paperclipper.services.papers import fact_merge, lookup
from paperclipper.services.transactions import change
from paperclipper.store.database import timestamps
from paperclipper.store.days import day_decisions, sightings
from paperclipper.store.papers import papers


def decide(library_id: str, day: date, facts: PaperFacts, decision: Decision | None) -> str:
    """Remember the decision on a paper that day, or with None withdraw it; the paper's id.

    A paper that is not here yet is kept with its title and identifiers alone, and is not the reader's.
    """
    with change():
        paper_id = _paper_id(library_id, facts)
        present = day_decisions.get(paper_id, day)
        if present is not decision:
            day_decisions.put(library_id, paper_id, day, decision, timestamps.now())
            if Decision.SKIPPED in (present, decision):
                papers.touch_index(library_id, paper_id)  # is:dismissed
        return paper_id


def _paper_id(library_id: str, facts: PaperFacts) -> str:
    same = lookup.same_papers(library_id, facts)
    if same:
        return same[0]
    bare = PaperFacts(title=facts.title, identifiers=facts.identifiers)
    sources = fact_merge.sources_of(bare, Source.CARD)
    return papers.add(library_id, bare, fold_title(bare.title), sources, clipped_at=None)


def of_day(library_id: str, day: date) -> list[DayDecision]:
    """All decisions of one day."""
    return day_decisions.of_day(library_id, day)


def sightings_of(library_id: str, ref: str) -> list[Sighting]:
    """The numbers that list pages showed of a paper, oldest day first. Raises NotFoundError."""
    return sightings.of_paper(lookup.paper_id(library_id, ref))


def sight(
    library_id: str, page_kind: PageKind, day: date, seen: Sequence[tuple[Identifier, int | None, int | None]]
) -> int:
    """Keep (identifier, upvotes, comments) of the papers that are here; how many those were."""
    known = papers.find_each(library_id, [identifier for identifier, _, _ in seen])
    at = timestamps.now()
    kept = [
        Sighting(known[identifier], page_kind, day, at, upvotes, comments)
        for identifier, upvotes, comments in seen
        if identifier in known
    ]
    with change():
        sightings.put(kept)
    return len(kept)
