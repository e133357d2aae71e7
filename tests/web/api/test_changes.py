"""Changes over the API, against the real server: the feed of changes, bulk edits, the trash."""

import time
from urllib.parse import quote

import pytest

import running
from builders import uuid7
from web.api import examples
from web.api.examples import numbers
from web.api.replies import problem


def test_changes_list_every_change_in_order(server, paper):
    everything, cursor, more = [], "", True
    while more:
        page = server.ask("GET", f"/api/v1/changes?limit=3&since={cursor}").json()
        everything, cursor, more = everything + page["items"], page["next"], page["more"]
    stamps = [item["stamp"] for item in everything]
    assert stamps == sorted(set(stamps))
    assert paper["id"] in [item["id"] for item in everything]
    assert server.ask("GET", f"/api/v1/changes?since={cursor}").json() == {
        "items": [],
        "next": cursor,
        "more": False,
    }
    server.ask(
        "PATCH", f"/api/v1/papers/{paper['id']}", {"starred": True}, {"If-Match": f'"{paper["version"]}"'}
    )
    after = server.ask("GET", f"/api/v1/changes?since={cursor}").json()["items"]
    assert [(item["kind"], item["id"], item["paper"]["starred"]) for item in after] == [
        ("paper", paper["id"], True)
    ]


def test_a_cursor_of_another_epoch_is_gone(server):
    problem(server.ask("GET", "/api/v1/changes?since=000000000000-1"), 410)


@pytest.mark.parametrize(
    "cursor", ["x", "-", "a-b", "a-²", "1-9999999999999999999", "a" * 65, "%F0%9F%98%80"]
)
def test_an_invalid_cursor_is_rejected(server, cursor):
    found = problem(server.ask("GET", f"/api/v1/changes?since={quote(cursor, safe='%')}"), 422)
    assert found["errors"][0]["pointer"] == "/since"


def test_papers_are_edited_in_bulk_by_id_and_by_query(ask, add_paper):
    word = f"word{next(numbers)}"
    papers = [add_paper(title=f"Of {word} {n}") for n in range(3)]
    action_id = uuid7()
    wanted = {"papers": [papers[0]["id"], papers[1]["identifiers"][0]], "add_tags": [word], "status": "read"}
    first = ask("PUT", f"/bulk/{action_id}", wanted)
    assert ask("PUT", f"/bulk/{action_id}", wanted) == first
    found = [ask("GET", f"/papers/{paper['id']}")[1] for paper in papers]
    assert [(p["status"], p["tags"]) for p in found] == [("read", [word])] * 2 + [("unread", [])]
    by_search = ask("PUT", f"/bulk/{uuid7()}", {"q": word, "starred": True})[1]
    assert by_search["title"].startswith("3 papers")
    assert first[1] in ask("GET", "/actions")[1]["items"]
    for action in (by_search["id"], action_id):
        ask("POST", f"/actions/{action}/undo", {})
    found = [ask("GET", f"/papers/{paper['id']}")[1] for paper in papers]
    assert [(p["status"], p["starred"], p["tags"]) for p in found] == [("unread", False, [])] * 3


def test_the_trash_lists_notes_and_papers(ask, add_paper):
    paper, note_id = add_paper(), uuid7()
    ask("PUT", f"/annotations/{note_id}", examples.note(paper["id"], "gone"))
    ask("DELETE", f"/annotations/{note_id}")
    other = add_paper()
    ask("DELETE", f"/papers/{other['id']}")
    trash = ask("GET", "/trash?limit=100")[1]
    assert note_id in [each["id"] for each in trash["annotations"]]
    assert other["id"] in [each["id"] for each in trash["items"]]


def test_a_purge_is_done_when_no_file_contains_the_text(server, ask, add_paper, tmp_path):
    word = f"xylograph{next(numbers)}"
    paper = add_paper(title=f"Of {word}", abstract=word)
    ask("PUT", f"/annotations/{uuid7()}", examples.note(paper["id"], f"{word} too"))
    assert ask("GET", f"/papers?q={word}")[1]["total"] == 1
    running.command("backup", str(tmp_path / "copy.db"), data=server.data)
    purge_id = uuid7()
    assert ask("PUT", f"/purges/{purge_id}", {"papers": [paper["id"]]})[0] == 409
    ask("DELETE", f"/papers/{paper['id']}")
    asked = ask("PUT", f"/purges/{purge_id}", {"papers": [paper["id"]]})[1]
    assert (asked["papers"], asked["annotations"]) == (1, 0)
    until = time.monotonic() + 60
    while not (state := ask("GET", f"/purges/{purge_id}")[1])["done"]:
        assert time.monotonic() < until
        time.sleep(0.1)
    held = [
        file.name for file in server.data.rglob("*") if file.is_file() and word.encode() in file.read_bytes()
    ]
    assert held == []
    (backup,) = state["backups"]
    assert backup["path"] == str(tmp_path / "copy.db")
    assert ask("DELETE", f"/backups/{backup['id']}") == (204, None)
    assert not (tmp_path / "copy.db").exists()
    assert ask("GET", f"/purges/{purge_id}")[1]["backups"] == []
    assert ask("GET", f"/papers?q={word}")[1]["total"] == 0
