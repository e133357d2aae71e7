"""The pages of earlier versions: view, compare and restore, and report conflicts."""

from dataclasses import replace

import pytest

from paperclipper.model import Colour
from paperclipper.services.annotations import annotations
from paperclipper.services.papers import editing, lookup
from web.pages.reading import HOSTILE, Form, Inline, clip, follow, highlight, note, post, text

ABSTRACT = "Otters count shells."


@pytest.fixture
def paper_id(store):
    return clip(store, abstract=ABSTRACT, authors=("Ada Otter",))


def save(store, present, **changes):
    return annotations.put(
        store, present.id, present.paper_id, replace(present.draft, **changes), str(present.version)
    )[0]


class TestNotes:
    @pytest.fixture
    def kept(self, store, paper_id):
        """A note with two earlier versions."""
        made = note(store, paper_id, "They count shells.")
        return save(store, save(store, made, body="They count stones."), body="They count big stones.")

    def test_each_version_is_compared_with_the_current_text(self, reader, store, paper_id, kept):
        assert "Earlier versions (2)" in text(reader.get(f"/papers/{paper_id}"))
        page = text(reader.get(f"/papers/{paper_id}/notes/{kept.id}/history"))
        assert "They count <ins>big</ins> stones." in page
        assert "They count <del>shells</del> <ins>big stones</ins>." in page
        assert page.index("<ins>big</ins>") < page.index("<del>shells</del>")
        assert "They count shells.</pre>" in page

    def test_a_version_is_restored_and_the_replaced_text_is_kept(self, reader, store, paper_id, kept):
        oldest = annotations.history(store, kept.id)[-1].version
        page = text(reader.get(f"/papers/{paper_id}/notes/{kept.id}/history"))
        action = f"/notes/{kept.id}/history/{oldest}/restore"
        answer = post(reader, f"/papers/{paper_id}{action}", **Form(page, action).fields)
        assert "They count shells." in follow(reader, answer)
        assert annotations.history(store, kept.id)[0].content["body"] == "They count big stones."

    def test_nothing_is_restored_over_a_text_that_was_not_shown(self, reader, store, paper_id, kept):
        oldest = annotations.history(store, kept.id)[-1].version
        save(store, kept, body="Newer.")
        path = f"/papers/{paper_id}/notes/{kept.id}/history/{oldest}/restore"
        for form in ({"version": str(kept.version)}, {}):
            answer = post(reader, path, **form)
            assert answer.status_code == 409
            assert "Nothing was restored." in text(answer)
        assert annotations.get(store, kept.id).draft.body == "Newer."

    def test_a_highlight_shows_its_earlier_colour(self, reader, store, paper_id):
        made = save(store, highlight(store, paper_id, ABSTRACT, "shells"), colour=Colour.BLUE)
        page = text(reader.get(f"/papers/{paper_id}/notes/{made.id}/history"))
        assert "<del>green</del><ins>blue</ins>" in page
        assert "Passage" not in page

    def test_hostile_text_is_escaped(self, reader, store, paper_id):
        made = save(store, note(store, paper_id, HOSTILE), body=HOSTILE * 2)
        assert Inline(text(reader.get(f"/papers/{paper_id}/notes/{made.id}/history"))).found == []

    def test_an_unknown_version_is_not_found(self, reader, paper_id, kept):
        path = f"/papers/{paper_id}/notes/{kept.id}/history/{kept.version}/restore"
        assert post(reader, path, version=str(kept.version)).status_code == 404


