import sqlite3
from contextlib import closing

import pytest

import examples
import running


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The real server, with three workers, over a library of its own that holds one paper."""
    with running.running(tmp_path_factory.mktemp("served") / "data") as it:
        saved = it.ask("PUT", examples.address("/api/v1/clips/<clip_id>"), examples.clip())
        assert saved.status == 201, saved.body
        yield it


@pytest.fixture(scope="module")
def cookie(server):
    """The cookie of the reader's session."""
    return server.session()


@pytest.fixture
def rows(server):
    """All rows of all tables, as they are when it is called."""

    def read():
        with closing(sqlite3.connect(f"file:{server.data}/paperclipper.db?mode=ro", uri=True)) as database:
            return list(database.iterdump())

    return read
