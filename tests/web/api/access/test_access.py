"""Access control: scopes, paired tokens, revocation, sessions and CORS."""

import os
import socket
from http.client import HTTPConnection
from pathlib import Path

import pytest

import running
from paperclipper.model import Scope
from web.api import examples
from web.http.raw_http import send

PAIRED = "chrome-extension://" + "a" * 32
OTHER = "moz-extension://0f6d0b0e-1111-4222-8333-444455556666"
STRANGER = "moz-extension://1a2b3c4d-1111-4222-8333-444455556666"

# The scope of each route, written by hand so that a mistake in a route is noticed. None: public.
NEEDS = {
    ("GET", "/api/v1/openapi.json"): None,
    ("GET", "/api/v1/docs"): None,
    ("GET", "/api/v1/hello"): None,
    ("POST", "/api/v1/pairings"): None,
    ("POST", "/api/v1/pairings/<pairing_id>/token"): None,
    ("PUT", "/api/v1/clips/<clip_id>"): "clip",
    ("POST", "/api/v1/clips"): "clip",
    ("GET", "/api/v1/papers"): "read",
    ("POST", "/api/v1/papers/lookup"): "read",
    ("GET", "/api/v1/papers/<path:ref>"): "read",
    ("PATCH", "/api/v1/papers/<path:ref>"): "clip",
    ("DELETE", "/api/v1/papers/<path:ref>"): "clip",
    ("POST", "/api/v1/papers/<path:ref>/restore"): "clip",
    ("PUT", "/api/v1/papers/<path:ref>/tags/<path:name>"): "clip",
    ("DELETE", "/api/v1/papers/<path:ref>/tags/<path:name>"): "clip",
    ("GET", "/api/v1/papers/<path:ref>/annotations"): "read",
    ("GET", "/api/v1/papers/<path:ref>/history"): "read",
    ("POST", "/api/v1/papers/<path:ref>/history/<version>/restore"): "clip",
    ("GET", "/api/v1/papers/<path:ref>/backlinks"): "read",
    ("GET", "/api/v1/papers/<path:ref>/then-and-now"): "read",
    ("GET", "/api/v1/papers/<path:ref>/sightings"): "read",
    ("PUT", "/api/v1/papers/<path:ref>/merged-into"): "write",
    ("POST", "/api/v1/papers/stubs"): "clip",
    ("GET", "/api/v1/trash"): "read",
    ("GET", "/api/v1/annotations/<annotation_id>"): "read",
    ("PUT", "/api/v1/annotations/<annotation_id>"): "clip",
    ("DELETE", "/api/v1/annotations/<annotation_id>"): "clip",
    ("POST", "/api/v1/annotations/<annotation_id>/restore"): "clip",
    ("GET", "/api/v1/annotations/<annotation_id>/history"): "read",
    ("POST", "/api/v1/annotations/<annotation_id>/history/<version>/restore"): "clip",
    ("GET", "/api/v1/tags"): "read",
    ("PATCH", "/api/v1/tags/<tag_id>"): "write",
    ("PUT", "/api/v1/tags/<tag_id>/merged-into"): "write",
    ("DELETE", "/api/v1/tags/<tag_id>"): "write",
    ("DELETE", "/api/v1/tags/unused"): "write",
    ("PUT", "/api/v1/bulk/<action_id>"): "write",
    ("GET", "/api/v1/actions"): "read",
    ("GET", "/api/v1/actions/<action_id>"): "read",
    ("POST", "/api/v1/actions/<action_id>/undo"): "write",
    ("PUT", "/api/v1/purges/<purge_id>"): "admin",
    ("GET", "/api/v1/purges/<purge_id>"): "admin",
    ("DELETE", "/api/v1/backups/<backup_id>"): "admin",
    ("GET", "/api/v1/health"): "read",
    ("GET", "/api/v1/pairings"): "admin",
    ("POST", "/api/v1/pairings/<pairing_id>/allow"): "admin",
    ("POST", "/api/v1/pairings/<pairing_id>/deny"): "admin",
    ("GET", "/api/v1/days/<day>/decisions"): "read",
    ("PUT", "/api/v1/days/<day>/decisions"): "clip",
    ("DELETE", "/api/v1/days/<day>/decisions/<path:ref>"): "clip",
    ("POST", "/api/v1/sightings"): "clip",
    ("GET", "/api/v1/changes"): "read",
    ("GET", "/api/v1/export/markdown"): "write",
    ("GET", "/api/v1/tokens"): "admin",
    ("POST", "/api/v1/tokens"): "admin",
    ("DELETE", "/api/v1/tokens/<token_id>"): "admin",
}
OPEN_PAGES = {
    ("GET", "/sign-in"),
    ("POST", "/sign-in"),
    ("GET", "/pair/<pairing_id>"),
    ("GET", "/static/<path:filename>"),
    ("GET", "/opensearch.xml"),
}


