"""Highlighting on a paper's page: from a selection with JavaScript, or by typing the words."""

import re
from uuid import uuid4

import pytest

from paperclipper.formats.text import anchoring
from paperclipper.model import AnnotationDraft, AnnotationKind, TextQuote
from paperclipper.services.annotations import annotations
from paperclipper.services.papers import editing, lookup
from paperclipper.services.papers.editing import PaperEdit
from web.pages.reading import HOSTILE, Form, Inline, clip, follow, highlight, post, text

ABSTRACT = "Otters count shells. Bounds of $K_5$ hold for otters in rivers."


@pytest.fixture
def paper_id(store):
    return clip(store, abstract=ABSTRACT, arxiv_version=2)


@pytest.fixture
def form(reader, paper_id):
    """The fields of the form that works without a selection."""
    page = text(reader.get(f"/papers/{paper_id}"))
    return Form(page.partition('<details class="highlight-form"')[2], "/highlights").fields


def quotes(store, paper_id):
    return [each.draft.quote for each in lookup.paper(store, paper_id).highlights]


def test_words_make_a_highlight_with_their_context(reader, store, paper_id, form):
    page = follow(
        reader, post(reader, f"/papers/{paper_id}/highlights", **form | {"quote": "hold for\r\notters"})
    )
    (made,) = lookup.paper(store, paper_id).highlights
    assert made.draft.quote == anchoring.quote(ABSTRACT, 37, 52)
    assert made.draft.quote.exact == "hold for otters"
    assert (made.draft.colour, made.draft.arxiv_version, made.draft.made_in) == ("yellow", 2, "page")
    assert f'<mark class="hl hl-yellow" data-mark="{made.id}" id="mark-{made.id}" tabindex="-1">' in page
    assert f'href="#note-{made.id}"' in page
    assert f'href="#mark-{made.id}" class="note-no"' in page


def test_words_may_be_typed_as_the_page_shows_them(reader, store, paper_id, form):
    post(reader, f"/papers/{paper_id}/highlights", **form | {"quote": "of K 5 hold"})
    assert quotes(store, paper_id)[0].exact == "of $K_5$ hold"


def test_a_selection_sets_the_position(reader, store, paper_id, form):
    sent = form | {"start": 46, "end": 53, "quote": "otters", "colour": "pink", "body": "Which?"}
    post(reader, f"/papers/{paper_id}/highlights", **sent)
    (made,) = lookup.paper(store, paper_id).highlights
    assert (made.draft.quote.start, made.draft.quote.end, made.draft.body) == (46, 52, "Which?")


@pytest.mark.parametrize("of", ["another abstract", ""])
@pytest.mark.parametrize(("start", "end"), [("0", "4"), ("9999", "99999"), ("x", "4")])
def test_positions_in_another_abstract_are_ignored(reader, store, paper_id, form, start, end, of):
    sent = form | {"start": start, "end": end, "of": of, "quote": "rivers"}
    post(reader, f"/papers/{paper_id}/highlights", **sent)
    assert [quote.exact for quote in quotes(store, paper_id)] == ["rivers"]


def test_words_that_are_not_there_are_returned_for_correction(reader, store, paper_id, form):
    answer = post(
        reader, f"/papers/{paper_id}/highlights", **form | {"quote": "badgers", "colour": "blue", "body": "b"}
    )
    assert answer.status_code == 422
    page = text(answer)
    assert "These words are not in the abstract." in page
    again = Form(page.partition('<details class="highlight-form"')[2], "/highlights").fields
    assert (again["quote"], again["colour"], again["body"]) == ("badgers", "blue", "b")
    assert quotes(store, paper_id) == []


def test_a_form_sent_twice_makes_one_highlight_and_a_page_can_make_several(reader, store, paper_id, form):
    for words in ("shells", "shells", "rivers"):
        post(reader, f"/papers/{paper_id}/highlights", **form | {"quote": words})
    assert [quote.exact for quote in quotes(store, paper_id)] == ["shells", "rivers"]


