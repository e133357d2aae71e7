"""What the API does with notes, tags, history and undo, against the real server."""

import time
from itertools import count

import pytest

import running
from builders import uuid7
from web.api import examples

EVERY_SCOPE = ("read", "clip", "write", "admin")
_numbers = count(10000)


@pytest.fixture
def ask(server):
    """A request by a token that may do everything: (status, JSON)."""

    def send(method, path, body=None, **headers):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = server.ask(method, f"/api/v1{path}", body, named, token=EVERY_SCOPE)
        assert answer.status < 500, answer.body
        return answer.status, answer.json() if answer.body else None

    return send


@pytest.fixture
def clip(ask):
    """Saves a new paper; as the API shows it."""

    def save(**facts):
        body = examples.clip(
            f"2511.{next(_numbers)}", **{"title": f"Boats {next(_numbers)}", "doi": ""} | facts
        )
        return ask("PUT", f"/clips/{uuid7()}", body)[1]["paper"]

    return save


def note(paper, body):
    return {"paper": paper["id"], "kind": "note", "body": body}


# Clips


def test_each_clip_of_a_batch_has_the_result_it_would_have_alone(ask):
    good, bad, same = (examples.clip(f"2511.{next(_numbers)}") | {"id": uuid7()} for _ in range(3))
    other = examples.clip(f"2511.{next(_numbers)}") | {"id": good["id"]}
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


def test_a_clip_of_a_purged_paper_sent_again_is_answered_and_makes_nothing(ask):
    clip_id, body = uuid7(), examples.clip(f"2511.{next(_numbers)}")
    paper = ask("PUT", f"/clips/{clip_id}", body)[1]["paper"]
    ask("DELETE", f"/papers/{paper['id']}")
    ask("PUT", f"/purges/{uuid7()}", {"papers": [paper["id"]]})
    assert ask("PUT", f"/clips/{clip_id}", body) == (200, {"clip": None, "paper": None})
    assert ask("GET", f"/papers/{paper['identifiers'][0]}")[0] == 404


# Notes


def test_a_note_has_a_history_and_takes_an_earlier_version_back(ask, clip):
    paper, path = clip(), f"/annotations/{uuid7()}"
    first = ask("PUT", path, note(paper, "one"))[1]
    second = ask("PUT", path, note(paper, "two"), If_Match=f'"{first["version"]}"')[1]
    (kept,) = ask("GET", f"{path}/history")[1]["items"]
    assert (kept["version"], kept["saved_at"]) == (first["version"], first["modified_at"])
    assert kept["content"]["body"] == "one"
    restore = f"{path}/history/{first['version']}/restore"
    assert ask("POST", restore, {})[0] == 428
    status, back = ask("POST", restore, {}, If_Match=f'"{second["version"]}"')
    assert (status, back["body"]) == (200, "one")
    assert ask("POST", restore, {}, If_Match=f'"{second["version"]}"') == (200, back)


def test_a_late_repeat_of_the_first_put_is_no_conflict(ask, clip):
    paper, path = clip(), f"/annotations/{uuid7()}"
    first = ask("PUT", path, note(paper, "one"))[1]
    second = ask("PUT", path, note(paper, "two"), If_Match=f'"{first["version"]}"')[1]
    assert ask("PUT", path, note(paper, "one")) == (200, second)
    assert ask("PUT", path, note(paper, "three"), If_Match=f'"{first["version"]}"')[0] == 412


def test_backlinks_are_of_now(server, ask, clip):
    target, source = clip(), clip()
    path = f"/papers/{target['id']}/backlinks"
    empty = server.ask("GET", f"/api/v1{path}")
    made = ask("PUT", f"/annotations/{uuid7()}", note(source, f"See [[{target['identifiers'][0]}]]"))[1]
    (link,) = server.ask("GET", f"/api/v1{path}", headers={"If-None-Match": empty.headers["ETag"]}).json()[
        "items"
    ]
    assert (link["paper"]["id"], link["annotation_id"]) == (source["id"], made["id"])


# Papers


def test_a_fact_is_sealed_kept_and_given_back(ask, clip):
    paper = clip(title="Theirs")
    ref = f"/papers/{paper['id']}"
    status, edited = ask("PATCH", ref, {"title": "Mine", "venue": "ICB"}, If_Match=f'"{paper["version"]}"')
    assert (status, edited["title"], edited["sealed"]) == (200, "Mine", ["title", "venue"])
    (kept,) = ask("GET", f"{ref}/history")[1]["items"]
    assert kept["content"] == {"title": "Theirs", "venue": paper["venue"]}
    restored = ask("POST", f"{ref}/history/{kept['version']}/restore", {}, If_Match=f'"{edited["version"]}"')[
        1
    ]
    assert (restored["title"], restored["sealed"]) == ("Theirs", [])


