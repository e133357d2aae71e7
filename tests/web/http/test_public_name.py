"""A server behind a proxy with a public name, which is allowed over TLS only."""

import pytest

from paperclipper.config import Settings
from paperclipper.services.access import sessions
from paperclipper.web.app import create_app
from running import pairing_request

PUBLIC = "https://papers.example"
FORWARDED = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "papers.example", "Forwarded": "proto=https"}


@pytest.fixture
def client(store, tmp_path):
    return create_app(Settings(tmp_path, public=PUBLIC)).test_client()


@pytest.mark.parametrize(
    ("host", "origin", "status"),
    [
        ("papers.example", PUBLIC, 303),
        ("PAPERS.example", PUBLIC, 303),
        ("127.0.0.1:8377", "http://127.0.0.1:8377", 303),
        ("papers.example", "http://papers.example", 403),
        ("papers.example", "https://evil.example", 403),
        ("papers.example:8377", PUBLIC, 400),
        ("evil.example", PUBLIC, 400),
    ],
)
def test_the_public_name_is_allowed_in_addition(client, store, host, origin, status):
    form = {"code": sessions.create_sign_in_code(store)}
    assert client.post("/sign-in", data=form, headers={"Host": host, "Origin": origin}).status_code == status


@pytest.mark.parametrize(("host", "is_secure"), [("papers.example", True), ("127.0.0.1:8377", False)])
def test_a_session_over_tls_has_a_secure_cookie(client, store, host, is_secure):
    code = sessions.create_sign_in_code(store)
    origin = PUBLIC if is_secure else f"http://{host}"
    answer = client.post("/sign-in", data={"code": code}, headers={"Host": host, "Origin": origin})
    assert answer.status_code == 303
    assert ("Secure" in answer.headers["Set-Cookie"]) is is_secure


@pytest.mark.parametrize(
    ("host", "more", "origin"),
    [
        ("papers.example", {}, PUBLIC),
        ("127.0.0.1:8377", {}, "http://127.0.0.1:8377"),
        ("127.0.0.1:8377", FORWARDED, "http://127.0.0.1:8377"),
    ],
)
def test_the_approval_url_ignores_forwarded_headers(client, host, more, origin):
    headers = {"Host": host, "Origin": "chrome-extension://abcdefghijklmnop"} | more
    asked = client.post("/api/v1/pairings", json=pairing_request("v" * 43), headers=headers)
    assert asked.json["approve_url"].startswith(f"{origin}/pair/")
