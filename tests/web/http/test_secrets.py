"""Secrets are in no file: not in the database, its log, the index, backups, exports or output.

Only the owner can read the data folder, whatever the umask.
"""

import os
import stat
import urllib.parse

import pytest

import running
from builders import uuid7
from paperclipper.services.access.tokens import hash_secret
from web.api import examples

PASSWORD = "seven boats go to sea"
EXTENSION = "moz-extension://7c9e6679-1111-4222-8333-444455556666"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server started with the usual umask."""
    before = os.umask(0o022)
    try:
        with running.running(tmp_path_factory.mktemp("secrets") / "data") as it:
            yield it
    finally:
        os.umask(before)


@pytest.fixture(scope="module")
def secrets(server):
    """Secrets of every kind, after using each."""
    made = {
        "token": server.token("read", "clip"),
        "owner's token": server.token("read", "clip", "write", "admin"),
    }
    cookie = server.session()
    made["session"] = cookie.partition("=")[2]
    made["paired token"] = server.pair(EXTENSION, cookie)
    asked = {"name": "A script", "scopes": ["read"]}
    answer = server.ask("POST", "/api/v1/tokens", asked, token=("read", "clip", "write", "admin")).json()
    made["token of the API"] = answer["token"]
    made["used link"] = _use_a_link(server)
    made["password"] = PASSWORD
    running.command("library", "password", "library", data=server.data, input=f"{PASSWORD}\n{PASSWORD}\n")
    made["session by password"] = _sign_in(server, library="library", password=PASSWORD)
    _use_wrongly(server, made)
    return made


def _sign_in(server, **form):
    headers = {"Origin": server.origin, "Content-Type": running.FORM}
    answer = server.ask("POST", "/sign-in", urllib.parse.urlencode(form).encode(), headers, token=())
    assert answer.status == 303, answer.body
    return answer.headers["Set-Cookie"].partition(";")[0].partition("=")[2]


def _use_a_link(server):
    code = running.command("open", data=server.data).splitlines()[0].rpartition("#")[2]
    _sign_in(server, code=code)
    return code


def _use_wrongly(server, made):
    """Use secrets in wrong places: the URL, another authentication scheme, an invalid body."""
    for secret in made.values():
        quoted = urllib.parse.quote(secret)
        for path in (
            f"/api/v1/papers?q={quoted}",
            f"/api/v1/papers?token={quoted}",
            f"/{quoted}",
            f"/?q={quoted}",
        ):
            server.ask("GET", path)
        server.ask("GET", "/api/v1/papers", headers={"Authorization": f"Token {secret}"}, token=())
        server.ask("POST", "/api/v1/papers/lookup", {"token": secret})
        server.ask("PUT", f"/api/v1/clips/{uuid7()}", {"token": secret})


@pytest.fixture(scope="module")
def written(server, secrets, tmp_path_factory):
    """All files, after saving, searching, a backup, an export and a rebuild of the index."""
    folder = tmp_path_factory.mktemp("written")
    assert server.ask("PUT", examples.address("/api/v1/clips/<clip_id>"), examples.clip()).status == 201
    assert server.ask("GET", "/api/v1/papers?q=boats").json()["total"] == 1
    outputs = [
        running.command("backup", str(folder / "copy.db"), data=server.data),
        running.command("export", str(folder / "notes"), "--format", "markdown", data=server.data),
        running.command("index", "rebuild", data=server.data),
        running.command("token", "list", data=server.data),
    ]
    (folder / "printed").write_text("\n".join(outputs))
    archive = server.ask("GET", "/api/v1/export/markdown", token=("write",))
    (folder / "notes.zip").write_bytes(archive.body)
    return [path for root in (server.data, folder) for path in root.rglob("*") if path.is_file()] + [
        server.log
    ]


def test_no_file_contains_a_secret(server, secrets, written):
    names = {path.name for path in written}
    assert {
        "paperclipper.db",
        "paperclipper.db-wal",
        "copy.db",
        "notes.zip",
        "printed",
        server.log.name,
    } <= names
    assert [path for path in written if path.parent.name == "backups"]
    for path in written:
        content = path.read_bytes()
        assert [name for name, secret in secrets.items() if secret.encode() in content] == [], path


def test_hashes_of_secrets_are_found_in_the_same_way(server, secrets, written):
    kept = b"".join(path.read_bytes() for path in written)
    assert hash_secret(secrets["token"]).encode() in kept
    assert hash_secret(secrets["session"]).encode() in kept


def test_no_response_contains_a_secret(server, secrets):
    page = {"headers": {"Cookie": server.session()}, "token": ()}
    api = {"token": ("read", "clip", "write", "admin")}
    for rule in [rule for method, rule in examples.routes() if method == "GET"]:
        body = server.ask("GET", examples.address(rule), **(api if examples.is_api(rule) else page)).body
        assert [name for name, secret in secrets.items() if secret.encode() in body] == [], rule


def test_only_the_owner_can_read_the_data_folder(server, written):
    # After `written`, to include the merged index and what the commands left.
    for path in [server.data, *server.data.rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_exported_files_follow_the_umask(written):
    notes = [path for path in written if path.suffix == ".md"]
    assert notes
    assert {stat.S_IMODE(path.stat().st_mode) for path in notes} == {0o644}


def test_only_the_owner_can_read_restored_files(server, written, tmp_path):
    (copy,) = [path for path in written if path.name == "copy.db"]
    data = tmp_path / "data"
    for _ in range(2):
        running.command("restore", str(copy), data=data)
    running.command("index", "catch-up", data=data)
    for path in [data, *data.rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path
