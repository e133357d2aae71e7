"""The trash: restoring, and purging after a confirmation, with the backups that still contain what was
purged.
"""

import errno
import re
from pathlib import Path
from uuid import uuid4

import pytest

from paperclipper.config import Settings
from paperclipper.services.annotations import annotations
from paperclipper.services.papers import lookup
from paperclipper.services.search import indexing
from paperclipper.services.tags import tagging
from paperclipper.services.transfer import backups
from paperclipper.services.trash import purging, trashing
from web.pages.reading import HOSTILE, Form, Inline, clip, follow, highlight, note, post, text


@pytest.fixture
def trashed(store):
    """Two papers in the trash, the first with a note."""
    papers = [clip(store), clip(store, "Badgers at night")]
    note(store, papers[0], "They count.")
    tagging.add(store, papers[0], "rivers")
    for paper_id in papers:
        trashing.trash(store, paper_id)
    return papers


@pytest.fixture
def deleted(store):
    """A note and a highlight, deleted separately from their paper."""
    paper_id = clip(store, "Wolves", abstract="They howl at night.")
    made = note(store, paper_id, "Why do they?"), highlight(store, paper_id, "They howl at night.", "howl")
    for each in made:
        annotations.trash(store, each.id)
    return made


def confirmation(reader, query=""):
    return Form(text(reader.get(f"/trash/purge{query}")), "/trash/purge").fields


def test_papers_and_notes_are_listed_and_restored(reader, store, trashed, deleted):
    page = text(reader.get("/trash"))
    for words in (
        "Otters that count",
        "Badgers at night",
        "with 1 note",
        "Why do they?",
        "howl</mark>",
        "Wolves",
    ):
        assert words in page
    answer = post(reader, f"/papers/{trashed[0]}/restore", back="/trash")
    assert "Otters that count" not in follow(reader, answer)
    path = f"/papers/{deleted[0].paper_id}/notes/{deleted[0].id}/restore"
    assert "Why do they?" not in follow(reader, post(reader, path, back="/trash"))
    assert [n.id for n in lookup.paper(store, deleted[0].paper_id).notes] == [deleted[0].id]


def test_an_empty_trash_has_nothing_to_purge(reader):
    assert "The trash is empty." in text(reader.get("/trash"))
    assert "nothing to delete" in text(reader.get("/trash/purge"))


def test_the_confirmation_lists_what_is_deleted(reader, trashed, deleted):
    page = text(reader.get(f"/trash/purge?paper={trashed[0]}"))
    for words in (
        "Delete this paper permanently?",
        "Otters that count",
        "1 note",
        "1 clip",
        "1 tag",
        "cannot be undone",
    ):
        assert words in page
    assert "<q>Why do they?</q>" in text(reader.get(f"/trash/purge?note={deleted[0].id}"))
    page = text(reader.get("/trash/purge"))
    assert "<b>2 papers</b>" in page
    assert "<b>2 notes</b>" in page


def test_a_paper_is_purged_and_the_progress_is_shown(reader, store, tmp_path, trashed):
    indexing.use_folder(tmp_path)
    answer = post(reader, "/trash/purge", **confirmation(reader, f"?paper={trashed[0]}"))
    page = follow(reader, answer)
    assert "1 paper with its notes and clips. Pages, searches and the API no longer return them." in page
    assert 'data-purge-done="no"' in page
    assert f'href="{answer.location}">Check again' in page
    assert reader.get(f"/papers/{trashed[0]}").status_code == 404
    assert lookup.paper(store, trashed[1]).deleted_at
    indexing.catch_up_all()
    assert purging.clean_files()
    page = text(reader.get(answer.location))
    assert 'data-purge-done="yes"' in page
    assert "no longer contain the text" in page
    part = text(reader.get(f"{answer.location}?part=state"))
    assert 'data-purge-done="yes"' in part
    assert "<html" not in part


