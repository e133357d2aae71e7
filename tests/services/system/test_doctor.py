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
from paperclipper.services.papers import clipping
from paperclipper.services.search import indexing
from paperclipper.services.system import doctor, extension_folder
from paperclipper.services.system.doctor import Status
from paperclipper.services.transfer import backups
from paperclipper.store.access import libraries
from paperclipper.store.database import database, timestamps
from paperclipper.store.papers import papers

OLDER = Path(__file__).parents[2] / "store/database/databases/0002_annotation_store.sql"
AS_ROOT = pytest.mark.skipif(os.getuid() != 0, reason="only root can give a file to another user")


@pytest.fixture
def settings(tmp_path, monkeypatch):
    """A data folder with one paper, in the index and in a backup."""
    # The catching-up thread never ends, so it would outlive the test.
    monkeypatch.setattr(indexing, "wake", lambda: None)
    settings = config.Settings(tmp_path / "data", port=1)
    data_folder.prepare_folder(settings)
    database.open_database(settings.database)
    indexing.use_folder(settings.data)
    with database.connection():
        clipping.save(libraries.default().id, a_clip())
        indexing.ensure_fresh(libraries.default().id)
        backups.make_daily_backup(timestamps.now().date())
    return settings


def check(settings):
    return {result.name: result for result in doctor.run_checks(settings)}


def test_a_healthy_installation_has_no_errors(settings, tmp_path):
    folder = extension_folder.install(tmp_path / "extension", settings)
    with running.running(settings.data) as server:
        results = check(settings)
    assert {name for name, result in results.items() if result.status is not Status.OK} == {"Browsers"}
    assert results["Database"].detail == "No damage found; 1 papers."
    assert f"port {server.port}" in results["Server"].detail
    assert str(folder) in results["Extension"].detail


def open_permissions(settings):
    settings.database.chmod(0o644)


def change_owner(settings):
    os.chown(settings.database, 65534, -1)


def damage_database(settings):
    pages = bytearray(settings.database.read_bytes())
    pages[4096:] = b"\0" * (len(pages) - 4096)
    settings.database.write_bytes(pages)


def leave_index_behind(settings):
    with database.connection():
        clipping.save(libraries.default().id, a_clip(title="Another", identifiers=()))


def change_behind_the_index(settings):
    with database.connection():
        database.proxy.execute_sql("UPDATE paper SET index_stamp = 1, deleted_at = modified_at")


def put_older_extension(settings):
    manifest = extension_folder.install(settings.data.parent / "extension", settings) / "manifest.json"
    manifest.write_text(manifest.read_text().replace(extension_folder.version(), "0.0.1"))


def delete_extension_folder(settings):
    shutil.rmtree(extension_folder.install(settings.data.parent / "extension", settings))


def set_clock_back(settings):
    with database.connection():
        library_id = libraries.default().id
        (paper,) = papers.newest(library_id, 1)
        database.proxy.execute_sql(
            "UPDATE paper SET modified_at = ?", (timestamps.to_text(timestamps.now() + timedelta(days=2)),)
        )
        assert paper


def delete_backups(settings):
    for copy in (settings.data / "backups").iterdir():
        copy.unlink()


@pytest.mark.parametrize(
    ("break_it", "name", "status", "fix"),
    [
        (open_permissions, "Data folder", Status.WARNING, "chmod"),
        (damage_database, "Database", Status.ERROR, "paperclipper restore"),
        pytest.param(change_owner, "Data folder", Status.ERROR, "chown", marks=AS_ROOT),
        (change_behind_the_index, "Search index", Status.ERROR, "index rebuild"),
        (put_older_extension, "Extension", Status.WARNING, "paperclipper extension"),
        (delete_extension_folder, "Extension", Status.WARNING, "paperclipper extension"),
        (leave_index_behind, "Search index", Status.WARNING, "index catch-up"),
        (set_clock_back, "Clock", Status.WARNING, "clock"),
        (delete_backups, "Backups", Status.WARNING, "paperclipper backup"),
        (lambda settings: None, "Server", Status.WARNING, "paperclipper serve"),
        (lambda settings: None, "Browsers", Status.WARNING, "Connect"),
    ],
)
def test_each_problem_is_found_with_its_fix(settings, break_it, name, status, fix):
    break_it(settings)
    result = check(settings)[name]
    assert result.status is status
    assert fix in result.fix


def test_a_damaged_database_is_reported_with_its_newest_backup(settings):
    damage_database(settings)
    results = check(settings)
    assert str(settings.data / "backups") in results["Database"].fix
    assert "Search index" not in results


def test_a_missing_database_is_not_created_if_there_are_backups(settings):
    settings.database.unlink()
    result = check(settings)["Database"]
    assert result.status is Status.ERROR
    assert result.detail == "The database file is missing, but there are backups."
    assert f"paperclipper restore {settings.data}/backups/" in result.fix
    assert not settings.database.exists()


@pytest.mark.parametrize("mark", ["Dropbox/papers", ".stfolder"])
def test_a_synchronised_folder_is_an_error(tmp_path, mark):
    (tmp_path / mark).mkdir(parents=True)
    settings = config.Settings(tmp_path / "Dropbox/papers" if "Dropbox" in mark else tmp_path / "papers")
    data_folder.prepare_folder(settings)
    assert check(settings)["Location"].status is Status.ERROR
    assert "--data" in check(settings)["Location"].fix


@pytest.mark.parametrize(("times", "status"), [(2, Status.WARNING), (100, Status.ERROR)])
def test_little_disk_space_is_reported(settings, monkeypatch, times, status):
    # The threshold is raised, because the disk cannot be filled.
    monkeypatch.setattr(doctor, "_LOW_SPACE", shutil.disk_usage(settings.data).free * times)
    assert check(settings)["Disk"].status is status
    assert "space" in check(settings)["Disk"].fix


def test_a_port_in_use_by_another_program_is_reported(settings):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings = config.Settings(settings.data, taken.getsockname()[1])
        assert "another program" in check(settings)["Server"].detail


def test_a_missing_folder_is_reported(tmp_path):
    results = check(config.Settings(tmp_path / "none"))
    assert results["Data folder"].status is Status.ERROR


def test_no_database_is_created_in_an_empty_folder(tmp_path):
    settings = config.Settings(tmp_path / "data", port=1)
    data_folder.prepare_folder(settings)
    assert "serve" in check(settings)["Database"].fix
    assert not settings.database.exists()


def test_an_older_database_is_reported_and_not_migrated(tmp_path):
    settings = config.Settings(tmp_path / "data", port=1)
    data_folder.prepare_folder(settings)
    with closing(sqlite3.connect(settings.database)) as file:
        file.executescript(OLDER.read_text())
    settings.database.chmod(0o600)
    before = settings.database.read_bytes()
    assert "Restart the server" in check(settings)["Database"].fix
    assert settings.database.read_bytes() == before


def test_a_server_that_does_not_respond_is_reported(settings):
    with data_folder.lock(settings.data, running.free_port()):
        result = check(settings)["Server"]
    assert result.status is Status.ERROR
    assert "service status" in result.fix


class Older(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps({"app": "paperclipper", "version": "0.0.1"}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def test_a_server_of_another_version_is_reported(settings):
    with http.server.HTTPServer(("127.0.0.1", 0), Older) as server:
        answering = threading.Thread(target=server.serve_forever)
        answering.start()
        with data_folder.lock(settings.data, server.server_address[1]):
            result = check(settings)["Versions"]
        server.shutdown()
        answering.join()
    assert result.status is Status.WARNING
    assert "0.0.1" in result.detail
    assert "Restart the server" in result.fix
