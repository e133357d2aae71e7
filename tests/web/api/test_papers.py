"""Papers over the API, against the real server."""

from urllib.parse import quote

import pytest

from builders import uuid7
from web.api import examples
from web.api.examples import numbers
from web.api.replies import etag, problem


def test_a_paper_is_found_by_id_clip_id_or_identifier(server, paper, arxiv_id):
    names = [paper["id"], paper["clips"][0]["id"], f"arxiv:{arxiv_id}", arxiv_id]
    names += [f"https://arxiv.org/abs/{arxiv_id}v2", f"https://huggingface.co/papers/{arxiv_id}"]
    for name in names:
        found = server.ask("GET", f"/api/v1/papers/{quote(name, safe='')}")
        assert (found.status, found.json()["id"]) == (200, paper["id"]), name


def test_an_unchanged_paper_is_not_sent_again(server, paper):
    path = f"/api/v1/papers/{paper['id']}"
    first = server.ask("GET", path)
    again = server.ask("GET", path, headers={"If-None-Match": etag(first)})
    assert (again.status, again.body, etag(again)) == (304, b"", etag(first))
    assert server.ask("GET", path, headers={"If-None-Match": '"other"'}).status == 200


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_an_unknown_paper_is_not_found(server, method):
    body = {"starred": True} if method == "PATCH" else None
    problem(server.ask(method, "/api/v1/papers/arxiv:0901.00001", body), 404)


def test_an_edit_requires_the_current_version(server, paper):
    path, edit = f"/api/v1/papers/{paper['id']}", {"status": "reading", "starred": True, "rating": 4}
    problem(server.ask("PATCH", path, edit), 428)
    edited = server.ask("PATCH", path, edit, {"If-Match": f'"{paper["version"]}"'})
    assert edited.status == 200
    assert {name: edited.json()[name] for name in edit} == edit
    assert etag(edited) != f'"{paper["version"]}"'
    stale = problem(server.ask("PATCH", path, {"rating": 1}, {"If-Match": f'"{paper["version"]}"'}), 412)
    assert stale["current"] == edited.json()
    assert server.ask("PATCH", path, edit, {"If-Match": f'"{paper["version"]}"'}).status == 200
    assert server.ask("PATCH", path, {"rating": None}, {"If-Match": etag(edited)}).json()["rating"] is None


@pytest.mark.parametrize("base", ["", "*", 'W/"x"', '"000000000000-1"', '"a", "b"', "x" * 3000])
def test_an_invalid_version_is_a_conflict(server, paper, base):
    path = f"/api/v1/papers/{paper['id']}"
    problem(server.ask("PATCH", path, {"starred": True}, {"If-Match": base}), 412)


def test_a_paper_is_moved_to_the_trash_and_restored(server, paper):
    path = f"/api/v1/papers/{paper['id']}"
    for _ in range(2):
        assert server.ask("DELETE", path).json()["deleted_at"]
    assert paper["id"] in [item["id"] for item in server.ask("GET", "/api/v1/trash").json()["items"]]
    assert server.ask("GET", path).json()["deleted_at"]
    for _ in range(2):
        assert server.ask("POST", f"{path}/restore", b"").json()["deleted_at"] is None
    assert paper["id"] not in [item["id"] for item in server.ask("GET", "/api/v1/trash").json()["items"]]


def test_lookup_answers_in_the_order_asked(server, paper, arxiv_id):
    asked = [
        "arxiv:0901.00001",
        f"https://arxiv.org/pdf/{arxiv_id}v3",
        f"arxiv:{arxiv_id}",
        "doi:10.1000/none",
    ]
    items = server.ask("POST", "/api/v1/papers/lookup", {"identifiers": asked}).json()["items"]
    assert [item["identifier"] for item in items] == asked
    found = [item["paper"] and item["paper"]["id"] for item in items]
    assert found == [None, paper["id"], paper["id"], None]
    assert {"version", "status", "starred", "tags", "notes", "mine"} <= set(items[1]["paper"])


