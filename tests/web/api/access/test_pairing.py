"""Pairing, step by step, by an extension and a reader."""

import sqlite3
from contextlib import closing

import pytest

import running
from paperclipper.config import Settings
from paperclipper.services.access import sessions
from paperclipper.web.app import create_app

OWN = "http://127.0.0.1:8377"
EXTENSION = "moz-extension://0f6d0b0e-1111-4222-8333-444455556666"
OTHER = "chrome-extension://" + "a" * 32
VERIFIER = "a-verifier-that-nobody-else-has-seen.and-is-long"


@pytest.fixture
def app(store, tmp_path):
    return create_app(Settings(tmp_path))


@pytest.fixture
def extension(app):
    """A function that sends a POST request from an extension's origin."""

    def post(path, body, origin=EXTENSION):
        headers = {"Host": "127.0.0.1:8377"} | ({"Origin": origin} if origin else {})
        return app.test_client().post(f"/api/v1/pairings{path}", json=body, headers=headers)

    return post


@pytest.fixture
def reader(app, store):
    """A function that posts a form as the signed-in reader and returns the status."""
    client = app.test_client()
    headers = {"Host": "127.0.0.1:8377", "Origin": OWN, "Content-Type": running.FORM}

    def post(path, data=b""):
        return client.post(path, data=data, headers=headers | {"Content-Length": str(len(data))}).status_code

    assert post("/sign-in", f"code={sessions.create_sign_in_code(store)}".encode()) == 303
    return post


@pytest.fixture
def asked(extension):
    """A pairing request, as the server returned it."""
    answer = extension("", running.pairing_request(VERIFIER))
    assert answer.status_code == 201
    return answer.json


@pytest.fixture
def claim(extension, asked):
    """A function that claims the token and returns the response."""
    return lambda verifier=VERIFIER, origin=EXTENSION: extension(
        f"/{asked['id']}/token", {"verifier": verifier}, origin
    )


def test_the_token_is_available_once_after_the_reader_allows(app, asked, claim, reader):
    assert len(set(asked["words"])) == 3
    assert asked["approve_url"] == f"{OWN}/pair/{asked['id']}"
    early = claim()
    assert (early.status_code, early.json) == (202, {"state": "waiting"})
    assert reader(f"/pair/{asked['id']}/allow") == 303
    given = claim()
    assert (given.status_code, given.json["scopes"]) == (200, ["clip", "read"])
    assert given.json["instance_id"] == asked["instance_id"]
    assert given.headers["Cache-Control"] in ("no-store", "private, no-cache")
    headers = {
        "Host": "127.0.0.1:8377",
        "Authorization": f"Bearer {given.json['token']}",
        "Origin": EXTENSION,
    }
    assert app.test_client().get("/api/v1/papers", headers=headers).status_code == 200
    assert claim().status_code == 410


def test_only_the_reader_can_allow(app, asked, claim):
    headers = {"Host": "127.0.0.1:8377", "Content-Type": running.FORM, "Content-Length": "0"}
    path = f"/pair/{asked['id']}/allow"
    assert app.test_client().post(path, headers=headers | {"Origin": OWN}).status_code == 303
    assert app.test_client().post(path, headers=headers | {"Origin": EXTENSION}).status_code == 401
    assert claim().status_code == 202


def test_a_wrong_verifier_ends_the_request(asked, claim, reader):
    assert reader(f"/pair/{asked['id']}/allow") == 303
    assert claim(verifier="x" * 43).status_code == 403
    assert claim().status_code == 410


def test_another_extension_ends_the_request(asked, claim, reader):
    assert claim(origin=OTHER).status_code == 403
    assert reader(f"/pair/{asked['id']}/allow") == 410
    assert claim().status_code == 410


def test_only_extensions_can_request_or_claim(extension, asked):
    for origin, status in ((None, 403), (OWN, 403), ("https://evil.example", 403), ("null", 403)):
        assert extension("", running.pairing_request(VERIFIER), origin).status_code == status, origin
        assert extension(f"/{asked['id']}/token", {"verifier": VERIFIER}, origin).status_code == status, (
            origin
        )


def test_a_denied_request_cannot_be_claimed_or_allowed(asked, claim, reader):
    assert reader(f"/pair/{asked['id']}/deny") == 303
    assert claim().status_code == 403
    assert reader(f"/pair/{asked['id']}/allow") == 410


@pytest.mark.parametrize("allowed", [False, True])
def test_an_expired_request_cannot_be_claimed(tmp_path, asked, claim, reader, allowed):
    if allowed:
        assert reader(f"/pair/{asked['id']}/allow") == 303
    with closing(sqlite3.connect(tmp_path / "paperclipper.db")) as database, database:
        database.execute("UPDATE pairing SET expires_at = '2026-01-01T00:00:00.000Z'")
    assert claim().status_code == 410
    if not allowed:
        assert reader(f"/pair/{asked['id']}/allow") == 410


def test_an_unknown_request_is_not_found(extension):
    assert extension("/nothing/token", {"verifier": VERIFIER}).status_code == 404


def test_pairing_requests_per_minute_are_limited(extension, asked):
    answers = [extension("", running.pairing_request(VERIFIER)) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [201] * 4 + [429]
    assert int(answers[-1].headers["Retry-After"]) > 0