def test_a_form_sent_again_with_another_note_shows_both_versions(reader, store, paper_id, form):
    sent = form | {"quote": "shells"}
    post(reader, f"/papers/{paper_id}/highlights", **sent)
    again = post(reader, f"/papers/{paper_id}/highlights", **sent | {"body": "More?"})
    assert again.status_code == 409
    assert "This highlight was changed elsewhere" in text(again)
    (made,) = lookup.paper(store, paper_id).highlights
    fields = Form(text(again), f"/notes/{made.id}").fields
    post(reader, f"/papers/{paper_id}/notes/{made.id}", **fields)
    assert annotations.get(store, made.id).draft.body == "More?"


def test_colour_and_note_are_edited_and_the_note_may_be_removed(reader, store, paper_id):
    made = highlight(store, paper_id, ABSTRACT, "shells", body="Why?")
    page = text(reader.get(f"/papers/{paper_id}"))
    fields = Form(page, f"/notes/{made.id}").fields
    assert (fields["body"], fields["colour"]) == ("Why?", "green")
    page = follow(
        reader, post(reader, f"/papers/{paper_id}/notes/{made.id}", **fields | {"colour": "blue", "body": ""})
    )
    assert f'<mark class="hl hl-blue" data-mark="{made.id}"' in page
    assert "Earlier versions (1)" in page
    assert annotations.get(store, made.id).draft.quote == made.draft.quote


def test_deleting_can_be_undone(reader, store, paper_id):
    made = highlight(store, paper_id, ABSTRACT, "shells")
    page = follow(reader, post(reader, f"/papers/{paper_id}/notes/{made.id}/delete"))
    assert "Highlight deleted." in page
    assert "<mark" not in page
    assert "<mark" in follow(reader, post(reader, f"/papers/{paper_id}/notes/{made.id}/restore"))


def test_a_highlight_that_is_no_longer_found_is_kept_and_shown(reader, store, paper_id):
    lost = highlight(store, paper_id, ABSTRACT, "Otters count", body="Kept.")
    stays = highlight(store, paper_id, ABSTRACT, "in rivers")
    elsewhere = AnnotationDraft(
        AnnotationKind.HIGHLIGHT, quote=TextQuote("x"), source_url="https://www.arxiv.org/abs/1"
    )
    annotations.put(store, str(uuid4()), paper_id, elsewhere, None)
    paper = lookup.paper(store, paper_id)
    changed = PaperEdit(frozenset({"abstract"}), abstract="Badgers dig in\n\nrivers.")
    editing.edit(store, paper_id, changed, str(paper.version))
    page = text(reader.get(f"/papers/{paper_id}"))
    assert page.count("No longer in the abstract") == 1
    assert (
        'highlighted on <a href="https://www.arxiv.org/abs/1" rel="noopener noreferrer">arxiv.org</a>' in page
    )
    assert "Kept." in page
    order = re.findall(r'<li class="note" id="note-([^"]+)"', page)
    assert order[:2] == [stays.id, lost.id]


def test_hostile_text_is_escaped(reader, store):
    paper_id = clip(store, abstract=f"a {HOSTILE} b $<b>$")
    highlight(store, paper_id, lookup.paper(store, paper_id).facts.abstract, HOSTILE, body=HOSTILE)
    answer = reader.get(f"/papers/{paper_id}")
    assert Inline(text(answer)).found == []
    assert (
        Inline(text(post(reader, f"/papers/{paper_id}/highlights", id=str(uuid4()), quote=HOSTILE * 2))).found
        == []
    )


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"quote": "shells"}, "has no id"),
        ({"quote": "shells", "id": str(uuid4()), "colour": "mauve"}, "A colour is one of"),
        ({"quote": "shells", "id": str(uuid4()), "body": "a\x00b"}, "control characters"),
    ],
)
def test_invalid_forms_are_refused(reader, store, paper_id, form, message):
    answer = post(reader, f"/papers/{paper_id}/highlights", **form)
    assert (answer.status_code, quotes(store, paper_id)) == (422, [])
    assert message in text(answer)
