import os
import shutil
import sqlite3
import stat
from contextlib import closing

import pytest

from builders import a_clip
from paperclipper import config, data_folder
from paperclipper.errors import DataFolderError, GoneError, InvalidInputError, StoreDamagedError, StoreError
from paperclipper.model import Scope
from paperclipper.services.access import libraries, tokens
from paperclipper.services.history import change_feed
from paperclipper.services.papers import clipping, editing, lookup
from paperclipper.services.papers.editing import PaperEdit
from paperclipper.services.search import indexing, searching
from paperclipper.services.search.searching import SearchRequest
from paperclipper.services.transfer import backups
from paperclipper.store.database import database


@pytest.fixture
def installation(tmp_path, monkeypatch):
    """Return a function that creates an installation: an open database in its own data folder."""
    # The catching-up thread never ends, so it would outlive the test.
    monkeypatch.setattr(indexing, "wake", lambda: None)

    def make(name="here"):
        settings = config.Settings(tmp_path / name)
        data_folder.prepare_folder(settings)
        database.open_database(settings.database)
        indexing.use_folder(settings.data)
        return settings

    return make


def clip(*words):
    """Save one paper for each word, which occurs only in its title."""
    requests = [a_clip(title=f"Folding {word}", abstract="", identifiers=()) for word in words]
    return [saved.paper_id for saved in clipping.save_many(libraries.default_id(), requests)]


def words(prefix, count):
    return [f"{prefix}{chr(97 + number // 26)}{chr(97 + number % 26)}" for number in range(count)]


def titles(q=""):
    found = searching.search(libraries.default_id(), SearchRequest(q, limit=100))
    assert found.behind == 0
    return {item.paper.facts.title for item in found.items}


def test_writing_continues_after_a_backup_and_a_restore(installation, tmp_path):
    here, file = installation(), tmp_path / "copy.db"
    with database.connection():
        kept = clip(*words("kept", 10))[0]
        library_id = libraries.default_id()
        base = str(lookup.paper(library_id, kept).version)
        edited = editing.edit(library_id, kept, PaperEdit(frozenset({"starred"}), starred=True), base)
    assert backups.backup(here, file) == 10
    with database.connection():
        clip(*words("lost", 20))
        cursor = change_feed.since(library_id, None, 1000)[0]
        assert len(titles("folding")) == 30
    assert backups.restore(here, file).papers == 10
    with database.connection():
        assert libraries.default_id() == library_id
        assert len(titles("folding")) == 10
        clip(*words("later", 30))
        assert len(titles()) == len(titles("folding")) == 40
        assert titles("keptaa") == {"Folding keptaa"}
        assert titles("laterbc") == {"Folding laterbc"}
        assert not titles("lostaa")
        assert not indexing.verify(library_id, deep=True)
        with pytest.raises(GoneError):
            change_feed.since(library_id, cursor, 1000)
        paper = lookup.paper(library_id, kept)
        assert paper.starred
        assert paper.version != edited.version
        assert paper.version.changed == edited.version.changed


def test_the_replaced_database_is_kept_complete(installation, tmp_path):
    here, file = installation(), tmp_path / "copy.db"
    with database.connection():
        clip("first")
    backups.backup(here, file)
    with database.connection():
        clip("second")
    restored = backups.restore(here, file)
    assert restored.previous.parent == here.data
    with database.connection():
        assert titles() == {"Folding first"}
    assert backups.restore(here, restored.previous).papers == 2
    with database.connection():
        assert titles() == {"Folding first", "Folding second"}


def test_the_backup_is_only_read(installation, tmp_path):
    here, file = installation(), tmp_path / "copy.db"
    backups.backup(here, file)
    file.chmod(0o400)
    before = file.read_bytes()
    backups.restore(here, file)
    assert file.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.db", "here"]


def test_no_temporary_files_are_left_in_the_data_folder(installation, tmp_path):
    here, file = installation(), tmp_path / "copy.db"
    before = set(os.listdir(here.data))
    backups.backup(here, file)
    kept = backups.restore(here, file).previous
    assert set(os.listdir(here.data)) == before | {kept.name, "server.lock", "paperclipper.write-lock"}
    assert stat.S_IMODE(here.database.stat().st_mode) == 0o600


