from datetime import timedelta

import pytest

from builders import a_clip, a_highlight, a_note, arxiv, uuid7
from paperclipper.config import Settings
from paperclipper.errors import ConflictError, GoneError, NotFoundError
from paperclipper.model import Decision, TextQuote
from paperclipper.services.annotations import annotations
from paperclipper.services.days import decisions
from paperclipper.services.history import change_feed
from paperclipper.services.papers import clipping, editing, lookup, paper_merge, stubs
from paperclipper.services.papers.editing import PaperEdit
from paperclipper.services.search import indexing, searching
from paperclipper.services.search.searching import SearchRequest
from paperclipper.services.system import housekeeping
from paperclipper.services.tags import tagging
from paperclipper.services.transfer import backups
from paperclipper.services.trash import purging, trashing
from paperclipper.store import purges
from paperclipper.store.database import timestamps
from paperclipper.store.database.tables import AnnotationRow, PaperRow
from paperclipper.store.papers import clips, papers

# Appears nowhere else in these tests. After a purge, no file may contain it.
SECRET = "xylographmarker"


@pytest.fixture
def folder(store, tmp_path):
    """A data folder with an index."""
    indexing.use_folder(tmp_path)
    return tmp_path


@pytest.fixture
def paper_id(store, folder):
    """A paper with the secret in each of its texts, in its history and in the index."""
    request = a_clip(
        title=f"Of {SECRET}", abstract=SECRET, authors=(SECRET,), keywords=(SECRET,), ai_summary=SECRET
    )
    saved = clipping.save(store, request).paper_id
    note, _ = annotations.put(store, uuid7(), saved, a_note(f"{SECRET} [[{SECRET}]]"), None)
    annotations.put(store, note.id, saved, a_note(f"{SECRET} again"), str(note.version))
    annotations.put(
        store, uuid7(), saved, a_highlight(quote=TextQuote(SECRET, SECRET, SECRET), body=SECRET), None
    )
    facts = {"title": f"My {SECRET}", "venue": SECRET, "code_url": f"https://{SECRET}.example/"}
    version = lookup.paper(store, saved).version
    editing.edit(store, saved, PaperEdit(frozenset(facts), **facts), str(version))
    decisions.decide(store, timestamps.now().date(), lookup.paper(store, saved).facts, Decision.DONE)
    other = clipping.save(store, a_clip(title=f"Part {SECRET}", identifiers=(arxiv("2603.00002"),))).paper_id
    paper_merge.merge(store, other, saved)
    clipping.save(store, a_clip(title="Another paper", abstract="", identifiers=(arxiv("2603.00003"),)))
    indexing.catch_up_all()
    assert searching.search(store, SearchRequest(SECRET)).total == 1
    assert len(files_with_the_secret(folder)) > 1
    return saved


def files_with_the_secret(folder):
    return [
        path.name for path in folder.rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()
    ]


def purge(store, paper_id):
    trashing.trash(store, paper_id)
    return purging.purge(store, uuid7(), [paper_id])


def test_after_a_purge_no_file_contains_the_texts(store, folder, paper_id):
    asked = purge(store, paper_id)
    assert not asked.is_done
    indexing.catch_up_all()
    assert purging.clean_files()
    assert purging.state(store, asked.purge.id).is_done
    assert files_with_the_secret(folder) == []
    assert searching.search(store, SearchRequest(SECRET)).total == 0
    assert searching.search(store, SearchRequest("another")).total == 1
    assert indexing.verify(store, deep=True) == []


def test_a_purge_is_not_complete_while_the_index_is_behind(store, folder, paper_id):
    asked = purge(store, paper_id)
    assert not purging.clean_files()
    assert not purging.state(store, asked.purge.id).is_done


def test_a_purged_paper_leaves_an_empty_row_and_frees_its_identifiers(store, folder, paper_id):
    request = lookup.paper(store, paper_id).clips[-1].id
    purge(store, paper_id)
    with pytest.raises(NotFoundError):
        lookup.paper(store, paper_id)
    with pytest.raises(NotFoundError):
        lookup.paper(store, "2603.01234")
    row = PaperRow.get_by_id(paper_id)
    assert (row.title, row.abstract, row.authors, row.sources) == ("", "", (), {})
    assert clips.find_request(request).paper_id == paper_id
    again = clipping.save(store, a_clip())
    assert (again.paper_created, again.paper_id != paper_id) == (True, True)


def test_repeating_a_clip_after_a_purge_creates_nothing(store, folder):
    request = a_clip()
    saved = clipping.save(store, request)
    purge(store, saved.paper_id)
    again = clipping.save(store, request)
    assert (again.created, again.paper_id, papers.count(store)) == (False, saved.paper_id, 0)