def test_lookup_accepts_at_most_five_hundred_identifiers(server):
    asked = [f"arxiv:0901.{n:05}" for n in range(501)]
    assert (
        len(server.ask("POST", "/api/v1/papers/lookup", {"identifiers": asked[:500]}).json()["items"]) == 500
    )
    found = problem(server.ask("POST", "/api/v1/papers/lookup", {"identifiers": asked}), 422)
    assert found["errors"][0]["pointer"] == "/identifiers"
    assert server.ask("POST", "/api/v1/papers/lookup", {"identifiers": []}).json() == {"items": []}


def test_backlinks_are_current(server, ask, add_paper):
    target, source = add_paper(), add_paper()
    path = f"/papers/{target['id']}/backlinks"
    empty = server.ask("GET", f"/api/v1{path}")
    made = ask(
        "PUT", f"/annotations/{uuid7()}", examples.note(source["id"], f"See [[{target['identifiers'][0]}]]")
    )[1]
    (link,) = server.ask("GET", f"/api/v1{path}", headers={"If-None-Match": empty.headers["ETag"]}).json()[
        "items"
    ]
    assert (link["paper"]["id"], link["annotation_id"]) == (source["id"], made["id"])


def test_edited_facts_are_sealed_and_earlier_ones_restored(ask, add_paper):
    paper = add_paper(title="Theirs")
    ref = f"/papers/{paper['id']}"
    status, edited = ask("PATCH", ref, {"title": "Mine", "venue": "ICB"}, If_Match=f'"{paper["version"]}"')
    assert (status, edited["title"], edited["sealed"]) == (200, "Mine", ["title", "venue"])
    (kept,) = ask("GET", f"{ref}/history")[1]["items"]
    assert kept["content"] == {"title": "Theirs", "venue": paper["venue"]}
    restored = ask("POST", f"{ref}/history/{kept['version']}/restore", {}, If_Match=f'"{edited["version"]}"')[
        1
    ]
    assert (restored["title"], restored["sealed"]) == ("Theirs", [])


def test_then_and_now_uses_sightings(ask, add_paper):
    paper = add_paper()
    path = f"/papers/{paper['id']}/then-and-now"
    assert ask("GET", path)[1]["upvotes"] is None
    seen = {"identifier": paper["identifiers"][0], "upvotes": 155, "comments": 3}
    page = {"kind": "digest", "url": "https://huggingface.co/papers"}
    ask("POST", "/sightings", {"page": page, "day": "2026-11-20", "items": [seen]})
    found = ask("GET", path)[1]
    assert (found["upvotes"]["then"], found["upvotes"]["now"]) == (12, 155)
    (sighting,) = ask("GET", f"/papers/{paper['id']}/sightings")[1]["items"]
    assert (sighting["day"], sighting["upvotes"]) == ("2026-11-20", 155)


def test_papers_are_merged_and_the_merge_undone(ask, add_paper):
    kept, lost = add_paper(), add_paper()
    path = f"/papers/{lost['id']}/merged-into"
    status, answer = ask("PUT", path, {"paper": kept["id"]})
    assert (status, len(answer["paper"]["clips"]), answer["action"]["kind"]) == (200, 2, "merge-papers")
    assert ask("PUT", path, {"paper": kept["id"]})[1]["action"] is None
    assert ask("GET", f"/papers/{lost['identifiers'][0]}")[1]["id"] == kept["id"]
    action = f"/actions/{answer['action']['id']}"
    assert ask("POST", f"{action}/undo", {})[1]["undone_at"]
    assert ask("GET", action)[1]["undone_at"]
    assert ask("GET", f"/papers/{lost['identifiers'][0]}")[1]["id"] == lost["id"]


def test_links_and_ids_are_added_as_stubs(ask):
    number = next(numbers)
    lines = f"2510.{number}\nnot a paper\nhttps://arxiv.org/pdf/2510.{number}v3"
    items = ask("POST", "/papers/stubs", {"lines": lines})[1]["items"]
    assert [item["outcome"] for item in items] == ["added", "unreadable", "known"]
    assert ask("GET", f"/papers/{items[0]['paper_id']}")[1]["stub"]
    assert ask("POST", "/papers/lookup", {"identifiers": [f"2510.{number}"]})[1]["items"][0]["paper"]["stub"]