class TestDetails:
    @pytest.fixture
    def fields(self, reader, paper_id):
        """The fields of the form as it is opened."""
        return Form(text(reader.get(f"/papers/{paper_id}/edit")), "/edit").fields

    def test_only_edited_fields_are_saved_and_sealed(self, reader, store, paper_id, fields):
        changed = {
            "venue": " J. of\tOtters ",
            "authors": "Ada Otter\r\n\r\n  Bo  Badger ",
            "published": "2026-03-09",
        }
        page = follow(reader, post(reader, f"/papers/{paper_id}/edit", **fields | changed))
        paper = lookup.paper(store, paper_id)
        assert (paper.facts.venue, paper.facts.authors) == ("J. of Otters", ("Ada Otter", "Bo Badger"))
        assert paper.facts.published.isoformat() == "2026-03-09"
        assert paper.sealed == {"venue", "authors", "published"}
        assert "Earlier details" in page
        form = text(reader.get(f"/papers/{paper_id}/edit"))
        assert form.count(">yours</span>") == 3

    def test_saving_without_edits_changes_nothing(self, reader, store, paper_id, fields):
        post(reader, f"/papers/{paper_id}/edit", **fields)
        assert lookup.paper(store, paper_id).sealed == set()

    def test_another_change_of_the_paper_is_no_conflict(self, reader, store, paper_id, fields):
        post(reader, f"/papers/{paper_id}/star", starred="1")
        post(reader, f"/papers/{paper_id}/edit", **fields | {"venue": "Nature"})
        post(reader, f"/papers/{paper_id}/edit", **fields | {"organisation": "Riverside"})
        facts = lookup.paper(store, paper_id).facts
        assert (facts.venue, facts.organisation) == ("Nature", "Riverside")

    def test_a_conflict_shows_both_versions_of_a_field(self, reader, store, paper_id, fields):
        post(reader, f"/papers/{paper_id}/edit", **fields | {"venue": "Nature"})
        late = post(
            reader, f"/papers/{paper_id}/edit", **fields | {"venue": "Science", "organisation": "Riverside"}
        )
        assert late.status_code == 409
        assert lookup.paper(store, paper_id).facts.venue == "Nature"
        page = text(late)
        assert '<pre class="text">Nature</pre>' in page
        again = Form(page, "/edit").fields
        assert (again["venue"], again["organisation"]) == ("Science", "Riverside")
        post(reader, f"/papers/{paper_id}/edit", **again)
        assert lookup.paper(store, paper_id).facts.venue == "Science"
        assert editing.history(store, paper_id)[0].content["columns"]["venue"] == "Nature"

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("title", " "),
            ("code_url", "javascript:alert(1)"),
            ("published", "yesterday"),
            ("authors", "a\x00"),
        ],
    )
    def test_invalid_values_stay_in_the_form(self, reader, store, paper_id, fields, field, value):
        answer = post(reader, f"/papers/{paper_id}/edit", **fields | {field: value, "venue": "Nature"})
        assert answer.status_code == 422
        page = text(answer)
        assert f'id="w-{field}"' in page
        assert Form(page, "/edit").fields["venue"] == "Nature"
        assert lookup.paper(store, paper_id).sealed == set()

    def test_earlier_details_are_compared_and_restored(self, reader, store, paper_id, fields):
        post(reader, f"/papers/{paper_id}/edit", **fields | {"title": "Otters that really count"})
        page = text(reader.get(f"/papers/{paper_id}/history"))
        assert "Otters that <ins>really</ins> count" in page
        (kept,) = editing.history(store, paper_id)
        path = f"/papers/{paper_id}/history/{kept.version}/restore"
        assert post(reader, path, version="x-1").status_code == 409
        assert "<h1>Otters that count</h1>" in follow(reader, post(reader, path, **Form(page, path).fields))
        assert lookup.paper(store, paper_id).sealed == set()

    def test_hostile_text_is_escaped(self, reader, store, paper_id, fields):
        post(reader, f"/papers/{paper_id}/edit", **fields | {"venue": HOSTILE, "abstract": HOSTILE})
        late = post(reader, f"/papers/{paper_id}/edit", **fields | {"venue": HOSTILE * 2})
        for page in (late, reader.get(f"/papers/{paper_id}/edit"), reader.get(f"/papers/{paper_id}/history")):
            assert Inline(text(page)).found == []
