"""Annotations over the API, against the real server."""

from builders import uuid7
from web.api import examples
from web.api.examples import numbers
from web.api.replies import etag, problem


def test_an_annotation_is_created_edited_trashed_and_restored(server, paper):
    path, body = f"/api/v1/annotations/{uuid7()}", examples.highlight(paper["id"])
    made = server.ask("PUT", path, body)
    assert made.status == 201
    for name in set(body) - {"paper"}:
        assert made.json()[name] == body[name], name
    assert server.ask("PUT", path, body).status == 200
    problem(server.ask("PUT", path, body | {"body": "Other"}), 428)
    changed = server.ask("PUT", path, body | {"body": "Other"}, {"If-Match": etag(made)})
    assert (changed.status, changed.json()["body"]) == (200, "Other")
    stale = problem(server.ask("PUT", path, body | {"body": "Third"}, {"If-Match": etag(made)}), 412)
    assert stale["current"] == changed.json()
    assert server.ask("GET", path, headers={"If-None-Match": etag(changed)}).status == 304
    assert server.ask("DELETE", path).json()["deleted_at"]
    assert server.ask("GET", f"/api/v1/papers/{paper['id']}/annotations").json() == {"items": []}
    assert server.ask("POST", f"{path}/restore", b"").json()["deleted_at"] is None
    listed = server.ask("GET", f"/api/v1/papers/{paper['id']}/annotations").json()["items"]
    assert [item["body"] for item in listed] == ["Other"]
    (state,) = server.ask("POST", "/api/v1/papers/lookup", {"identifiers": paper["identifiers"]}).json()[
        "items"
    ]
    assert state["paper"]["highlights"] == 1


def test_an_annotation_id_of_another_paper_is_a_conflict(server, save_clip, paper):
    path = f"/api/v1/annotations/{uuid7()}"
    other = save_clip(title="Another", arxiv_id=f"2511.{next(numbers)}").json()["paper"]
    assert server.ask("PUT", path, examples.highlight(paper["id"])).status == 201
    problem(server.ask("PUT", path, examples.highlight(other["id"])), 409)


def test_an_annotation_requires_a_paper_and_an_id(server, paper):
    problem(server.ask("PUT", f"/api/v1/annotations/{uuid7()}", examples.highlight("arxiv:0901.00001")), 404)
    problem(server.ask("PUT", "/api/v1/annotations/nonsense", examples.highlight(paper["id"])), 422)
    problem(server.ask("GET", f"/api/v1/annotations/{uuid7()}"), 404)
    body = examples.highlight(paper["id"]) | {"quote": None}
    found = problem(server.ask("PUT", f"/api/v1/annotations/{uuid7()}", body), 422)
    assert found["errors"][0]["pointer"] == "/quote/exact"


def test_an_earlier_version_of_a_note_is_restored(ask, add_paper):
    paper, path = add_paper(), f"/annotations/{uuid7()}"
    first = ask("PUT", path, examples.note(paper["id"], "one"))[1]
    second = ask("PUT", path, examples.note(paper["id"], "two"), If_Match=f'"{first["version"]}"')[1]
    (kept,) = ask("GET", f"{path}/history")[1]["items"]
    assert (kept["version"], kept["saved_at"]) == (first["version"], first["modified_at"])
    assert kept["content"]["body"] == "one"
    restore = f"{path}/history/{first['version']}/restore"
    assert ask("POST", restore, {})[0] == 428
    status, back = ask("POST", restore, {}, If_Match=f'"{second["version"]}"')
    assert (status, back["body"]) == (200, "one")
    assert ask("POST", restore, {}, If_Match=f'"{second["version"]}"') == (200, back)


def test_a_late_repeat_of_the_first_put_is_not_a_conflict(ask, add_paper):
    paper, path = add_paper(), f"/annotations/{uuid7()}"
    first = ask("PUT", path, examples.note(paper["id"], "one"))[1]
    second = ask("PUT", path, examples.note(paper["id"], "two"), If_Match=f'"{first["version"]}"')[1]
    assert ask("PUT", path, examples.note(paper["id"], "one")) == (200, second)
    assert ask("PUT", path, examples.note(paper["id"], "three"), If_Match=f'"{first["version"]}"')[0] == 412
