import socket
from datetime import timedelta

import pytest

from builders import a_clip
from paperclipper import config
from paperclipper.services import backing_up, clipping, doctoring, finding, holding, indexing
from paperclipper.services.doctoring import Verdict
from paperclipper.store import database, libraries, moments, papers


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A data folder with one paper, in the index and in a backup."""
    # The thread that follows the store never ends: it would outlive its test.
    monkeypatch.setattr(indexing, "wake", lambda: None)
    settings = config.Settings(tmp_path / "data", port=1)
    config.prepare_folder(settings)
    database.open_database(settings.database)
    indexing.use_folder(settings.data)
    with database.connection():
        clipping.save(finding.default_library_id(), a_clip())
        indexing.ensure_fresh(finding.default_library_id())
        backing_up.back_up_today(moments.now().date())
    return settings


def found(settings):
    return {each.about: each for each in doctoring.examine(settings)}


def test_what_is_well_is_said_to_be(here):
    with holding.held(here.data, 8377):
        checked = found(here)
    assert {about for about, each in checked.items() if each.verdict is not Verdict.GOOD} == {"Browsers"}
    assert checked["Database"].said == "Sound, with 1 papers."
    assert "port 8377" in checked["Server"].said


def spoil_permissions(here):
    here.database.chmod(0o644)


def spoil_database(here):
    pages = bytearray(here.database.read_bytes())
    pages[4096:] = b"\0" * (len(pages) - 4096)
    here.database.write_bytes(pages)


def spoil_index(here):
    with database.connection():
        clipping.save(libraries.default().id, a_clip(title="Another", identifiers=()))


def spoil_clock(here):
    with database.connection():
        library_id = libraries.default().id
        (paper,) = papers.newest(library_id, 1)
        database.proxy.execute_sql(
            "UPDATE paper SET modified_at = ?", (moments.text(moments.now() + timedelta(days=2)),)
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


def test_a_folder_that_others_copy_is_no_place(tmp_path):
    settings = config.Settings(tmp_path / "Dropbox" / "papers")
    config.prepare_folder(settings)
    assert found(settings)["Place"].verdict is Verdict.BAD


def test_a_port_that_another_program_uses_is_told(here):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings = config.Settings(here.data, taken.getsockname()[1])
        assert "another program" in found(settings)["Server"].said


def test_a_folder_that_is_not_there_is_told(tmp_path):
    checked = found(config.Settings(tmp_path / "none"))
    assert checked["Data folder"].verdict is Verdict.BAD
