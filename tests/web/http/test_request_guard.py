"""The request guard, on every route: requests that are wrong in a single respect."""

import itertools
import json

import pytest

import running
from paperclipper.web.app import MAX_BODY
from web.api import examples
from web.http.raw_http import send

ROUTES = examples.routes()
UNKNOWN = ["/nope", "/api/v1/nope", "/static/nope.css", "/static/../gate.py"]
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
ELSEWHERE = "chrome-extension://" + "b" * 32
# Only these routes are open to an extension that is not paired.
FOR_ANY_EXTENSION = {"/api/v1/hello", "/api/v1/pairings", "/api/v1/pairings/<pairing_id>/token"}


@pytest.fixture(scope="module")
def owner(server):
    """A token with all scopes, used once so that its last use is not written again."""
    scopes = ("read", "clip", "write", "admin")
    assert server.ask("GET", "/api/v1/tokens", token=scopes).status == 200
    return server.token(*scopes)


@pytest.fixture
def good(server, cookie, owner):
    """A function that returns headers and body of a valid request."""

    def make(method, rule):
        headers = {"Host": f"127.0.0.1:{server.port}"}
        if examples.is_api(rule):
            headers["Authorization"] = f"Bearer {owner}"
        else:
            headers["Cookie"] = cookie
        body = b""
        if method not in examples.SAFE:
            headers["Origin"] = server.origin
            body = (
                json.dumps(examples.BODIES.get((method, rule), {})).encode()
                if examples.is_api(rule)
                else b"a=b"
            )
            headers["Content-Type"] = "application/json" if examples.is_api(rule) else running.FORM
            headers["Content-Length"] = str(len(body))
        return headers, body

    return make


@pytest.fixture
def refused(server, good, rows):
    """A function that asserts that requests altered by `spoil` are rejected and change nothing."""

    def check(asked, spoil, expected, **how):
        before = rows()
        wrong = []
        for method, rule in asked:
            headers, body = good(method, rule)
            pairs, body = spoil(headers, body)
            reply = send(server.port, method, examples.address(rule), pairs, body, **how)
            if reply.status not in expected:
                wrong.append((method, rule, reply.status, reply.body[:200]))
        assert asked
        assert wrong == []
        assert rows() == before

    return check


def with_headers(**changes):
    """Return a function that replaces these headers, or removes those that are None."""
    named = {name.replace("_", "-"): value for name, value in changes.items()}

    def spoil(headers, body):
        return [(name, value) for name, value in (headers | named).items() if value is not None], body

    return spoil


def everything():
    return ROUTES + [("GET", path) for path in UNKNOWN] + [("POST", path) for path in UNKNOWN]


def unsafe():
    """Return every rule and unknown path with every unsafe method, even unsupported ones."""
    rules = {rule for _, rule in ROUTES} | set(UNKNOWN)
    return sorted((method, rule) for method, rule in itertools.product(UNSAFE, rules))


def with_body():
    return [(method, rule) for method, rule in ROUTES if method not in {"GET", "DELETE"}]


# Host


@pytest.mark.parametrize(
    "host",
    [
        "evil.example:{port}",
        "localhost.evil.example:{port}",
        "127.0.0.1.nip.io:{port}",
        "evil@localhost:{port}",
        "localhost:{port}@evil.example",
        "0.0.0.0:{port}",
        "127.0.0.1:{other}",
        "127.0.0.1",
        "[::1]:{port}",
        "127.1:{port}",
        "2130706433:{port}",
        "",
        None,
    ],
)
def test_another_host_is_rejected(server, refused, host):
    named = host and host.format(port=server.port, other=server.port + 1)
    refused(everything(), with_headers(Host=named), {400})


def test_two_host_headers_are_rejected(server, refused):
    own = f"127.0.0.1:{server.port}"

    def twice(headers, body):
        return [*headers.items(), ("Host", "evil.example")], body

    def same_twice(headers, body):
        return [*headers.items(), ("Host", own)], body

    refused(everything(), twice, {400})
    refused(everything(), same_twice, {400})


def test_a_forwarded_host_is_ignored(server, good):
    headers, _ = good("GET", "/api/v1/hello")
    spoilt = headers | {"Host": "evil.example", "X-Forwarded-Host": headers["Host"]}
    assert send(server.port, "GET", "/api/v1/hello", spoilt.items()).status == 400


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LOCALHOST"])
@pytest.mark.parametrize("path", ["/api/v1/hello", "/api/v1/papers", "/", "/static/base.css"])
def test_our_own_host_names_are_allowed(server, good, host, path):
    headers, _ = good("GET", path)
    assert send(server.port, "GET", path, (headers | {"Host": f"{host}:{server.port}"}).items()).status == 200


# Origin


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "http://localhost:3000",
        "http://127.0.0.1",
        "https://127.0.0.1:{port}",
        "http://evil.example:{port}",
        "http://localhost:{port}.evil.example",
        "",
    ],
)
def test_another_origin_is_rejected(server, refused, origin):
    refused(everything() + unsafe(), with_headers(Origin=origin.format(port=server.port)), {403})