@pytest.fixture(scope="module")
def paired(server, cookie):
    """The token of a paired extension, shared by the tests because pairing is rate-limited."""
    return server.pair(PAIRED, cookie)


def test_the_table_has_every_route():
    assert set(NEEDS) == {(method, rule) for method, rule in examples.routes() if examples.is_api(rule)}


@pytest.mark.parametrize("scope", list(Scope))
def test_a_scope_allows_only_its_routes(server, scope):
    for (method, rule), needed in NEEDS.items():
        body = None if method in ("GET", "DELETE") else examples.BODIES.get((method, rule), {})
        status = server.ask(method, examples.address(rule), body, token=(scope.value,)).status
        if needed in (None, scope):
            assert status != 401, rule
            assert status != 403 or rule.startswith("/api/v1/pairings"), rule
        else:
            assert status == 403, rule


@pytest.mark.parametrize(
    "secret", ["", "Bearer ", "Bearer pcl_00000000_x", "Basic YTpi", "bearer", "Bearer \udcff\u00e9"]
)
def test_without_a_token_only_public_routes_are_allowed(server, secret):
    headers = {"Authorization": secret.encode("utf-8", "surrogateescape")}
    for (method, rule), needed in NEEDS.items():
        body = None if method in ("GET", "DELETE") else examples.BODIES.get((method, rule), {})
        answer = server.ask(method, examples.address(rule), body, headers, token=())
        # 429: too many guesses.
        assert (answer.status in (401, 429)) == (needed is not None), rule
        if answer.status == 401:
            assert answer.headers["WWW-Authenticate"].lower().startswith("bearer")


def test_a_token_is_not_accepted_by_pages(server):
    for method, rule in examples.routes():
        if examples.is_api(rule) or (method, rule) in OPEN_PAGES:
            continue
        headers = {"Origin": server.origin, "Content-Type": running.FORM} if method == "POST" else {}
        answer = server.ask(
            method, examples.address(rule), b"" if method == "POST" else None, headers, token=("admin",)
        )
        assert (answer.status, answer.headers["Location"].partition("?")[0]) == (303, "/sign-in"), rule


def test_our_own_pages_can_call_the_api_with_a_session(server, cookie):
    headers = {"Cookie": cookie, "Sec-Fetch-Site": "same-origin"}
    assert server.ask("GET", "/api/v1/tokens", headers=headers, token=()).status == 200
    asked = {"name": "From the page", "scopes": ["read"]}
    assert server.ask("POST", "/api/v1/tokens", asked, headers, token=()).status == 401
    assert (
        server.ask("POST", "/api/v1/tokens", asked, headers | {"Origin": server.origin}, token=()).status
        == 201
    )


# Tokens


