"""The contract of each route, against the real server."""

import io
import time
import zipfile
from itertools import count
from urllib.parse import quote

import pytest

from builders import uuid7
from web.api import examples

_numbers = count(10000)


@pytest.fixture
def arxiv_id():
    """An arXiv id that no other test uses."""
    return f"2512.{next(_numbers)}"


@pytest.fixture
def clip(server, arxiv_id):
    """Saves a new paper's clip; the answer."""

    def save(clip_id=None, **facts):
        facts = {"title": f"Boats {arxiv_id}"} | facts
        body = examples.clip(facts.pop("arxiv_id", arxiv_id), **facts)
        return server.ask("PUT", f"/api/v1/clips/{clip_id or uuid7()}", body)

    return save


@pytest.fixture
def paper(clip):
    """A new paper, as the API shows it."""
    return clip().json()["paper"]


def etag(answer):
    return answer.headers["ETag"]


def problem(answer, status):
    """The problem details of an answer with this status."""
    assert answer.status == status, answer.body
    assert answer.headers["Content-Type"] == "application/problem+json"
    found = answer.json()
    assert (found["status"], bool(found["title"]), bool(found["detail"])) == (status, True, True)
    return found


# Clips


def test_a_clip_is_kept_whole(clip, arxiv_id):
    saved = clip()
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


def test_a_clip_sent_again_is_the_same_clip(clip):
    clip_id = uuid7()
    first, second = clip(clip_id), clip(clip_id)
    assert (first.status, second.status) == (201, 200)
    assert first.json() == second.json()
    assert len(second.json()["paper"]["clips"]) == 1


def test_the_id_in_capitals_is_the_same_id(clip):
    clip_id = uuid7()
    assert (clip(clip_id).status, clip(clip_id.upper()).status) == (201, 200)


def test_a_clip_id_used_for_something_else_is_a_conflict(clip):
    clip_id = uuid7()
    clip(clip_id)
    problem(clip(clip_id, title="Something else"), 409)


def test_two_clips_of_one_paper_are_one_paper(clip):
    first, second = clip().json(), clip().json()
    assert first["paper"]["id"] == second["paper"]["id"]
    assert len(second["paper"]["clips"]) == 2


@pytest.mark.parametrize("clip_id", ["x", "7b1f1d3e-5a52-4a4e-9d9b-0a1f5d0c9a11", "0" * 32, "%00", "a/b"])
def test_a_clip_id_must_be_a_uuid7(server, clip_id):
    assert server.ask("PUT", f"/api/v1/clips/{clip_id}", examples.clip()).status in (404, 422)


# Papers


def test_a_paper_is_named_by_its_id_a_clip_or_an_identifier(server, paper, arxiv_id):
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
def test_a_paper_that_is_not_here_is_missing(server, method):
    body = {"starred": True} if method == "PATCH" else None
    problem(server.ask(method, "/api/v1/papers/arxiv:0901.00001", body), 404)


def test_an_edit_begins_from_a_version(server, paper):
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
def test_a_version_that_is_none_matches_nothing(server, paper, base):
    path = f"/api/v1/papers/{paper['id']}"
    problem(server.ask("PATCH", path, {"starred": True}, {"If-Match": base}), 412)


def test_into_the_trash_and_back(server, paper):
    path = f"/api/v1/papers/{paper['id']}"
    for _ in range(2):
        assert server.ask("DELETE", path).json()["deleted_at"]
    assert paper["id"] in [item["id"] for item in server.ask("GET", "/api/v1/trash").json()["items"]]
    assert server.ask("GET", path).json()["deleted_at"]
    for _ in range(2):
        assert server.ask("POST", f"{path}/restore", b"").json()["deleted_at"] is None
    assert paper["id"] not in [item["id"] for item in server.ask("GET", "/api/v1/trash").json()["items"]]


def test_clipping_takes_a_paper_out_of_the_trash(server, clip, paper):
    server.ask("DELETE", f"/api/v1/papers/{paper['id']}")
    assert clip().json()["paper"]["deleted_at"] is None


# Searching


