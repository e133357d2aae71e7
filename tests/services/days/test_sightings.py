from datetime import date

from builders import a_clip, arxiv
from paperclipper.model import PageKind
from paperclipper.services.days import sightings
from paperclipper.services.papers import clipping
from paperclipper.store.access import libraries
from paperclipper.store.days import sightings as stored_sightings

DAY, NEXT_DAY = date(2026, 3, 9), date(2026, 3, 10)


def test_sightings_are_stored_for_papers_in_the_library(store):
    paper_id = clipping.save(store, a_clip()).paper_id
    before = libraries.get(store).clock
    seen = [(arxiv("2603.01234"), 40, 2), (arxiv("2603.09999"), 7, 0)]
    assert sightings.record(store, PageKind.DIGEST, DAY, seen) == 1
    assert sightings.record(store, PageKind.DIGEST, DAY, [(arxiv("2603.01234"), 41, None)]) == 1
    assert sightings.record(store, PageKind.DIGEST, NEXT_DAY, [(arxiv("2603.01234"), 50, 3)]) == 1
    found = [(s.day, s.upvotes, s.comments) for s in stored_sightings.of_paper(paper_id)]
    assert [row[0] for row in found] == [DAY, NEXT_DAY]
    assert found[1] == (NEXT_DAY, 50, 3)
    assert libraries.get(store).clock == before
