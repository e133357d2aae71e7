import http.server
import json
import os
import shutil
import socket
import sqlite3
import threading
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

import running
from builders import a_clip
from paperclipper import config, data_folder
from paperclipper.services.papers import clipping, lookup
from paperclipper.services.search import indexing
from paperclipper.services.system import doctor, extension_folder
from paperclipper.services.system.doctor import Verdict
from paperclipper.services.transfer import backups
from paperclipper.store.access import libraries
from paperclipper.store.database import database, timestamps
from paperclipper.store.papers import papers

OLDER = Path(__file__).parents[2] / "store/database/databases/0002_annotation_store.sql"
AS_ROOT = pytest.mark.skipif(os.getuid() != 0, reason="only root can give a file to another user")


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A data folder with one paper, in the index and in a backup."""
    # The thread that follows the store never ends: it would outlive its test.
    monkeypatch.setattr(indexing, "wake", lambda: None)
    settings = config.Settings(tmp_path / "data", port=1)
    data_folder.prepare_folder(settings)
    database.open_database(settings.database)
    indexing.use_folder(settings.data)
    with database.connection():
        clipping.save(lookup.default_library_id(), a_clip())
        indexing.ensure_fresh(lookup.default_library_id())
        backups.back_up_today(timestamps.now().date())
    return settings


def found(settings):
    return {each.about: each for each in doctor.examine(settings)}


def test_what_is_well_is_said_to_be(here, tmp_path):
    folder = extension_folder.put(tmp_path / "extension", here)
    with running.running(here.data) as server:
        checked = found(here)
    assert {about for about, each in checked.items() if each.verdict is not Verdict.GOOD} == {"Browsers"}
    assert checked["Database"].said == "Sound, with 1 papers."
    assert f"port {server.port}" in checked["Server"].said
    assert str(folder) in checked["Extension"].said


def spoil_permissions(here):
    here.database.chmod(0o644)


def spoil_ownership(here):
    os.chown(here.database, 65534, -1)


def spoil_database(here):
    pages = bytearray(here.database.read_bytes())
    pages[4096:] = b"\0" * (len(pages) - 4096)
    here.database.write_bytes(pages)


def spoil_index(here):
    with database.connection():
        clipping.save(libraries.default().id, a_clip(title="Another", identifiers=()))


def spoil_what_the_index_holds(here):
    with database.connection():
        database.proxy.execute_sql("UPDATE paper SET index_stamp = 1, deleted_at = modified_at")


def spoil_extension(here):
    manifest = extension_folder.put(here.data.parent / "extension", here) / "manifest.json"
    manifest.write_text(manifest.read_text().replace(extension_folder.version(), "0.0.1"))


def spoil_folder_of_extension(here):
    shutil.rmtree(extension_folder.put(here.data.parent / "extension", here))


def spoil_clock(here):
    with database.connection():
        library_id = libraries.default().id
        (paper,) = papers.newest(library_id, 1)
        database.proxy.execute_sql(
            "UPDATE paper SET modified_at = ?", (timestamps.text(timestamps.now() + timedelta(days=2)),)
        )
        assert paper


def spoil_copies(here):
    for copy in (here.data / "backups").iterdir():
        copy.unlink()


@pytest.mark.parametrize(
    ("spoil", "about", "verdict", "cure"),
    [
        (spoil_permissions, "Data folder", Verdict.CARE, "chmod"),
        (spoil_database, "Database", Verdict.BAD, "paperclipper restore"),
        pytest.param(spoil_ownership, "Data folder", Verdict.BAD, "chown", marks=AS_ROOT),
        (spoil_what_the_index_holds, "Search index", Verdict.BAD, "index rebuild"),
        (spoil_extension, "Extension", Verdict.CARE, "paperclipper extension"),
        (spoil_folder_of_extension, "Extension", Verdict.CARE, "paperclipper extension"),
        (spoil_index, "Search index", Verdict.CARE, "index catch-up"),
        (spoil_clock, "Clock", Verdict.CARE, "clock"),
        (spoil_copies, "Backups", Verdict.CARE, "paperclipper backup"),
        (lambda here: None, "Server", Verdict.CARE, "paperclipper serve"),
        (lambda here: None, "Browsers", Verdict.CARE, "Connect"),
    ],
)
def test_what_is_wrong_is_found_with_its_cure(here, spoil, about, verdict, cure):
    spoil(here)
    checked = found(here)[about]
    assert checked.verdict is verdict
    assert cure in checked.cure


def test_a_damaged_database_is_told_and_its_newest_copy_named(here):
    spoil_database(here)
    checked = found(here)
    assert str(here.data / "backups") in checked["Database"].cure
    assert "Search index" not in checked


def test_a_database_that_is_gone_is_not_taken_for_one_to_be_begun(here):
    here.database.unlink()
    checked = found(here)["Database"]
    assert (checked.verdict, checked.said) == (Verdict.BAD, "It is gone; backups of it are here.")
    assert f"paperclipper restore {here.data}/backups/" in checked.cure
    assert not here.database.exists()


@pytest.mark.parametrize("mark", ["Dropbox/papers", ".stfolder"])
def test_a_folder_that_others_copy_is_no_place(tmp_path, mark):
    (tmp_path / mark).mkdir(parents=True)
    settings = config.Settings(tmp_path / "Dropbox/papers" if "Dropbox" in mark else tmp_path / "papers")
    data_folder.prepare_folder(settings)
    assert found(settings)["Place"].verdict is Verdict.BAD
    assert "--data" in found(settings)["Place"].cure


@pytest.mark.parametrize(("times", "verdict"), [(2, Verdict.CARE), (100, Verdict.BAD)])
def test_a_disk_with_little_room_is_told(here, monkeypatch, times, verdict):
    # What counts as little grows, since the disk does not shrink.
    monkeypatch.setattr(doctor, "_LITTLE_ROOM", shutil.disk_usage(here.data).free * times)
    assert found(here)["Disk"].verdict is verdict
    assert "room" in found(here)["Disk"].cure


def test_a_port_that_another_program_uses_is_told(here):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings = config.Settings(here.data, taken.getsockname()[1])
        assert "another program" in found(settings)["Server"].said


def test_a_folder_that_is_not_there_is_told(tmp_path):
    checked = found(config.Settings(tmp_path / "none"))
    assert checked["Data folder"].verdict is Verdict.BAD


def test_a_folder_in_which_nothing_is_yet_stays_so(tmp_path):
    settings = config.Settings(tmp_path / "data", port=1)
    data_folder.prepare_folder(settings)
    assert "serve" in found(settings)["Database"].cure
    assert not settings.database.exists()


def test_an_older_database_is_told_and_left_as_it_is(tmp_path):
    settings = config.Settings(tmp_path / "data", port=1)
    data_folder.prepare_folder(settings)
    with closing(sqlite3.connect(settings.database)) as file:
        file.executescript(OLDER.read_text())
    settings.database.chmod(0o600)
    before = settings.database.read_bytes()
    assert "Start the server" in found(settings)["Database"].cure
    assert settings.database.read_bytes() == before


def test_a_server_that_holds_the_folder_and_says_nothing_is_told(here):
    with data_folder.held(here.data, running.free_port()):
        checked = found(here)["Server"]
    assert checked.verdict is Verdict.BAD
    assert "service status" in checked.cure


class Older(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps({"app": "paperclipper", "version": "0.0.1"}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def test_a_server_of_another_version_is_told(here):
    with http.server.HTTPServer(("127.0.0.1", 0), Older) as server:
        answering = threading.Thread(target=server.serve_forever)
        answering.start()
        with data_folder.held(here.data, server.server_address[1]):
            checked = found(here)["Versions"]
        server.shutdown()
        answering.join()
    assert checked.verdict is Verdict.CARE
    assert "0.0.1" in checked.said
    assert "Start the server anew" in checked.cure
