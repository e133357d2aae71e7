"""Changing the ticked papers of the list, or all that it found: one action, sent as often as one likes."""

from uuid import uuid4

import pytest

from paperclipper.services.actions import undoing
from paperclipper.services.papers import lookup
from paperclipper.services.tags import tagging
from paperclipper.services.trash import trashing
from web.pages.reading import HOSTILE, Form, Inline, clip, follow, post, text


@pytest.fixture
def papers(store):
    return [clip(store, f"Otters that count, part {number}") for number in range(3)]


@pytest.fixture
def form(reader, papers):
    """The bar's fields, nothing ticked."""
    return Form(text(reader.get("/")), "/bulk").fields


def of(store, papers):
    """(status, starred, tags, in the trash) of each."""
    found = [lookup.paper(store, paper_id) for paper_id in papers]
    return [(p.status.value, p.starred, [t.name for t in p.tags], p.deleted_at is not None) for p in found]


def test_each_row_has_a_tick_that_belongs_to_the_bar(reader, papers):
    page = text(reader.get("/"))
    for paper_id in papers:
        assert f'<input type="checkbox" name="paper" value="{paper_id}" form="bulk"' in page
    assert page.count('id="bulk"') == 1
    assert 'id="bulk"' in text(reader.get("/?part=results&q=otters"))


@pytest.mark.parametrize(
    ("asked", "done"),
    [
        ({"do": "tag", "tag": "rivers, sea/deep"}, ("unread", False, ["rivers", "sea/deep"], False)),
        ({"do": "reading"}, ("reading", False, [], False)),
        ({"do": "star"}, ("unread", True, [], False)),
        ({"do": "trash"}, ("unread", False, [], True)),
    ],
)
def test_the_ticked_papers_are_changed_and_the_others_are_not(reader, store, papers, form, asked, done):
    page = follow(reader, post(reader, "/bulk", **form | asked | {"paper": papers[:2]}))
    untouched = ("unread", False, [], False)
    assert of(store, papers) == [done, done, untouched]
    assert "2 papers:" in page
    (action,) = undoing.newest(store, 9)
    undone = follow(reader, post(reader, f"/actions/{action.id}/undo", **Form(page, "/undo").fields))
    assert "Undone." in undone
    assert of(store, papers) == [untouched] * 3


def test_a_tag_is_taken_off(reader, store, papers, form):
    for paper_id in papers:
        tagging.add(store, paper_id, "rivers")
    post(reader, "/bulk", **form | {"do": "untag", "tag": "Rivers", "paper": papers[0]})
    assert [len(tags) for _, _, tags, _ in of(store, papers)] == [0, 1, 1]


def test_all_that_was_found_reaches_over_pages_as_the_list_counts_them(reader, store):
    otters = [clip(store, f"Otters, part {number:02}") for number in range(21)]
    badgers = clip(store, "Badgers at night")
    page = text(reader.get("/?q=ott"))
    assert "All 21 found" in page
    answer = post(reader, "/bulk", **Form(page, "/bulk").fields | {"do": "star", "all": "1"})
    assert answer.location.startswith("/?q=ott&done=")
    assert {starred for _, starred, _, _ in of(store, otters)} == {True}
    assert of(store, [badgers])[0][1] is False
    page = text(reader.get("/"))
    post(reader, "/bulk", **Form(page, "/bulk").fields | {"do": "read", "all": "1"})
    assert {status for status, *_ in of(store, [*otters, badgers])} == {"read"}


def test_where_all_found_stand_on_the_page_or_only_some_words_fit_all_is_not_offered(reader, store, papers):
    assert "found</label>" not in text(reader.get("/?q=otters"))
    for number in range(20):
        clip(store, f"Otters, part {number:02}")
    assert "found</label>" not in text(reader.get("/?q=otters+zeppelin"))


def test_a_form_sent_twice_acts_once_and_the_same_page_may_do_something_else(reader, store, papers, form):
    sent = form | {"do": "tag", "tag": "rivers", "paper": papers}
    first, second = post(reader, "/bulk", **sent), post(reader, "/bulk", **sent)
    assert first.location == second.location
    post(reader, "/bulk", **sent | {"do": "star"})
    assert len(undoing.newest(store, 9)) == 2
    assert of(store, papers) == [("unread", True, ["rivers"], False)] * 3


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"do": "star"}, 422),
        ({"do": "tag", "paper": "PAPER", "tag": " , "}, 422),
        ({"do": "fly", "paper": "PAPER"}, 422),
        ({"do": "star", "paper": "PAPER", "action": "x"}, 422),
        ({"do": "star", "paper": str(uuid4())}, 404),
    ],
)
def test_what_cannot_be_is_refused(reader, store, papers, form, changes, status):
    sent = form | {name: value.replace("PAPER", papers[0]) for name, value in changes.items()}
    assert post(reader, "/bulk", **sent).status_code == status
    assert undoing.newest(store, 9) == []


def test_the_way_back_keeps_the_search_and_stays_here(reader, papers):
    form = Form(text(reader.get("/?q=otters")), "/bulk").fields
    sent = form | {"do": "star", "paper": papers[0]}
    assert post(reader, "/bulk", **sent).location.startswith("/?q=otters&done=")
    assert post(reader, "/bulk", **sent | {"back": "//evil.example"}).location.startswith("/?done=")


def test_papers_in_the_trash_stay_there(reader, store, papers, form):
    trashing.trash(store, papers[0])
    post(reader, "/bulk", **form | {"do": "star", "paper": papers})
    assert [starred for _, starred, _, _ in of(store, papers)] == [False, True, True]


def test_hostile_words_stay_words(reader, store, papers, form):
    tagging.add(store, papers[0], HOSTILE[:90])
    answer = post(reader, "/bulk", **form | {"do": "tag", "tag": HOSTILE[:80], "paper": papers, "q": HOSTILE})
    assert Inline(follow(reader, answer)).found == []
    assert Inline(text(reader.get("/actions"))).found == []
