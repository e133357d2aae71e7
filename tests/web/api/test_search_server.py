"""Searching over the API, against the real server."""

import time
from urllib.parse import quote

import pytest

from web.api.examples import numbers
from web.api.replies import problem


def test_the_next_search_finds_what_was_saved(server, save_clip, arxiv_id):
    word = f"corrugated{arxiv_id.replace('.', '')}"
    saved = save_clip(abstract=f"A {word} boat floats.").json()["paper"]
    found = server.ask("GET", f"/api/v1/papers?q={word}").json()
    assert (found["total"], found["behind"], found["items"][0]["id"]) == (1, 0, saved["id"])
    assert [word, True] in [[piece[0].lower(), piece[1]] for piece in found["items"][0]["snippet"]]
    server.ask("DELETE", f"/api/v1/papers/{saved['id']}")
    assert server.ask("GET", f"/api/v1/papers?q={word}").json()["total"] == 0


def test_paging_gives_every_paper_once(server, save_clip):
    made = {
        save_clip(title=f"Paged {n}", arxiv_id=f"2511.{next(numbers)}").json()["paper"]["id"]
        for n in range(7)
    }
    for q in ("", "&q=paged"):
        seen, cursor = [], ""
        while cursor is not None:
            page = server.ask("GET", f"/api/v1/papers?limit=3&cursor={quote(cursor)}{q}").json()
            seen += [item["id"] for item in page["items"]]
            cursor = page["next"]
        assert len(seen) == len(set(seen)) == page["total"]
        assert made <= set(seen)


def test_papers_come_newest_first(server, save_clip):
    save_clip()
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
def test_no_search_fails_or_is_slow(server, q):
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
def test_an_invalid_parameter_is_named(server, query, pointer):
    found = problem(server.ask("GET", f"/api/v1/papers?{query}"), 422)
    assert found["errors"][0]["pointer"] == pointer


def test_lists_link_to_the_next_page(server, add_paper):
    for _ in range(3):
        add_paper()
    first = server.ask("GET", "/api/v1/papers?limit=2")
    target, relation = first.headers["Link"].split("; ")
    assert relation == 'rel="next"'
    second = server.ask("GET", target.strip("<>").removeprefix(server.origin))
    assert second.status == 200
    assert not {p["id"] for p in first.json()["items"]} & {p["id"] for p in second.json()["items"]}
