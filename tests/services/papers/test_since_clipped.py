from datetime import date, timedelta

import pytest

from builders import CLIPPED_AT, a_clip, arxiv
from paperclipper.errors import NotFoundError
from paperclipper.model import PageKind, Sighting, Source, SourcePage
from paperclipper.services.days import sightings
from paperclipper.services.papers import clipping, lookup, since_clipped
from paperclipper.store.days import sightings as stored_sightings

NAME = "arxiv:2603.01234"
LATER = CLIPPED_AT + timedelta(days=9)


def seen(store, upvotes, comments=None, day=date(2026, 3, 18), at=LATER):
    paper_id = lookup.paper_id(store, NAME)
    stored_sightings.put([Sighting(paper_id, PageKind.DIGEST, day, at, upvotes, comments)])


def page(kind=PageKind.DIGEST, **numbers):
    return SourcePage(kind, "https://huggingface.co/papers", **numbers)


def test_nothing_has_changed_before_the_paper_is_seen_again(store):
    clipping.save(store, a_clip())
    assert since_clipped.of(store, NAME) == since_clipped.SinceClipped()


def test_the_first_clip_is_compared_with_the_last_number_seen(store):
    clipping.save(store, a_clip(page=page(upvotes=12, comments=3)))
    clipping.save(store, a_clip(page=page(upvotes=50), clipped_at=CLIPPED_AT + timedelta(days=1)))
    seen(store, 155)
    seen(store, 40, day=date(2026, 3, 10), at=CLIPPED_AT + timedelta(hours=1))
    found = since_clipped.of(store, NAME)
    assert (found.upvotes.then, found.upvotes.now) == (12, 155)
    assert (found.upvotes.then_at, found.upvotes.now_at) == (CLIPPED_AT, LATER)
    assert found.comments is None


def test_a_clip_without_numbers_is_ignored(store):
    clipping.save(store, a_clip(page=page(PageKind.ARXIV)))
    seen(store, 155)
    assert since_clipped.of(store, NAME).upvotes is None


def test_list_pages_update_the_numbers(store):
    clipping.save(store, a_clip(page=page(upvotes=12), clipped_at=CLIPPED_AT))
    sightings.record(store, PageKind.DIGEST, date(2026, 3, 18), [(arxiv("2603.01234"), 13, None)])
    assert since_clipped.of(store, NAME).upvotes.now == 13


@pytest.mark.parametrize(
    ("source", "kind", "is_new"),
    [
        (Source.DATA, PageKind.DIGEST, True),
        (Source.DATA, PageKind.PAPER, True),
        (Source.CARD, PageKind.DIGEST, False),
        (Source.DATA, PageKind.ARXIV, False),
        (Source.TEXT, PageKind.IMPORT, False),
    ],
)
def test_code_is_new_only_if_an_earlier_page_would_have_shown_it(store, source, kind, is_new):
    clipping.save(store, a_clip(source=source, page=page(kind)))
    clipping.save(store, a_clip(code_url="https://boats.example/code", clipped_at=LATER))
    assert since_clipped.of(store, NAME).code_seen_at == (LATER if is_new else None)


def test_a_newer_eprint_is_reported_with_the_version_read(store):
    clipping.save(store, a_clip(arxiv_version=1))
    clipping.save(store, a_clip(arxiv_version=3, clipped_at=LATER))
    found = since_clipped.of(store, NAME)
    assert (found.read_arxiv_version, found.newest_arxiv_version) == (1, 3)


def test_an_unknown_paper_has_no_comparison(store):
    with pytest.raises(NotFoundError):
        since_clipped.of(store, NAME)