@pytest.mark.parametrize(
    "origin",
    [
        ELSEWHERE,
        "moz-extension://0f6d0b0e-1111-4222-8333-444455556666",
        "moz-extension://x/y",
        "x-extension://a",
    ],
)
def test_an_extension_that_is_not_paired_is_rejected(refused, origin):
    asked = [(method, rule) for method, rule in everything() + unsafe() if rule not in FOR_ANY_EXTENSION]
    refused(asked, with_headers(Origin=origin), {401, 403})


@pytest.mark.parametrize("site", ["cross-site", "same-site", "nonsense"])
def test_an_unsafe_request_from_another_site_is_rejected(refused, site):
    refused(unsafe(), with_headers(Origin=None, Sec_Fetch_Site=site), {403})


def test_a_session_is_ignored_for_requests_from_another_site(server, cookie, rows):
    before = rows()
    headers = {"Host": f"127.0.0.1:{server.port}", "Cookie": cookie, "Sec-Fetch-Site": "same-site"}
    for method, rule in ROUTES:
        if method == "GET" and examples.is_api(rule) and rule not in FOR_ANY_EXTENSION | examples.DOCUMENTS:
            assert send(server.port, method, examples.address(rule), headers.items()).status == 401, rule
    assert rows() == before


def test_a_form_without_an_origin_is_rejected(refused):
    refused([(m, r) for m, r in with_body() if not examples.is_api(r)], with_headers(Origin=None), {403})


# Body


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "multipart/form-data; boundary=b",
        "application/octet-stream",
        "",
        None,
        "application/jsonx",
    ],
)
def test_a_body_of_another_media_type_is_rejected(refused, kind):
    refused(with_body(), with_headers(Content_Type=kind), {415})


def test_the_api_rejects_forms_and_pages_reject_json(refused):
    api = [(method, rule) for method, rule in with_body() if examples.is_api(rule)]
    pages = [(method, rule) for method, rule in with_body() if not examples.is_api(rule)]
    refused(api, with_headers(Content_Type=running.FORM), {415})
    refused(pages, with_headers(Content_Type="application/json"), {415})


def test_a_chunked_body_is_rejected(refused):
    def chunked(headers, body):
        kept = {name: value for name, value in headers.items() if name != "Content-Length"}
        sent = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body) if body else b"0\r\n\r\n"
        return [*kept.items(), ("Transfer-Encoding", "chunked")], sent

    refused(everything(), chunked, {411})


def test_a_body_without_content_length_is_rejected(refused):
    def silent(headers, _):
        return [(name, value) for name, value in headers.items() if name != "Content-Length"], b""

    refused([(m, r) for m, r in unsafe() if m != "DELETE"], silent, {411})


def test_a_body_over_the_limit_is_rejected(refused):
    refused(with_body(), with_headers(Content_Length=str(MAX_BODY + 1)), {413})


def test_a_body_shorter_than_its_content_length_is_rejected(refused):
    """A truncated body may be valid and mean something else."""

    def longer(headers, body):
        return [*(headers | {"Content-Length": str(len(body) + 7)}).items()], body

    refused(with_body(), longer, {400}, hang_up=True)


def test_a_body_longer_than_its_content_length_is_rejected(refused):
    def shorter(headers, body):
        return [*(headers | {"Content-Length": str(len(body) - 1)}).items()], body

    refused(sorted(examples.BODIES), shorter, {400, 404, 422})


@pytest.mark.parametrize("length", ["-1", "1e3", "0x10", "99999999999999999999999", "1, 2"])
def test_an_invalid_content_length_is_rejected(refused, length):
    refused(with_body(), with_headers(Content_Length=length), {400, 413})


def test_a_request_for_another_instance_changes_nothing(server, refused):
    refused(everything(), with_headers(Paperclipper_Instance="00000000-0000-4000-8000-000000000000"), {412})
    own = server.ask("GET", "/api/v1/hello", token=()).json()["instance_id"]
    assert server.ask("GET", "/api/v1/papers", headers={"Paperclipper-Instance": own}).status == 200


# Responses


def test_every_response_has_the_security_headers(server, good):
    for method, rule in [*everything(), ("OPTIONS", "/api/v1/papers"), ("HEAD", "/")]:
        headers, body = good(method, rule)
        for spoilt in (headers, headers | {"Origin": "https://evil.example"}):
            reply = send(server.port, method, examples.address(rule), spoilt.items(), body)
            assert "default-src 'none'" in reply.headers["content-security-policy"], rule
            assert reply.headers["x-content-type-options"] == "nosniff"
            assert reply.headers["referrer-policy"] == "same-origin"
            assert reply.headers["x-frame-options"] == "deny"
            assert reply.headers["cross-origin-opener-policy"] == "same-origin"
            assert reply.headers["cross-origin-resource-policy"] == "same-origin"
            assert {"origin", "cookie"} <= set(reply.headers["vary"].split(", "))
            assert not [name for name in reply.headers if name.startswith("access-control-")]


def test_api_errors_are_problem_details_and_page_errors_are_pages(server, good):
    for path, kind in (("/api/v1/nope", "application/problem+json"), ("/nope", "text/html; charset=utf-8")):
        headers, _ = good("GET", path)
        reply = send(server.port, "GET", path, headers.items())
        assert (reply.status, reply.headers["content-type"]) == (404, kind)