def test_a_revoked_token_stops_working_immediately_in_all_workers(server, cookie):
    made = server.ask(
        "POST", "/api/v1/tokens", {"name": "Soon gone", "scopes": ["read"]}, token=("admin",)
    ).json()
    headers = {"Authorization": f"Bearer {made['token']}"}
    kept = _connections_to_every_worker(server)
    try:
        assert {_status(connection, headers) for connection in kept} == {200}
        assert server.ask("DELETE", f"/api/v1/tokens/{made['id']}", token=("admin",)).status == 204
        assert {_status(connection, headers) for connection in kept} == {401}
    finally:
        for connection in kept:
            connection.close()


def _connections_to_every_worker(server):
    """Open connections until each of the three workers has one."""
    kept = []
    while len(kept) < 200:
        for _ in range(8):
            kept.append(HTTPConnection("127.0.0.1", server.port, timeout=30))
            _status(kept[-1], {})
        if all(_sockets(pid, server.port, "01") for pid in server.workers()):
            return kept
    raise AssertionError("200 connections did not reach all workers")


def _status(connection, headers):
    connection.request("GET", "/api/v1/papers", headers=headers)
    answer = connection.getresponse()
    answer.read()
    return answer.status


def _sockets(pid, port, state):
    """Return the local addresses of a process's TCP sockets in a state of /proc/net/tcp, at a port or any."""
    held = {
        os.readlink(link) for link in Path(f"/proc/{pid}/fd").iterdir() if link.exists() or link.is_symlink()
    }
    rows = [line.split() for table in ("tcp", "tcp6") for line in _lines(Path(f"/proc/{pid}/net/{table}"))]
    found = [row[1] for row in rows if row[3] == state and f"socket:[{row[9]}]" in held]
    return [address for address in found if port is None or int(address.rpartition(":")[2], 16) == port]


def _lines(table):
    return table.read_text().splitlines()[1:] if table.exists() else []


def test_a_paired_token_works_only_in_its_extension(server, cookie, paired):
    server.pair(OTHER, cookie)
    lookup = examples.BODIES["POST", "/api/v1/papers/lookup"]

    def look_up(**headers):
        sent = {"Authorization": f"Bearer {paired}"} | headers
        return server.ask("POST", "/api/v1/papers/lookup", lookup, sent, token=()).status

    assert look_up(Origin=PAIRED) == 200
    assert look_up(Origin=OTHER) == 403
    assert look_up(Origin=server.origin) == 403
    assert look_up() == 403
    # Browsers send no Origin with a GET by an extension.
    right = {"Authorization": f"Bearer {paired}"}
    wrong = right | {"Origin": OTHER}
    assert server.ask("GET", "/api/v1/papers", headers=right, token=()).status == 200
    assert server.ask("GET", "/api/v1/papers", headers=wrong, token=()).status == 403


def test_signing_out_ends_the_session(server):
    cookie = server.session()
    headers = {"Cookie": cookie, "Origin": server.origin, "Content-Type": running.FORM}
    assert server.ask("GET", "/settings", headers={"Cookie": cookie}, token=()).status == 200
    assert server.ask("POST", "/sign-out", b"", headers, token=()).status == 303
    assert server.ask("GET", "/settings", headers={"Cookie": cookie}, token=()).status == 303


def test_a_sign_in_link_works_once(server):
    link = running.command("open", data=server.data)
    form = f"code={link.rpartition('#')[2]}".encode()
    headers = {"Origin": server.origin, "Content-Type": running.FORM}
    statuses = [server.ask("POST", "/sign-in", form, headers, token=()).status for _ in range(2)]
    assert statuses == [303, 403]


# CORS


def _revoke_tokens_of(server, origin):
    for token in server.ask("GET", "/api/v1/tokens", token=("admin",)).json()["items"]:
        if token["origin"] == origin:
            assert server.ask("DELETE", f"/api/v1/tokens/{token['id']}", token=("admin",)).status == 204


