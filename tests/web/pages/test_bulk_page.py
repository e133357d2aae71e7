"""Bulk editing of the selected papers, or of all that a search found."""

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
    """The fields of the bar, nothing selected."""
    return Form(text(reader.get("/")), "/bulk").fields


def states(store, papers):
    """Return (status, starred, tags, in the trash) of each paper."""
    found = [lookup.paper(store, paper_id) for paper_id in papers]
    return [(p.status.value, p.starred, [t.name for t in p.tags], p.deleted_at is not None) for p in found]


def test_each_row_has_a_checkbox_of_the_bar(reader, papers):
    page = text(reader.get("/"))
    for paper_id in papers:
        assert f'<input type="checkbox" name="paper" value="{paper_id}" form="bulk"' in page
    assert page.count('id="bulk"') == 1
    assert 'id="bulk"' in text(reader.get("/?part=results&q=otters"))


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        ({"do": "tag", "tag": "rivers, sea/deep"}, ("unread", False, ["rivers", "sea/deep"], False)),
        ({"do": "reading"}, ("reading", False, [], False)),
        ({"do": "star"}, ("unread", True, [], False)),
        ({"do": "trash"}, ("unread", False, [], True)),
    ],
)
def test_only_selected_papers_are_changed(reader, store, papers, form, edit, expected):
    page = follow(reader, post(reader, "/bulk", **form | edit | {"paper": papers[:2]}))
    untouched = ("unread", False, [], False)
    assert states(store, papers) == [expected, expected, untouched]
    assert "2 papers:" in page
    (action,) = undoing.newest(store, 9)
    undone = follow(reader, post(reader, f"/actions/{action.id}/undo", **Form(page, "/undo").fields))
    assert "Undone." in undone
    assert states(store, papers) == [untouched] * 3


def test_a_tag_is_removed(reader, store, papers, form):
    for paper_id in papers:
        tagging.add(store, paper_id, "rivers")
    post(reader, "/bulk", **form | {"do": "untag", "tag": "Rivers", "paper": papers[0]})
    assert [len(tags) for _, _, tags, _ in states(store, papers)] == [0, 1, 1]


def test_all_found_includes_the_other_pages(reader, store):
    otters = [clip(store, f"Otters, part {number:02}") for number in range(21)]
    badgers = clip(store, "Badgers at night")
    page = text(reader.get("/?q=ott"))
    assert "All 21 results" in page
    assert 'name="all"' in page
    answer = post(reader, "/bulk", **Form(page, "/bulk").fields | {"do": "star", "all": "1"})
    assert answer.location.startswith("/?q=ott&done=")
    assert {starred for _, starred, _, _ in states(store, otters)} == {True}
    assert states(store, [badgers])[0][1] is False
    page = text(reader.get("/"))
    post(reader, "/bulk", **Form(page, "/bulk").fields | {"do": "read", "all": "1"})
    assert {status for status, *_ in states(store, [*otters, badgers])} == {"read"}


def test_all_found_is_not_offered_on_a_single_page_or_for_partial_matches(reader, store, papers):
    assert 'name="all"' not in text(reader.get("/?q=otters"))
    for number in range(20):
        clip(store, f"Otters, part {number:02}")
    assert 'name="all"' not in text(reader.get("/?q=otters+zeppelin"))


def test_a_form_sent_twice_acts_once_and_the_same_page_allows_another_action(reader, store, papers, form):
    sent = form | {"do": "tag", "tag": "rivers", "paper": papers}
    first, second = post(reader, "/bulk", **sent), post(reader, "/bulk", **sent)
    assert first.location == second.location
    post(reader, "/bulk", **sent | {"do": "star"})
    assert len(undoing.newest(store, 9)) == 2
    assert states(store, papers) == [("unread", True, ["rivers"], False)] * 3


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
def test_invalid_forms_are_refused(reader, store, papers, form, changes, status):
    sent = form | {name: value.replace("PAPER", papers[0]) for name, value in changes.items()}
    assert post(reader, "/bulk", **sent).status_code == status
    assert undoing.newest(store, 9) == []


def test_the_redirect_keeps_the_search_and_stays_on_the_server(reader, papers):
    form = Form(text(reader.get("/?q=otters")), "/bulk").fields
    sent = form | {"do": "star", "paper": papers[0]}
    assert post(reader, "/bulk", **sent).location.startswith("/?q=otters&done=")
    assert post(reader, "/bulk", **sent | {"back": "//evil.example"}).location.startswith("/?done=")


def test_papers_in_the_trash_are_not_changed(reader, store, papers, form):
    trashing.trash(store, papers[0])
    post(reader, "/bulk", **form | {"do": "star", "paper": papers})
    assert [starred for _, starred, _, _ in states(store, papers)] == [False, True, True]


def test_hostile_text_is_escaped(reader, store, papers, form):
    tagging.add(store, papers[0], HOSTILE[:90])
    answer = post(reader, "/bulk", **form | {"do": "tag", "tag": HOSTILE[:80], "paper": papers, "q": HOSTILE})
    assert Inline(follow(reader, answer)).found == []
    assert Inline(text(reader.get("/actions"))).found == []
