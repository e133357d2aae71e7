"""The list of tags, and renaming, colouring, merging and deleting a tag, each with Undo."""

from uuid import uuid4

import pytest

from paperclipper.model import Tag
from paperclipper.services.actions import undoing
from paperclipper.services.papers import lookup
from paperclipper.services.tags import tag_editing, tagging
from paperclipper.web.pages.tags import tag_tree
from web.pages.reading import HOSTILE, Form, Inline, clip, follow, post, text


@pytest.fixture
def papers(store):
    """Two papers with the tag `rivers`; one also with `rivers/small` and `to cite`."""
    first, second = clip(store), clip(store, "Badgers at night")
    for paper_id, name in (
        (first, "rivers"),
        (second, "rivers"),
        (first, "rivers/small"),
        (first, "to cite"),
    ):
        tagging.add(store, paper_id, name)
    return first, second


def tag(store, name):
    return tagging.find(store, name)


def tags_of(store, paper_id):
    return {tag.name for tag in lookup.paper(store, paper_id).tags}


def undo(reader, page):
    """Press Undo on the page."""
    action = page.partition('action="/actions/')[2].partition('"')[0]
    return follow(reader, post(reader, f"/actions/{action}", **Form(page, action).fields))


def branches(within):
    return [(b.label, b.tag.name if b.tag else None, branches(b.branches)) for b in within]


def test_tags_form_a_tree():
    names = ["b", "a/y", "A/x", "c/d/e", "a b", "A"]
    assert branches(tag_tree.build(Tag(name, name) for name in names)) == [
        ("A", "A", [("x", "A/x", []), ("y", "a/y", [])]),
        ("a b", "a b", []),
        ("b", "b", []),
        ("c", None, [("d", None, [("e", "c/d/e", [])])]),
    ]


def test_the_tree_shows_counts_that_link_to_the_papers(reader, store, papers):
    page = text(reader.get("/tags"))
    assert "3 tags." in page
    assert 'href="/?q=tag:%22rivers%22">2 papers' in page
    assert f'href="/tags/{tag(store, "rivers/small").id}">small' in page


def test_the_empty_list_explains_tags(reader):
    assert "No tags yet." in text(reader.get("/tags"))


def test_renaming_and_its_undo(reader, store, papers):
    path = f"/tags/{tag(store, 'rivers').id}"
    form = Form(text(reader.get(path)), path).fields
    page = follow(reader, post(reader, path, **form | {"name": "#streams"}))
    assert "Renamed the tag “rivers” to “streams”" in page
    assert tags_of(store, papers[1]) == {"streams"}
    assert "Undone." in undo(reader, page)
    assert tags_of(store, papers[1]) == {"rivers"}


def test_the_colour_is_shown_with_the_tag(reader, store, papers):
    path = f"/tags/{tag(store, 'rivers').id}"
    post(reader, path, **Form(text(reader.get(path)), path).fields | {"colour": "blue"})
    mark = 'class="tag-mark tag-blue"'
    for place in (path, "/tags", f"/papers/{papers[0]}", "/"):
        assert mark in text(reader.get(place)), place
    form = Form(text(reader.get(path)), path).fields
    assert form["colour"] == "blue"
    post(reader, path, **form | {"colour": "none"})
    assert mark not in text(reader.get("/tags"))


def test_an_existing_name_offers_to_merge(reader, store, papers):
    path = f"/tags/{tag(store, 'rivers/small').id}"
    answer = post(reader, path, **Form(text(reader.get(path)), path).fields | {"name": "RIVERS"})
    assert answer.status_code == 409
    page = text(answer)
    assert "The tag “rivers” already exists." in page
    page = follow(reader, post(reader, f"{path}/merge", **Form(page, "/merge").fields))
    assert "Merged the tag “rivers/small” into “rivers”" in page
    assert tags_of(store, papers[0]) == {"rivers", "to cite"}
    undo(reader, page)
    assert tags_of(store, papers[0]) == {"rivers", "rivers/small", "to cite"}


@pytest.mark.parametrize(
    ("into", "message"), [("wolves", "There is no tag"), ("Rivers", "this tag"), ("", "no tag")]
)
def test_merging_needs_another_tag(reader, store, papers, into, message):
    answer = post(reader, f"/tags/{tag(store, 'rivers').id}/merge", into=into)
    assert answer.status_code == 422
    assert message in text(answer)


def test_a_stale_edit_shows_the_current_tag_and_keeps_what_was_typed(reader, store, papers):
    path = f"/tags/{tag(store, 'rivers').id}"
    form = Form(text(reader.get(path)), path).fields
    post(reader, path, **form | {"name": "streams"})
    late = post(reader, path, **form | {"name": "brooks", "colour": "pink"})
    assert late.status_code == 409
    assert "It is now called “streams”" in text(late)
    again = Form(text(late), path).fields
    assert (again["name"], again["colour"]) == ("brooks", "pink")
    post(reader, path, **again)
    assert tags_of(store, papers[1]) == {"brooks"}


@pytest.mark.parametrize("name", ["a,b", "/", "x" * 101])
def test_invalid_names_stay_in_the_form(reader, store, papers, name):
    path = f"/tags/{tag(store, 'rivers').id}"
    answer = post(reader, path, **Form(text(reader.get(path)), path).fields | {"name": name})
    assert answer.status_code == 422
    assert Form(text(answer), path).fields["name"] == name


def test_deleting_and_its_undo(reader, store, papers):
    page = follow(reader, post(reader, f"/tags/{tag(store, 'rivers').id}/delete"))
    assert tags_of(store, papers[1]) == set()
    undo(reader, page)
    assert tags_of(store, papers[1]) == {"rivers"}


def test_unused_tags_are_deleted_together(reader, store, papers):
    for name in ("rivers/small", "to cite"):
        tagging.remove(store, papers[0], name)
    page = text(reader.get("/tags"))
    assert "2 tags without papers" in page
    page = follow(reader, post(reader, "/tags/unused/delete"))
    assert [t.name for t in tagging.suggest(store)] == ["rivers"]
    undo(reader, page)
    assert len(tagging.suggest(store)) == 3
    post(reader, "/tags/unused/delete")
    assert post(reader, "/tags/unused/delete").location == "/tags"


def test_a_deleted_tag_is_not_found(reader, store, papers):
    gone = tag(store, "rivers").id
    tag_editing.delete(store, [gone])
    assert {reader.get(f"/tags/{each}").status_code for each in (gone, uuid4())} == {404}
    assert len(undoing.newest(store, 9)) == 1
    assert post(reader, f"/tags/{gone}/delete").location == "/tags"


def test_hostile_text_is_escaped(reader, store, papers):
    tagging.add(store, papers[0], HOSTILE[:90])
    path = f"/tags/{tag(store, HOSTILE[:90]).id}"
    pages = [reader.get("/tags"), reader.get(path), post(reader, f"{path}/merge", into=HOSTILE)]
    assert [Inline(text(page)).found for page in pages] == [[], [], []]