def _replies(server, origin, secret):
    """Return responses of every kind to requests from this origin."""
    host = [("Host", f"127.0.0.1:{server.port}"), ("Origin", origin)]
    bearer = ("Authorization", f"Bearer {secret}")
    asked = [("Access-Control-Request-Method", "PUT"), ("Access-Control-Request-Headers", "authorization")]
    length = ("Content-Length", "0")
    return {
        "good": send(server.port, "GET", "/api/v1/papers", [*host, bearer]),
        "missing": send(server.port, "GET", "/api/v1/papers/nothing", [*host, bearer]),
        "no such route": send(server.port, "GET", "/api/v1/nope", [*host, bearer]),
        "refused": send(server.port, "GET", "/api/v1/tokens", [*host, bearer]),
        "no token": send(server.port, "GET", "/api/v1/papers", host),
        "wrong": send(server.port, "POST", "/api/v1/papers/lookup", [*host, bearer, length]),
        "preflight": send(server.port, "OPTIONS", "/api/v1/clips/x", [*host, *asked]),
    }


def _may_read(reply):
    return {name: value for name, value in reply.headers.items() if name.startswith("access-control-")}


def test_only_a_paired_extension_can_read_responses_until_revoked(server, cookie):
    extension = "chrome-extension://" + "c" * 32
    secret = server.pair(extension, cookie)
    statuses = {}
    for name, reply in _replies(server, extension, secret).items():
        statuses[name] = reply.status
        assert reply.headers["access-control-allow-origin"] == extension, name
        assert "access-control-allow-credentials" not in reply.headers
        assert "origin" in reply.headers["vary"].split(", ")
        assert reply.headers["cross-origin-resource-policy"] == "cross-origin"
    assert list(statuses.values()) == [200, 404, 404, 403, 401, 422, 200]
    _revoke_tokens_of(server, extension)
    for name, reply in _replies(server, extension, secret).items():
        assert reply.status == 401, name
        assert _may_read(reply) == {}, name


def test_a_preflight_allows_what_the_extension_sends(server, paired):
    host = [("Host", f"127.0.0.1:{server.port}"), ("Origin", PAIRED)]
    sent = "authorization, content-type, if-match, paperclipper-instance"
    asked = [("Access-Control-Request-Method", "PUT"), ("Access-Control-Request-Headers", sent)]
    allowed = _may_read(send(server.port, "OPTIONS", "/api/v1/clips/x", host + asked))
    assert set(allowed["access-control-allow-headers"].split(", ")) == set(sent.split(", "))
    assert {"get", "post", "put", "patch", "delete"} <= set(
        allowed["access-control-allow-methods"].split(", ")
    )


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "null", STRANGER, PAIRED.upper(), PAIRED + "/", "http://localhost:3000"],
)
def test_no_other_origin_can_read_responses(server, paired, origin):
    for name, reply in _replies(server, origin, paired).items():
        assert reply.status in (401, 403), name
        assert _may_read(reply) == {}, name


def test_other_origins_cannot_read_the_documents_and_hello(server):
    host = [("Host", f"127.0.0.1:{server.port}"), ("Origin", STRANGER)]
    hello = send(server.port, "GET", "/api/v1/hello", host)
    assert (hello.status, _may_read(hello)) == (200, {})
    for path in examples.DOCUMENTS:
        assert send(server.port, "GET", path, host).status == 401


# Listening address


def test_the_environment_does_not_change_the_address(tmp_path):
    environ = {
        "PORT": "9999",
        "GUNICORN_CMD_ARGS": "--bind 0.0.0.0:9998",
        "FORWARDED_ALLOW_IPS": "*",
        "WEB_CONCURRENCY": "1",
    }
    with running.running(tmp_path / "data", environ) as server:
        processes = [server.process.pid, *server.workers()]
        listening = {address for pid in processes for address in _sockets(pid, None, "0A")}
        loopback = socket.inet_aton("127.0.0.1")[::-1].hex().upper()
        assert listening == {f"{loopback}:{server.port:04X}"}
        assert len(server.workers()) == 3
