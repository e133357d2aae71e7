"""A library never shows or changes another's data: every route, called by the reader of another library."""

import sqlite3
from contextlib import closing
from urllib.parse import urlencode

import pytest

import running
from builders import uuid7
from web.api import examples

# In every text of one library, and in no response to the other.
MARKER = "xylographmarker"
EVERY_SCOPE = ("read", "clip", "write", "admin")
# Routes that end the session of the caller.
ENDS_SESSIONS = {"/sign-in", "/sign-out", "/sign-out/everywhere", "/settings/password/remove"}
# Routes that do not belong to a library.
MOVES_BY_ITSELF = {"last_used_at", "last_seen_at", "clean_at"}
SHARED = {"/api/v1/backups/<backup_id>", "/api/v1/pairings/<pairing_id>/token"}


@pytest.fixture(scope="module")
def stranger(server):
    """A token with all scopes for another library, and the session cookie of its reader."""
    running.command("library", "add", "other", data=server.data)
    return server.token(*EVERY_SCOPE, library="other"), server.session("other")


@pytest.fixture(scope="module")
def theirs(server):
    """Path parameters of the first library, where every resource contains the marker."""

    def ask(method, path, body=None, headers=()):
        answer = server.ask(method, f"/api/v1{path}", body, headers, token=EVERY_SCOPE)
        assert answer.status in (200, 201), answer.body
        return answer

    clip_id, note_id, action_id, purge_id = uuid7(), uuid7(), uuid7(), uuid7()
    clip = examples.clip("2603.07777", title=f"Of {MARKER}", abstract=MARKER)
    paper = ask("PUT", f"/clips/{clip_id}", clip).json()["paper"]
    ref = f"/papers/{paper['id']}"
    edited = ask("PATCH", ref, {"venue": MARKER}, {"If-Match": f'"{paper["version"]}"'}).json()
    note = {"paper": paper["id"], "kind": "note", "body": MARKER}
    made = ask("PUT", f"/annotations/{note_id}", note)
    ask("PUT", f"/annotations/{note_id}", note | {"body": f"{MARKER} 2"}, {"If-Match": made.headers["ETag"]})
    ask("PUT", f"/bulk/{action_id}", {"papers": [paper["id"]], "add_tags": [MARKER]})
    ask("PUT", f"/purges/{purge_id}", {"everything": True})
    (tag,) = ask("GET", f"/tags?prefix={MARKER}").json()["items"]
    (token,) = [t for t in ask("GET", "/tokens").json()["items"] if set(t["scopes"]) == set(EVERY_SCOPE)]
    return {
        "<path:ref>": paper["id"],
        "<paper_id>": paper["id"],
        "<path:name>": MARKER,
        "<clip_id>": clip_id,
        "<annotation_id>": note_id,
        "<uuid:note_id>": note_id,
        "<tag_id>": tag["id"],
        "<action_id>": action_id,
        "<purge_id>": purge_id,
        "<token_id>": token["id"],
        "<version>": made.json()["version"],
        "version": edited["version"],
    }


def address(rule, theirs):
    for part, value in theirs.items():
        rule = rule.replace(part, value)
    return examples.address(rule)


def rows_of(server, library_id):
    """Return every row of the library, of all tables."""
    found = []
    with closing(sqlite3.connect(f"file:{server.data}/paperclipper.db?mode=ro", uri=True)) as database:
        tables = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            columns = [row[1] for row in database.execute(f'PRAGMA table_info("{table}")')]
            if "library_id" in columns:
                kept = ", ".join(f'"{column}"' for column in columns if column not in MOVES_BY_ITSELF)
                query = f'SELECT {kept} FROM "{table}" WHERE library_id = ?'
                found += [(table, *row) for row in database.execute(query, (library_id,))]
    return sorted(found, key=repr)


@pytest.fixture(scope="module")
def library_id(server):
    listed = running.command("library", "list", data=server.data).splitlines()
    return dict(line.split("\t") for line in listed)["library"]


def test_no_api_route_shows_or_changes_another_library(server, stranger, theirs, library_id):
    before = rows_of(server, library_id)
    assert MARKER in repr(before)
    headers = {"Authorization": f"Bearer {stranger[0]}", "If-Match": f'"{theirs["version"]}"'}
    for method, rule in examples.routes():
        if not examples.is_api(rule) or rule in SHARED:
            continue
        body = examples.BODIES.get((method, rule))
        body = body and _about(body, theirs)
        answer = server.ask(
            method, address(rule, theirs), body if method != "GET" else None, headers, token=()
        )
        assert answer.status < 500, (method, rule, answer.body)
        assert MARKER not in answer.body.decode("utf-8", "replace").replace(address(rule, theirs), ""), (
            method,
            rule,
        )
        assert rows_of(server, library_id) == before, (method, rule)


def _about(body, theirs):
    """Return the body with references to papers, tags and notes of the first library."""
    others = {
        "paper": theirs["<path:ref>"],
        "papers": [theirs["<path:ref>"]],
        "tag": theirs["<tag_id>"],
        "annotations": [theirs["<annotation_id>"]],
    }
    return body | {
        name: value for name, value in others.items() if name in body and not isinstance(body[name], dict)
    }


def test_no_page_shows_or_changes_another_library(server, stranger, theirs, library_id):
    before = rows_of(server, library_id)
    for method, rule in examples.routes():
        if examples.is_api(rule) or rule in SHARED | ENDS_SESSIONS:
            continue
        headers = {"Cookie": stranger[1]}
        form = None
        if method == "POST":
            form = urlencode(
                {"body": "mine", "id": uuid7(), "tag": "mine", "paper": theirs["<paper_id>"]}
            ).encode()
            headers |= {"Origin": server.origin, "Content-Type": running.FORM}
        answer = server.ask(method, address(rule, theirs), form, headers, token=())
        assert answer.status < 500, (method, rule, answer.body)
        assert MARKER not in answer.body.decode("utf-8", "replace"), (method, rule)
        assert rows_of(server, library_id) == before, (method, rule)


def test_a_search_finds_nothing_in_another_library(server, stranger, theirs):
    for token, total in [(server.token("read"), 1), (stranger[0], 0)]:
        found = server.ask(
            "GET", f"/api/v1/papers?q={MARKER}", headers={"Authorization": f"Bearer {token}"}, token=()
        )
        assert found.json()["total"] == total


def test_two_libraries_can_have_the_same_paper(server, stranger, theirs):
    clip = examples.clip("2603.07777", title="The other reader's")
    headers = {"Authorization": f"Bearer {stranger[0]}"}
    saved = server.ask("PUT", f"/api/v1/clips/{uuid7()}", clip, headers, token=())
    assert (saved.status, saved.json()["paper"]["title"]) == (201, "The other reader's")
    assert server.ask("GET", f"/api/v1/papers/{theirs['<path:ref>']}").json()["title"] == f"Of {MARKER}"


def test_the_clip_id_of_another_library_is_a_conflict(server, stranger, theirs):
    headers = {"Authorization": f"Bearer {stranger[0]}"}
    clip = examples.clip("2603.07777", title=f"Of {MARKER}", abstract=MARKER)
    assert server.ask("PUT", f"/api/v1/clips/{theirs['<clip_id>']}", clip, headers, token=()).status == 409
