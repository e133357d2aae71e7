"""Notes on the page of a paper: adding, editing, conflicts and deleting."""

import re
from uuid import uuid4

import pytest

from paperclipper.services.annotations import annotations
from paperclipper.services.papers import lookup
from web.pages.reading import clip, note, post, text


class TestNotes:
    def test_a_note_sent_twice_is_saved_once_and_rendered(self, reader, store):
        paper_id, note_id = clip(store), str(uuid4())
        for _ in range(2):
            answer = post(reader, f"/papers/{paper_id}/notes", id=note_id, body="They **count**\r\nto $x^2$.")
            assert answer.location == f"/papers/{paper_id}#note-{note_id}"
        (made,) = lookup.paper(store, paper_id).notes
        assert made.draft.body == "They **count**\nto $x^2$."
        page = text(reader.get(f"/papers/{paper_id}"))
        assert "<strong>count</strong>" in page
        assert f'value="{made.version}"' in page

    def test_an_edit_of_the_current_version_is_saved(self, reader, store):
        paper_id = clip(store)
        made = note(store, paper_id, "one")
        post(reader, f"/papers/{paper_id}/notes/{made.id}", body="two", version=str(made.version))
        assert annotations.get(store, made.id).draft.body == "two"

    def test_refused_text_is_returned_without_secrets(self, reader):
        path = f"/papers/{uuid4()}/notes"
        answer = post(reader, path, id=str(uuid4()), body="Two <b>otters</b>", password="a secret of mine")
        page = text(answer)
        assert answer.status_code == 404
        assert "Two &lt;b&gt;otters&lt;/b&gt;</textarea>" in page
        assert "a secret of mine" not in page

    def test_a_stale_edit_shows_both_texts(self, reader, store):
        paper_id = clip(store)
        made = note(store, paper_id, "one")
        path = f"/papers/{paper_id}/notes/{made.id}"
        post(reader, path, body="two <b>", version=str(made.version))
        late = post(reader, path, body="three <b>", version=str(made.version))
        assert late.status_code == 409
        assert annotations.get(store, made.id).draft.body == "two <b>"
        page = text(late)
        assert "two &lt;b&gt;\n\nthree &lt;b&gt;" in page
        version = re.search(r'name="version" value="([^"]+)"', page)[1]
        post(reader, path, body="two and three", version=version)
        assert annotations.get(store, made.id).draft.body == "two and three"

    def test_an_edit_of_a_deleted_note_can_restore_it(self, reader, store):
        paper_id = clip(store)
        made = note(store, paper_id, "one")
        annotations.trash(store, made.id)
        path = f"/papers/{paper_id}/notes/{made.id}"
        late = post(reader, path, body="two", version=str(made.version))
        assert "then deleted" in text(late)
        version = re.search(r'name="version" value="([^"]+)"', text(late))[1]
        post(reader, path, body="two", version=version)
        assert [n.draft.body for n in lookup.paper(store, paper_id).notes] == ["two"]

    def test_a_new_note_sent_again_with_another_text_shows_both(self, reader, store):
        paper_id, note_id = clip(store), str(uuid4())
        post(reader, f"/papers/{paper_id}/notes", id=note_id, body="one")
        again = post(reader, f"/papers/{paper_id}/notes", id=note_id, body="one and more")
        assert again.status_code == 409
        assert "one and more" in text(again)

    def test_deleting_can_be_undone(self, reader, store):
        paper_id = clip(store)
        made = note(store, paper_id, "one")
        answer = post(reader, f"/papers/{paper_id}/notes/{made.id}/delete")
        assert lookup.paper(store, paper_id).notes == ()
        assert f"/notes/{made.id}/restore" in text(reader.get(answer.location))
        post(reader, f"/papers/{paper_id}/notes/{made.id}/restore")
        assert len(lookup.paper(store, paper_id).notes) == 1

    @pytest.mark.parametrize("body", ["", " \r\n", "x" * 100_001, "a\x00b"])
    def test_invalid_notes_are_refused(self, reader, store, body):
        paper_id = clip(store)
        assert post(reader, f"/papers/{paper_id}/notes", id=str(uuid4()), body=body).status_code == 422
        assert lookup.paper(store, paper_id).notes == ()
