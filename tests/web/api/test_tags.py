"""Tags over the API, against the real server."""

from urllib.parse import quote

import pytest

from web.api.examples import numbers


def test_tags_are_added_and_removed(server, paper):
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
def test_an_invalid_tag_is_rejected(server, paper, name):
    assert server.ask("PUT", f"/api/v1/papers/{paper['id']}/tags/{name}", b"").status == 422


def test_a_tag_is_renamed_coloured_merged_and_deleted(ask, add_paper):
    paper, name = add_paper(), f"t{next(numbers)}"
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


def test_unused_tags_are_deleted(ask, add_paper):
    paper, name = add_paper(), f"u{next(numbers)}"
    for method in ("PUT", "DELETE"):
        ask(method, f"/papers/{paper['id']}/tags/{name}")
    ask("DELETE", "/tags/unused")
    assert ask("GET", f"/tags?prefix={name}")[1]["items"] == []