def test_paired_browsers_stay_connected_and_revoked_tokens_stay_revoked(installation, tmp_path):
    here, file = installation(), tmp_path / "copy.db"
    with database.connection():
        instance_id, library_id = libraries.instance_id(), libraries.default_id()
        _, going_on = tokens.create(library_id, "paired", [Scope.READ])
        leaving, left = tokens.create(library_id, "lost laptop", [Scope.READ])
    backups.backup(here, file)
    with database.connection():
        tokens.revoke(library_id, leaving.id)
    backups.restore(here, file)
    with database.connection():
        assert libraries.instance_id() == instance_id
        assert tokens.authenticate(going_on)
        assert tokens.authenticate(left) is None


def test_restoring_keeps_the_id_of_this_installation(installation, tmp_path):
    file = tmp_path / "copy.db"
    there = installation("there")
    with database.connection():
        clip("abroad")
        elsewhere = libraries.instance_id()
    backups.backup(there, file)
    here = installation()
    with database.connection():
        instance_id = libraries.instance_id()
    backups.restore(here, file)
    with database.connection():
        assert libraries.instance_id() == instance_id != elsewhere
        assert titles() == {"Folding abroad"}


def test_restoring_to_an_empty_folder_restores_the_installation_id(installation, tmp_path):
    file = tmp_path / "copy.db"
    there = installation("there")
    with database.connection():
        instance_id = libraries.instance_id()
    backups.backup(there, file)
    shutil.rmtree(there.data)
    data_folder.prepare_folder(there)
    assert backups.restore(there, file) == backups.Restored(0, None)
    with database.connection():
        assert libraries.instance_id() == instance_id


def test_a_damaged_database_can_be_restored_and_is_kept(installation, tmp_path):
    here, file = installation(), tmp_path / "copy.db"
    with database.connection():
        clip("safe")
    backups.backup(here, file)
    damage = b"not a database " * 1000
    here.database.write_bytes(damage)
    assert backups.restore(here, file).previous.read_bytes() == damage
    with database.connection():
        assert titles() == {"Folding safe"}


def newer(path):
    with closing(sqlite3.connect(path)) as copy, copy:
        copy.execute("INSERT INTO schema_migration (name, applied) VALUES ('9999_later', '2026-01-01')")


def truncated(path):
    os.truncate(path, path.stat().st_size // 2)


def of_another_program(path):
    path.unlink()
    with closing(sqlite3.connect(path)) as other, other:
        other.execute("CREATE TABLE recipe (name TEXT)")


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (newer, "newer version"),
        (truncated, "damaged"),
        (of_another_program, "not a Paperclipper database"),
        (lambda path: path.write_text("a shopping list"), "damaged"),
    ],
)
def test_an_invalid_backup_changes_nothing(installation, tmp_path, damage, message):
    here, file = installation(), tmp_path / "copy.db"
    with database.connection():
        clip("safe")
    backups.backup(here, file)
    damage(file)
    with pytest.raises(StoreDamagedError, match=message):
        backups.restore(here, file)
    database.open_database(here.database)
    with database.connection():
        assert titles() == {"Folding safe"}
    assert not list(here.data.glob("*restore*"))


def test_restoring_is_refused_while_a_server_runs(installation, tmp_path):
    here, file = installation(), tmp_path / "copy.db"
    backups.backup(here, file)
    with data_folder.lock(here.data, 8377), pytest.raises(DataFolderError, match="port 8377"):
        backups.restore(here, file)


def test_a_missing_backup_is_reported_with_its_path(installation, tmp_path):
    with pytest.raises(FileNotFoundError, match=r"nowhere\.db"):
        backups.restore(installation(), tmp_path / "nowhere.db")


def test_the_database_is_never_backed_up_onto_itself(installation, tmp_path):
    here = installation()
    (tmp_path / "link").symlink_to(here.data)
    with pytest.raises(InvalidInputError):
        backups.backup(here, tmp_path / "link" / here.database.name)


def test_a_failed_backup_keeps_the_previous_one(installation, tmp_path):
    here, file = installation(), tmp_path / "copy.db"
    backups.backup(here, file)
    before = file.read_bytes()
    here.database.write_bytes(b"not a database " * 1000)
    for log in here.data.glob("*-wal"):
        log.unlink()
    with pytest.raises(StoreError):
        backups.backup(here, file)
    assert file.read_bytes() == before
