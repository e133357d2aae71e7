import sqlite3
from contextlib import closing

import pytest

import running
from paperclipper.config import Settings
from paperclipper.services.access import sessions
from paperclipper.web.app import create_app
from web.api import examples
from web.pages import reading


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The real server, with three workers and a library of one paper."""
    with running.running(tmp_path_factory.mktemp("served") / "data") as it:
        saved = it.ask("PUT", examples.address("/api/v1/clips/<clip_id>"), examples.clip())
        assert saved.status == 201, saved.body
        yield it


@pytest.fixture(scope="module")
def cookie(server):
    """The session cookie of the reader."""
    return server.session()


@pytest.fixture
def rows(server):
    """A function that returns all rows of all tables."""

    def read():
        with closing(sqlite3.connect(f"file:{server.data}/paperclipper.db?mode=ro", uri=True)) as database:
            return list(database.iterdump())

    return read


@pytest.fixture
def app(store, tmp_path):
    return create_app(Settings(tmp_path))


@pytest.fixture
def stranger(app):
    """A browser that is not signed in."""
    app.test_client_class = reading.Browser
    return app.test_client()


@pytest.fixture
def reader(stranger, store):
    """A browser that is signed in."""
    reading.post(stranger, "/sign-in", code=sessions.create_sign_in_code(store))
    return stranger