def test_the_next_search_finds_what_was_saved(server, clip, arxiv_id):
    word = f"corrugated{arxiv_id.replace('.', '')}"
    saved = clip(abstract=f"A {word} boat floats.").json()["paper"]
    found = server.ask("GET", f"/api/v1/papers?q={word}").json()
    assert (found["total"], found["behind"], found["items"][0]["id"]) == (1, 0, saved["id"])
    assert [word, True] in [[piece[0].lower(), piece[1]] for piece in found["items"][0]["snippet"]]
    server.ask("DELETE", f"/api/v1/papers/{saved['id']}")
    assert server.ask("GET", f"/api/v1/papers?q={word}").json()["total"] == 0


def test_paging_gives_every_paper_once(server, clip):
    made = {
        clip(title=f"Paged {n}", arxiv_id=f"2511.{next(_numbers)}").json()["paper"]["id"] for n in range(7)
    }
    for q in ("", "&q=paged"):
        seen, cursor = [], ""
        while cursor is not None:
            page = server.ask("GET", f"/api/v1/papers?limit=3&cursor={quote(cursor)}{q}").json()
            seen += [item["id"] for item in page["items"]]
            cursor = page["next"]
        assert len(seen) == len(set(seen)) == page["total"]
        assert made <= set(seen)


def test_papers_come_newest_first(server, clip):
    clip()
    times = [item["clipped_at"] for item in server.ask("GET", "/api/v1/papers").json()["items"]]
    assert times == sorted(times, reverse=True)


HARD_QUERIES = [
    "*",
    "?*",
    "*a*",
    "[a TO z]",
    "((((" * 60,
    '"',
    "NOT " * 60,
    "a AND",
    "~9",
    "\\",
    "a" * 256,
    "title:",
    "😀 " * 80,
]


@pytest.mark.parametrize("q", HARD_QUERIES)
def test_no_search_fails_or_lasts(server, q):
    began = time.monotonic()
    answer = server.ask("GET", f"/api/v1/papers?q={quote(q)}")
    assert answer.status in (200, 422)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("limit=0", "/limit"),
        ("limit=101", "/limit"),
        ("limit=x", "/limit"),
        ("limit=9223372036854775808", "/limit"),
        ("cursor=-1", "/cursor"),
        ("cursor=NaN", "/cursor"),
        ("q=" + "a" * 257, "/q"),
        ("q=%00", "/q"),
    ],
)
def test_a_wrong_query_names_its_part(server, query, pointer):
    found = problem(server.ask("GET", f"/api/v1/papers?{query}"), 422)
    assert found["errors"][0]["pointer"] == pointer


# Lookup


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


def test_lookup_takes_five_hundred_and_no_more(server):
    asked = [f"arxiv:0901.{n:05}" for n in range(501)]
    assert (
        len(server.ask("POST", "/api/v1/papers/lookup", {"identifiers": asked[:500]}).json()["items"]) == 500
    )
    found = problem(server.ask("POST", "/api/v1/papers/lookup", {"identifiers": asked}), 422)
    assert found["errors"][0]["pointer"] == "/identifiers"
    assert server.ask("POST", "/api/v1/papers/lookup", {"identifiers": []}).json() == {"items": []}


# Tags


def test_tags_are_put_on_and_taken_off(server, paper):
    path = f"/api/v1/papers/{paper['id']}/tags"
    for name in ("Boats/Paper", "boats/paper", "été"):
        assert server.ask("PUT", f"{path}/{quote(name)}", b"").status == 200
    assert server.ask("GET", f"/api/v1/papers/{paper['id']}").json()["tags"] == ["Boats/Paper", "été"]
    offered = {
        tag["name"]: tag["papers"] for tag in server.ask("GET", "/api/v1/tags?prefix=boa").json()["items"]
    }
    assert offered == {"Boats/Paper": 1}
    for _ in range(2):
        assert server.ask("DELETE", f"{path}/BOATS/PAPER").json()["tags"] == ["été"]


