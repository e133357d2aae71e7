"""Decisions on the papers of a digest day: skipped or done."""

from datetime import date

from paperclipper.identifiers import fold_title
from paperclipper.model import DayDecision, Decision, PaperFacts, Source
from paperclipper.services.papers import fact_merge, lookup
from paperclipper.services.transactions import change
from paperclipper.store.database import timestamps
from paperclipper.store.days import day_decisions
from paperclipper.store.papers import papers


def decide(library_id: str, day: date, facts: PaperFacts, decision: Decision | None) -> str:
    """Store the decision on a paper for the given day; None withdraws it. Return the paper's id.

    A paper that was never clipped is stored with only its title and identifiers, and does not count as part
    of the reader's collection.
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
    same = lookup.matching_papers(library_id, facts)
    if same:
        return same[0]
    bare = PaperFacts(title=facts.title, identifiers=facts.identifiers)
    sources = fact_merge.sources_of(bare, Source.CARD)
    return papers.add(library_id, bare, fold_title(bare.title), sources, clipped_at=None)


def of_day(library_id: str, day: date) -> list[DayDecision]:
    """Return all decisions of one day."""
    return day_decisions.of_day(library_id, day)
