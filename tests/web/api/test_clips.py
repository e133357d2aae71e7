"""Clipping over the API, against the real server."""

import pytest

from builders import uuid7
from web.api import examples
from web.api.examples import numbers
from web.api.replies import etag, problem


def test_a_clip_is_saved_completely(save_clip, arxiv_id):
    saved = save_clip()
    assert saved.status == 201
    sent, kept = examples.clip(arxiv_id, title=f"Boats {arxiv_id}"), saved.json()
    for name in (
        "abstract",
        "authors",
        "author_count",
        "published",
        "organisation",
        "keywords",
        "ai_summary",
    ):
        assert kept["paper"][name] == sent["paper"][name], name
    for name in ("title", "thumbnail_url", "code_url", "project_url", "arxiv_version"):
        assert kept["paper"][name] == sent["paper"][name], name
    for name in ("source", "page", "digest", "upvotes", "comments"):
        assert kept["clip"][name] == sent[name], name
    assert kept["clip"]["clipped_at"] == "2026-03-09T08:30:00.000Z"
    assert kept["paper"]["identifiers"] == [f"arxiv:{arxiv_id}"]
    assert etag(saved) == f'"{kept["paper"]["version"]}"'
    assert kept["paper"]["page_url"].endswith(f"/papers/{kept['paper']['id']}")


def test_a_clip_sent_again_is_the_same_clip(save_clip):
    clip_id = uuid7()
    first, second = save_clip(clip_id), save_clip(clip_id)
    assert (first.status, second.status) == (201, 200)
    assert first.json() == second.json()
    assert len(second.json()["paper"]["clips"]) == 1


def test_clip_ids_are_case_insensitive(save_clip):
    clip_id = uuid7()
    assert (save_clip(clip_id).status, save_clip(clip_id.upper()).status) == (201, 200)


def test_a_clip_id_used_for_something_else_is_a_conflict(save_clip):
    clip_id = uuid7()
    save_clip(clip_id)
    problem(save_clip(clip_id, title="Something else"), 409)


def test_two_clips_of_one_paper_are_one_paper(save_clip):
    first, second = save_clip().json(), save_clip().json()
    assert first["paper"]["id"] == second["paper"]["id"]
    assert len(second["paper"]["clips"]) == 2


@pytest.mark.parametrize("clip_id", ["x", "7b1f1d3e-5a52-4a4e-9d9b-0a1f5d0c9a11", "0" * 32, "%00", "a/b"])
def test_a_clip_id_must_be_a_uuid7(server, clip_id):
    assert server.ask("PUT", f"/api/v1/clips/{clip_id}", examples.clip()).status in (404, 422)


def test_clipping_takes_a_paper_out_of_the_trash(server, save_clip, paper):
    server.ask("DELETE", f"/api/v1/papers/{paper['id']}")
    assert save_clip().json()["paper"]["deleted_at"] is None


def test_each_clip_of_a_batch_has_its_own_result(ask):
    good, bad, same = (examples.clip(f"2511.{next(numbers)}") | {"id": uuid7()} for _ in range(3))
    other = examples.clip(f"2511.{next(numbers)}") | {"id": good["id"]}
    bad["paper"] = bad["paper"] | {"title": "", "nonsense": 1}
    nameless = {name: value for name, value in good.items() if name != "id"}
    status, answer = ask("POST", "/clips", {"clips": [good, bad, other, good, nameless]})
    assert status == 200
    assert [item["status"] for item in answer["items"]] == [201, 422, 409, 200, 422]
    assert {e["pointer"] for e in answer["items"][1]["errors"]} == {"/paper/title", "/paper/nonsense"}
    assert answer["items"][0]["paper_id"] == answer["items"][3]["paper_id"]
    again = ask("POST", "/clips", {"clips": [good, same]})[1]["items"]
    assert [item["status"] for item in again] == [200, 201]
    assert ask("POST", "/clips", {"clips": [good] * 101})[0] == 422


def test_repeating_a_clip_of_a_purged_paper_creates_nothing(ask):
    clip_id, body = uuid7(), examples.clip(f"2511.{next(numbers)}")
    paper = ask("PUT", f"/clips/{clip_id}", body)[1]["paper"]
    ask("DELETE", f"/papers/{paper['id']}")
    ask("PUT", f"/purges/{uuid7()}", {"papers": [paper["id"]]})
    assert ask("PUT", f"/clips/{clip_id}", body) == (200, {"clip": None, "paper": None})
    assert ask("GET", f"/papers/{paper['identifiers'][0]}")[0] == 404