@pytest.mark.parametrize("name", ["a,b", "%20", "%23", "x" * 101, "a%00b"])
def test_a_tag_that_is_none_is_refused(server, paper, name):
    assert server.ask("PUT", f"/api/v1/papers/{paper['id']}/tags/{name}", b"").status == 422


# Annotations


def test_an_annotation_is_made_changed_trashed_and_restored(server, paper):
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


def test_an_annotation_id_of_another_paper_is_a_conflict(server, clip, paper):
    path = f"/api/v1/annotations/{uuid7()}"
    other = clip(title="Another", arxiv_id=f"2511.{next(_numbers)}").json()["paper"]
    assert server.ask("PUT", path, examples.highlight(paper["id"])).status == 201
    problem(server.ask("PUT", path, examples.highlight(other["id"])), 409)


def test_an_annotation_needs_a_paper_and_an_id(server, paper):
    problem(server.ask("PUT", f"/api/v1/annotations/{uuid7()}", examples.highlight("arxiv:0901.00001")), 404)
    problem(server.ask("PUT", "/api/v1/annotations/nonsense", examples.highlight(paper["id"])), 422)
    problem(server.ask("GET", f"/api/v1/annotations/{uuid7()}"), 404)
    body = examples.highlight(paper["id"]) | {"quote": None}
    found = problem(server.ask("PUT", f"/api/v1/annotations/{uuid7()}", body), 422)
    assert found["errors"][0]["pointer"] == "/quote/exact"


# Digest days


def test_a_decision_is_kept_and_withdrawn(server, arxiv_id):
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


def test_a_decision_names_its_paper_and_its_day(server):
    body = {"decision": "done", "title": "Nameless"}
    found = problem(server.ask("PUT", "/api/v1/days/2026-03-10/decisions", body), 422)
    assert found["errors"][0]["pointer"] == "/arxiv_id"
    for day in ("2026-02-30", "x", "20260310x"):
        problem(server.ask("GET", f"/api/v1/days/{day}/decisions"), 422)


def test_sightings_of_papers_here_are_kept_and_move_no_version(server, paper, arxiv_id):
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


# Changes


def test_changes_follow_the_library(server, paper):
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
def test_a_cursor_that_is_none_is_refused(server, cursor):
    found = problem(server.ask("GET", f"/api/v1/changes?since={quote(cursor, safe='%')}"), 422)
    assert found["errors"][0]["pointer"] == "/since"


# Taking away, tokens, documents


def test_the_export_is_a_zip_of_markdown(server, paper):
    answer = server.ask("GET", "/api/v1/export/markdown", token=("write",))
    assert answer.headers["Content-Type"] == "application/zip"
    names = zipfile.ZipFile(io.BytesIO(answer.body)).namelist()
    assert names
    assert all(name.endswith(".md") for name in names)


def test_tokens_show_their_secret_once(server):
    made = server.ask("POST", "/api/v1/tokens", {"name": "A script", "scopes": ["read"]}, token=("admin",))
    assert made.status == 201
    secret = made.json()["token"]
    assert (
        server.ask("GET", "/api/v1/papers", headers={"Authorization": f"Bearer {secret}"}, token=()).status
        == 200
    )
    listed = server.ask("GET", "/api/v1/tokens", token=("admin",))
    assert secret.encode() not in listed.body
    assert made.json()["id"] in [token["id"] for token in listed.json()["items"]]
    for _ in range(2):
        assert server.ask("DELETE", f"/api/v1/tokens/{made.json()['id']}", token=("admin",)).status == 204
    refused = server.ask("POST", "/api/v1/tokens", {"name": "More", "scopes": ["admin"]}, token=("admin",))
    assert problem(refused, 422)["errors"][0]["pointer"] == "/scopes/0"


def test_hello_tells_who_answers(server):
    found = server.ask("GET", "/api/v1/hello", token=()).json()
    assert (found["app"], found["api_version"]) == ("paperclipper", 1)
    assert set(found) == {"app", "api_version", "version", "extension_version", "instance_id"}


def test_a_method_that_a_route_has_not_is_told(server):
    answer = server.ask("DELETE", "/api/v1/papers")
    problem(answer, 405)
    assert "GET" in answer.headers["Allow"]
