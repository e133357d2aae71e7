"""Digest days over the API, against the real server."""

from web.api import examples
from web.api.replies import problem


def test_a_decision_is_saved_and_withdrawn(server, arxiv_id):
    body = {"decision": "skipped", "title": "Cranes", "arxiv_id": arxiv_id}
    paper_id = server.ask("PUT", "/api/v1/days/2026-03-10/decisions", body).json()["paper_id"]
    kept = server.ask("GET", "/api/v1/days/2026-03-10/decisions").json()["items"]
    assert [(item["paper_id"], item["decision"]) for item in kept] == [(paper_id, "skipped")]
    state = server.ask("POST", "/api/v1/papers/lookup", {"identifiers": [f"arxiv:{arxiv_id}"]}).json()[
        "items"
    ][0]
    assert (state["paper"]["mine"], state["paper"]["skipped_on"]) == (False, ["2026-03-10"])
    assert paper_id not in [
        item["id"] for item in server.ask("GET", "/api/v1/papers?limit=100").json()["items"]
    ]
    assert server.ask("DELETE", f"/api/v1/days/2026-03-10/decisions/{paper_id}").status == 200
    assert server.ask("GET", "/api/v1/days/2026-03-10/decisions").json() == {"items": []}


def test_a_decision_requires_a_paper_and_a_day(server):
    body = {"decision": "done", "title": "Nameless"}
    found = problem(server.ask("PUT", "/api/v1/days/2026-03-10/decisions", body), 422)
    assert found["errors"][0]["pointer"] == "/arxiv_id"
    for day in ("2026-02-30", "x", "20260310x"):
        problem(server.ask("GET", f"/api/v1/days/{day}/decisions"), 422)


def test_sightings_of_known_papers_are_saved_without_a_new_version(server, paper, arxiv_id):
    items = [
        {"identifier": f"arxiv:{arxiv_id}", "upvotes": 99},
        {"identifier": "arxiv:0901.00001", "comments": 1},
    ]
    body = {"page": {"kind": "digest"}, "day": examples.DAY, "items": items}
    for _ in range(2):
        assert server.ask("POST", "/api/v1/sightings", body).json() == {"stored": 1}
    assert server.ask("GET", f"/api/v1/papers/{paper['id']}").json()["version"] == paper["version"]
    items[1]["identifier"] = "nonsense"
    found = problem(server.ask("POST", "/api/v1/sightings", body), 422)
    assert found["errors"][0]["pointer"] == "/items/1/identifier"