def test_then_and_now_follows_what_list_pages_show(ask, clip):
    paper = clip()
    path = f"/papers/{paper['id']}/then-and-now"
    assert ask("GET", path)[1]["upvotes"] is None
    seen = {"identifier": paper["identifiers"][0], "upvotes": 155, "comments": 3}
    page = {"kind": "digest", "url": "https://huggingface.co/papers"}
    ask("POST", "/sightings", {"page": page, "day": "2026-11-20", "items": [seen]})
    found = ask("GET", path)[1]
    assert (found["upvotes"]["then"], found["upvotes"]["now"]) == (12, 155)
    (sighting,) = ask("GET", f"/papers/{paper['id']}/sightings")[1]["items"]
    assert (sighting["day"], sighting["upvotes"]) == ("2026-11-20", 155)


def test_two_papers_become_one_and_two_again(ask, clip):
    kept, lost = clip(), clip()
    path = f"/papers/{lost['id']}/merged-into"
    status, answer = ask("PUT", path, {"paper": kept["id"]})
    assert (status, len(answer["paper"]["clips"]), answer["action"]["kind"]) == (200, 2, "merge-papers")
    assert ask("PUT", path, {"paper": kept["id"]})[1]["action"] is None
    assert ask("GET", f"/papers/{lost['identifiers'][0]}")[1]["id"] == kept["id"]
    action = f"/actions/{answer['action']['id']}"
    assert ask("POST", f"{action}/undo", {})[1]["undone_at"]
    assert ask("GET", action)[1]["undone_at"]
    assert ask("GET", f"/papers/{lost['identifiers'][0]}")[1]["id"] == lost["id"]


def test_pasted_lines_become_stubs(ask):
    number = next(_numbers)
    lines = f"2510.{number}\nnot a paper\nhttps://arxiv.org/pdf/2510.{number}v3"
    items = ask("POST", "/papers/stubs", {"lines": lines})[1]["items"]
    assert [item["outcome"] for item in items] == ["added", "unreadable", "known"]
    assert ask("GET", f"/papers/{items[0]['paper_id']}")[1]["stub"]
    assert ask("POST", "/papers/lookup", {"identifiers": [f"2510.{number}"]})[1]["items"][0]["paper"]["stub"]


# Tags and many papers


def test_a_tag_is_renamed_coloured_merged_and_deleted(ask, clip):
    paper, name = clip(), f"t{next(_numbers)}"
    ref = f"/papers/{paper['id']}"
    before = ask("PUT", f"{ref}/tags/{name}")[1]
    other = ask("PUT", f"{ref}/tags/{name}x")[1]
    tag, tagx = ask("GET", f"/tags?prefix={name}")[1]["items"]
    assert (tag["name"], tag["papers"], tag["colour"]) == (name, 1, None)
    wanted = {"name": f"{name}/a", "colour": "pink"}
    status, answer = ask("PATCH", f"/tags/{tag['id']}", wanted, If_Match=f'"{tag["version"]}"')
    assert (status, answer["tag"]["colour"], answer["action"]["kind"]) == (200, "pink", "rename-tag")
    assert ask("PATCH", f"/tags/{tag['id']}", {"name": "b"}, If_Match=f'"{tag["version"]}"')[0] == 412
    renamed = ask("GET", ref, If_None_Match=f'"{other["version"]}"')
    assert (renamed[0], renamed[1]["tags"]) == (200, [f"{name}/a", f"{name}x"])
    merged = ask("PUT", f"/tags/{tagx['id']}/merged-into", {"tag": tag["id"]})[1]
    assert ask("GET", ref)[1]["tags"] == [f"{name}/a"]
    ask("POST", f"/actions/{merged['action']['id']}/undo", {})
    deleted = ask("DELETE", f"/tags/{tag['id']}")[1]["action"]
    assert ask("DELETE", f"/tags/{tag['id']}")[1] == {"action": None}
    assert ask("GET", ref)[1]["tags"] == [f"{name}x"]
    ask("POST", f"/actions/{deleted['id']}/undo", {})
    assert ask("GET", ref)[1]["tags"] == [f"{name}/a", f"{name}x"]
    assert before["tags"] == [name]