def test_the_change_feed_reports_everything_purged_as_gone(store, folder, paper_id):
    cursor, _ = change_feed.since(store, None, 500)
    notes = [note.id for note in lookup.paper(store, paper_id).annotations]
    purge(store, paper_id)
    reported = {(change.kind, change.id): change.gone for change in change_feed.since(store, cursor, 500)[1]}
    assert all(reported["annotation", note_id] for note_id in notes)
    assert reported["paper", paper_id]
    assert [gone for (kind, _), gone in reported.items() if kind == "decision"] == [True]


def test_only_items_in_the_trash_can_be_purged(store, folder, paper_id):
    note = lookup.paper(store, paper_id).annotations[0]
    for what in ({"papers": [paper_id]}, {"annotations": [note.id]}):
        with pytest.raises(ConflictError):
            purging.purge(store, uuid7(), **what)
    annotations.trash(store, note.id)
    with pytest.raises(ConflictError):
        purging.purge(store, uuid7(), papers=[paper_id], annotations=[note.id])
    assert annotations.get(store, note.id).draft.body


def test_purging_a_note_keeps_its_paper_and_blocks_its_id(store, folder, paper_id):
    note = lookup.paper(store, paper_id).annotations[0]
    annotations.trash(store, note.id)
    purging.purge(store, uuid7(), annotations=[note.id])
    assert [a.id for a in lookup.paper(store, paper_id).annotations] != [note.id]
    with pytest.raises(NotFoundError):
        annotations.history(store, note.id)
    with pytest.raises(GoneError):
        annotations.put(store, note.id, paper_id, note.draft, None)
    assert AnnotationRow.get_by_id(note.id).body == ""


def test_purging_everything_empties_only_the_trash(store, folder, paper_id):
    other_id = lookup.paper_id(store, "2603.00003")
    note, _ = annotations.put(store, uuid7(), other_id, a_note("gone"), None)
    stays, _ = annotations.put(store, uuid7(), other_id, a_note("stays"), None)
    annotations.trash(store, note.id)
    trashing.trash(store, paper_id)
    asked = purging.purge(store, uuid7(), everything=True)
    assert set(asked.purge.annotation_ids) == {note.id}
    assert paper_id in asked.purge.paper_ids
    assert trashing.trashed(store, 10, 0) == trashing.trashed_annotations(store, 10) == []
    assert [a.id for a in lookup.paper(store, other_id).annotations] == [stays.id]


def test_repeating_a_purge_changes_nothing(store, folder, paper_id):
    first = purge(store, paper_id)
    assert purging.purge(store, first.purge.id, everything=True) == first


def test_housekeeping_purges_after_thirty_days(store, folder, paper_id):
    young = lookup.paper_id(store, "2603.00003")
    trashing.trash(store, paper_id)
    trashing.trash(store, young)
    papers.update(store, paper_id, deleted_at=timestamps.now() - trashing.RETENTION - timedelta(minutes=1))
    housekeeping.run_once(folder)
    with pytest.raises(NotFoundError):
        lookup.paper(store, paper_id)
    assert [paper.id for paper in trashing.trashed(store, 10, 0)] == [young]
    assert purging.purge_old(store) == 0
    assert len(purges.pending(store)) == 1


def test_backups_that_contain_purged_texts_are_listed_and_can_be_deleted(store, tmp_path):
    here = Settings(tmp_path)
    indexing.use_folder(tmp_path)
    clean = tmp_path / "before.db"
    backups.backup(here, clean)
    saved = clipping.save(store, a_clip()).paper_id
    note, _ = annotations.put(store, uuid7(), saved, a_note(), None)
    affected = tmp_path / "affected.db"
    backups.backup(here, affected)
    annotations.trash(store, note.id)
    asked = purging.purge(store, uuid7(), annotations=[note.id])
    after = tmp_path / "after.db"
    backups.backup(here, after)
    (backup,) = purging.state(store, asked.purge.id).backups
    assert backup.path == affected
    backups.delete_backup(backup.id)
    assert not affected.exists()
    assert clean.exists()
    assert purging.state(store, asked.purge.id).backups == ()
    with pytest.raises(NotFoundError):
        backups.delete_backup(backup.id)


def test_tags_of_a_purged_paper_are_kept(store, folder):
    saved = clipping.save(store, a_clip()).paper_id
    tagging.add(store, saved, "boats")
    purge(store, saved)
    assert [(tag.name, tag.paper_count) for tag in tagging.suggest(store)] == [("boats", 0)]


def test_a_purged_stub_can_be_pasted_again(store, folder):
    (pasted,) = stubs.paste(store, "2603.01234")
    purge(store, pasted.paper_id)
    (again,) = stubs.paste(store, "2603.01234")
    assert (again.outcome.value, again.paper_id != pasted.paper_id) == ("added", True)
