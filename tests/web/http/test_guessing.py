"""Guessing secrets, flooding with pairing requests and racing for a token, against the real server.

Wrong guesses are counted over all workers and clients, and never lock out the right secret.
"""

import urllib.parse
from concurrent.futures import ThreadPoolExecutor

import pytest

import running

PASSWORD = "nine cranes over water"
EXTENSION = "chrome-extension://" + "d" * 32
VERIFIER = "v" * 43
MOST = 10


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A separate server, because guesses are counted for 15 minutes."""
    with running.running(tmp_path_factory.mktemp("guessed") / "data") as it:
        running.command("library", "password", "library", data=it.data, input=f"{PASSWORD}\n{PASSWORD}\n")
        yield it


def at_once(action, count):
    with ThreadPoolExecutor(12) as threads:
        return list(threads.map(action, range(count)))


def forwarded(number):
    """Return headers that claim another client address."""
    return dict.fromkeys(
        ("X-Forwarded-For", "X-Real-IP", "Forwarded", "CF-Connecting-IP"), f"192.0.2.{number}"
    )


def test_token_guesses_are_limited_and_valid_tokens_keep_working(server):
    def guess(number):
        headers = {"Authorization": f"Bearer pcl_00000000_guess{number}"} | forwarded(number)
        return server.ask("GET", "/api/v1/papers", headers=headers, token=()).status

    statuses = at_once(guess, 60)
    assert (statuses.count(401), statuses.count(429)) == (MOST, 60 - MOST)
    assert {server.ask("GET", "/api/v1/papers").status for _ in range(12)} == {200}
    waits = server.ask("GET", "/api/v1/papers", headers={"Authorization": "Bearer pcl_00000000_x"}, token=())
    assert (waits.status, int(waits.headers["Retry-After"]) > 0) == (429, True)


def sign_in(server, number, **form):
    headers = {"Origin": server.origin, "Content-Type": running.FORM} | forwarded(number)
    return server.ask("POST", "/sign-in", urllib.parse.urlencode(form).encode(), headers, token=()).status


def test_password_guesses_are_limited_and_the_right_password_keeps_working(server):
    def guess(number):
        return sign_in(
            server, number, library="library" if number % 2 else f"nobody{number}", password=f"guess{number}"
        )

    statuses = at_once(guess, 30)
    assert (statuses.count(403), statuses.count(429)) == (MOST, 30 - MOST)
    assert sign_in(server, 1, library="library", password=PASSWORD) == 303


def test_guessed_sign_in_codes_are_rejected(server):
    assert set(at_once(lambda number: sign_in(server, number, code=f"guess{number}"), 30)) <= {403, 429}
    link = running.command("open", data=server.data).splitlines()[0]
    assert sign_in(server, 1, code=link.rpartition("#")[2]) == 303


def ask_to_connect(server, number=0, origin=EXTENSION):
    asked = running.pairing_request(VERIFIER)
    return server.ask("POST", "/api/v1/pairings", asked, {"Origin": origin} | forwarded(number), token=())


def claim(server, pairing, verifier=VERIFIER):
    return server.ask(
        "POST", f"/api/v1/pairings/{pairing}/token", {"verifier": verifier}, {"Origin": EXTENSION}, token=()
    )


def answer(server, pairing, cookie, **headers):
    sent = {"Origin": server.origin, "Cookie": cookie, "Content-Type": running.FORM} | headers
    return server.ask("POST", f"/pair/{pairing}/allow", b"", sent, token=()).status


def test_concurrent_claims_get_one_token_and_only_our_page_can_allow(server):
    cookie, pairing = server.session(), ask_to_connect(server).json()["id"]
    for origin in ("https://evil.example", "null", "http://localhost:3000", EXTENSION):
        assert answer(server, pairing, cookie, Origin=origin) in (401, 403)
    assert answer(server, pairing, "a=b") == 303  # to the sign-in page
    assert claim(server, pairing).status == 202
    assert answer(server, pairing, cookie) == 303
    statuses = at_once(lambda _: claim(server, pairing).status, 24)
    assert (statuses.count(200), statuses.count(410)) == (1, 23)


def test_pairing_requests_are_limited(server):
    asked = at_once(lambda number: ask_to_connect(server, number, f"chrome-extension://{number:032}"), 30)
    statuses = [each.status for each in asked]
    assert statuses.count(201) <= 5
    assert statuses.count(201) + statuses.count(429) == 30
    page = server.ask("GET", "/", headers={"Cookie": server.session()}, token=()).body
    assert page.count(b'href="/pair/') <= 5