def test_tags_that_nobody_carries_are_deleted(ask, clip):
    paper, name = clip(), f"u{next(_numbers)}"
    for method in ("PUT", "DELETE"):
        ask(method, f"/papers/{paper['id']}/tags/{name}")
    ask("DELETE", "/tags/unused")
    assert ask("GET", f"/tags?prefix={name}")[1]["items"] == []


def test_many_papers_are_changed_in_one_act_by_hand_and_by_search(ask, clip):
    word = f"word{next(_numbers)}"
    papers = [clip(title=f"Of {word} {n}") for n in range(3)]
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


# The trash


def test_deleted_notes_wait_in_the_trash_beside_papers(ask, clip):
    paper, note_id = clip(), uuid7()
    ask("PUT", f"/annotations/{note_id}", note(paper, "gone"))
    ask("DELETE", f"/annotations/{note_id}")
    other = clip()
    ask("DELETE", f"/papers/{other['id']}")
    trash = ask("GET", "/trash?limit=100")[1]
    assert note_id in [each["id"] for each in trash["annotations"]]
    assert other["id"] in [each["id"] for each in trash["items"]]


def test_a_purge_is_done_when_no_file_holds_the_words(server, ask, clip, tmp_path):
    word = f"xylograph{next(_numbers)}"
    paper = clip(title=f"Of {word}", abstract=word)
    ask("PUT", f"/annotations/{uuid7()}", note(paper, f"{word} too"))
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


# All answers


def test_what_is_read_and_did_not_change_is_not_sent_again(server, clip):
    paper = clip()
    for path in ("/api/v1/tags", "/api/v1/changes?limit=1", f"/api/v1/papers/{paper['id']}", "/api/v1/trash"):
        first = server.ask("GET", path)
        again = server.ask("GET", path, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status, again.body) == (304, b""), path
        assert {"Origin", "Cookie"} <= set(first.headers["Vary"].split(", "))


def test_a_page_has_a_validator_of_its_own(server, cookie):
    page = server.ask("GET", "/settings", headers={"Cookie": cookie}, token=())
    again = server.ask(
        "GET", "/settings", headers={"Cookie": cookie, "If-None-Match": page.headers["ETag"]}, token=()
    )
    assert again.status == 304
    assert again.headers["Content-Security-Policy"]


def test_every_answer_has_a_name_of_its_own(server):
    sent = {"X-Request-Id": "mine"}
    paths = ("/api/v1/hello", "/api/v1/nope", "/static/base.css", "/sign-in", "/api/v1/papers?limit=0")
    named = [server.ask("GET", path, headers=sent).headers["X-Request-Id"] for path in paths]
    assert len(set(named)) == len(paths)
    assert "mine" not in named


def test_lists_link_to_their_next_page(server, clip):
    for _ in range(3):
        clip()
    first = server.ask("GET", "/api/v1/papers?limit=2")
    target, relation = first.headers["Link"].split("; ")
    assert relation == 'rel="next"'
    second = server.ask("GET", target.strip("<>").removeprefix(server.origin))
    assert second.status == 200
    assert not {p["id"] for p in first.json()["items"]} & {p["id"] for p in second.json()["items"]}


def test_health_tells_of_database_index_and_disk(server, ask, clip):
    clip()
    ask("GET", "/papers?q=boats")
    found = ask("GET", "/health")[1]
    assert found["healthy"]
    assert found["database"]["papers"] == found["index"]["papers"]
    assert found["database"]["bytes"] > 0 < found["disk"]["free_bytes"]


def test_a_waiting_browser_may_be_allowed_over_the_api(server, ask):
    verifier = "v" * 43
    origin = "chrome-extension://" + "e" * 32
    body = running.pairing_request(verifier)
    asked = server.ask("POST", "/api/v1/pairings", body, {"Origin": origin}, token=()).json()
    waiting = [each for each in ask("GET", "/pairings")[1]["items"] if each["id"] == asked["id"]]
    assert waiting[0]["words"] == asked["words"]
    assert ask("POST", f"/pairings/{asked['id']}/allow", {})[1]["state"] == "allowed"
    claim = f"/api/v1/pairings/{asked['id']}/token"
    assert server.ask("POST", claim, {"verifier": verifier}, {"Origin": origin}, token=()).json()["token"]
    assert ask("POST", f"/pairings/{asked['id']}/deny", {})[0] == 410