def test_a_note_is_purged_alone(reader, store, deleted):
    first, second = deleted
    post(reader, "/trash/purge", **confirmation(reader, f"?note={first.id}"))
    assert [each.id for each in trashing.trashed_annotations(store, 9)] == [second.id]


def test_everything_is_purged_and_repeating_it_is_harmless(reader, store, trashed, deleted):
    sent = confirmation(reader)
    first = post(reader, "/trash/purge", **sent)
    trashing.trash(store, clip(store, "Later"))
    again = post(reader, "/trash/purge", **sent)
    assert (again.status_code, again.location) == (303, first.location)
    assert [paper.facts.title for paper in trashing.trashed(store, 9, 0)] == ["Later"]


def test_papers_trashed_since_need_another_confirmation(reader, store, trashed):
    sent = confirmation(reader)
    trashing.trash(store, clip(store, "Later"))
    answer = post(reader, "/trash/purge", **sent)
    assert answer.status_code == 409
    assert "Nothing was deleted." in text(answer)
    assert "<b>3 papers</b>" in text(answer)
    assert len(trashing.trashed(store, 9, 0)) == 3
    post(reader, "/trash/purge", **Form(text(answer), "/trash/purge").fields)
    assert trashing.trashed(store, 9, 0) == []


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({}, 422),
        ({"id": str(uuid4())}, 422),
        ({"id": str(uuid4()), "papers": "2"}, 422),
        ({"id": str(uuid4()), "paper": str(uuid4())}, 404),
        ({"id": str(uuid4()), "note": str(uuid4())}, 404),
    ],
)
def test_invalid_forms_are_refused(reader, store, trashed, form, status):
    assert post(reader, "/trash/purge", **form).status_code == status
    assert len(trashing.trashed(store, 9, 0)) == 2


def test_only_the_trash_can_be_purged(reader, store):
    paper_id = clip(store)
    assert post(reader, "/trash/purge", id=str(uuid4()), paper=paper_id).status_code == 409
    assert reader.get(f"/trash/purge?paper={uuid4()}").status_code == 404
    assert reader.get(f"/trash/purges/{uuid4()}").status_code == 404


class TestBackups:
    @pytest.fixture
    def purged(self, reader, tmp_path, trashed):
        """The page of a purge, after a backup was made."""
        backups.backup(Settings(tmp_path), tmp_path / "papers.backup")
        return post(reader, "/trash/purge", **confirmation(reader)).location

    def test_backups_that_contain_it_are_listed_and_deleted_on_request(self, reader, tmp_path, purged):
        page = text(reader.get(purged))
        assert str(tmp_path / "papers.backup") in page
        action = re.search(r'action="([^"]+/backups/[^"]+/delete)"', page)[1]
        page = follow(reader, post(reader, action))
        assert "No backup made by this server contains it" in page
        assert not (tmp_path / "papers.backup").exists()
        assert post(reader, action).location == purged

    def test_a_file_that_cannot_be_deleted_is_reported(self, reader, purged, monkeypatch):
        def refuse(path, missing_ok=False):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))

        action = re.search(r'action="([^"]+/backups/[^"]+/delete)"', text(reader.get(purged)))[1]
        monkeypatch.setattr(Path, "unlink", refuse)
        answer = post(reader, action)
        assert answer.status_code == 409
        assert "Permission denied" in text(answer)
        assert action in text(reader.get(purged))


def test_hostile_text_is_escaped(reader, store):
    paper_id = clip(store, HOSTILE, abstract=HOSTILE)
    for each in (note(store, paper_id, HOSTILE), highlight(store, paper_id, HOSTILE, HOSTILE, body=HOSTILE)):
        annotations.trash(store, each.id)
    pages = ["/trash", *(f"/trash/purge?note={n.id}" for n in trashing.trashed_annotations(store, 9))]
    trashing.trash(store, paper_id)
    for path in (*pages, "/trash", f"/trash/purge?paper={paper_id}"):
        assert Inline(text(reader.get(path))).found == [], path
