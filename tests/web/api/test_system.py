"""What all responses share, and the export, tokens, health and hello, against the real server."""

import io
import zipfile

import running
from web.api.replies import problem


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


def test_hello_identifies_the_server(server):
    found = server.ask("GET", "/api/v1/hello", token=()).json()
    assert (found["app"], found["api_version"]) == ("paperclipper", 1)
    assert set(found) == {"app", "api_version", "version", "extension_version", "instance_id"}


def test_an_unsupported_method_lists_the_allowed_ones(server):
    answer = server.ask("DELETE", "/api/v1/papers")
    problem(answer, 405)
    assert "GET" in answer.headers["Allow"]


def test_unchanged_resources_are_not_sent_again(server, add_paper):
    paper = add_paper()
    for path in ("/api/v1/tags", "/api/v1/changes?limit=1", f"/api/v1/papers/{paper['id']}", "/api/v1/trash"):
        first = server.ask("GET", path)
        again = server.ask("GET", path, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status, again.body) == (304, b""), path
        assert {"Origin", "Cookie"} <= set(first.headers["Vary"].split(", "))


def test_pages_have_etags(server, cookie):
    page = server.ask("GET", "/settings", headers={"Cookie": cookie}, token=())
    again = server.ask(
        "GET", "/settings", headers={"Cookie": cookie, "If-None-Match": page.headers["ETag"]}, token=()
    )
    assert again.status == 304
    assert again.headers["Content-Security-Policy"]


def test_every_response_has_its_own_request_id(server):
    sent = {"X-Request-Id": "mine"}
    paths = ("/api/v1/hello", "/api/v1/nope", "/static/base.css", "/sign-in", "/api/v1/papers?limit=0")
    named = [server.ask("GET", path, headers=sent).headers["X-Request-Id"] for path in paths]
    assert len(set(named)) == len(paths)
    assert "mine" not in named


def test_health_reports_database_index_and_disk(server, ask, add_paper):
    add_paper()
    ask("GET", "/papers?q=boats")
    found = ask("GET", "/health")[1]
    assert found["healthy"]
    assert found["database"]["papers"] == found["index"]["papers"]
    assert found["database"]["bytes"] > 0 < found["disk"]["free_bytes"]


def test_a_pairing_is_allowed_over_the_api(server, ask):
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
