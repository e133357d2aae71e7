from datetime import timedelta

import pytest

from paperclipper.errors import ForbiddenError, GoneError, NotFoundError, TooManyRequestsError
from paperclipper.model import PairingState, Scope
from paperclipper.services.access import pairing, tokens
from paperclipper.services.access.match_words import WORDS
from paperclipper.store.database import timestamps
from paperclipper.store.database.tables import PairingRow

ORIGIN = "moz-extension://5a1f8e0c-0000-4000-8000-000000000000"
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"


@pytest.fixture
def asked(store):
    return pairing.create("Firefox on Linux", pairing.challenge_of(VERIFIER), ORIGIN)


def claim(asked, verifier=VERIFIER, origin=ORIGIN):
    return pairing.claim(asked.id, verifier, origin)


def run_out(asked):
    PairingRow.update(expires_at=timestamps.now() - timedelta(milliseconds=1)).execute()


def test_the_challenge_is_that_of_rfc_7636_appendix_b():
    assert pairing.challenge_of(VERIFIER) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_asked_allowed_and_claimed_once(store, asked):
    assert pairing.pending() == [asked]
    assert claim(asked) is None
    allowed = pairing.allow(asked.id, store)
    assert (allowed.state, allowed.words) == (PairingState.ALLOWED, asked.words)
    token, secret = claim(asked)
    assert (token.library_id, token.origin, token.name) == (store, ORIGIN, "Firefox on Linux")
    assert token.scopes == {Scope.READ, Scope.CLIP}
    assert tokens.authenticate(secret).id == token.id
    assert pairing.pending() == []
    with pytest.raises(GoneError):
        claim(asked)
    with pytest.raises(GoneError):
        pairing.deny(asked.id, store)
    assert len(tokens.list_tokens(store)) == 1


@pytest.mark.parametrize(
    ("verifier", "origin"),
    [("wrong", ORIGIN), ("", ORIGIN), ("\ud800", ORIGIN), (VERIFIER, "https://evil.example")],
)
def test_another_browser_gets_nothing_and_burns_the_request(store, asked, verifier, origin):
    pairing.allow(asked.id, store)
    with pytest.raises(ForbiddenError):
        claim(asked, verifier, origin)
    assert pairing.get(asked.id).state is PairingState.BURNT
    with pytest.raises(GoneError):
        claim(asked)
    with pytest.raises(GoneError):
        pairing.allow(asked.id, store)
    assert tokens.list_tokens(store) == []


def test_denied(store, asked):
    pairing.deny(asked.id, store)
    with pytest.raises(ForbiddenError):
        claim(asked)
    with pytest.raises(GoneError):
        pairing.allow(asked.id, store)
    assert tokens.list_tokens(store) == []


@pytest.mark.parametrize("answer", [pairing.allow, pairing.deny])
def test_the_same_answer_twice_is_no_error(store, asked, answer):
    assert answer(asked.id, store) == answer(asked.id, store)


def test_a_request_runs_out_before_it_is_answered(store, asked):
    run_out(asked)
    assert pairing.pending() == []
    assert pairing.has_expired(pairing.get(asked.id))
    with pytest.raises(GoneError):
        pairing.allow(asked.id, store)
    with pytest.raises(GoneError):
        claim(asked)


def test_a_request_runs_out_before_it_is_claimed(store, asked):
    pairing.allow(asked.id, store)
    run_out(asked)
    with pytest.raises(GoneError):
        claim(asked)
    assert tokens.list_tokens(store) == []


def test_the_sixth_in_a_minute_is_told_to_wait(store):
    for _ in range(5):
        pairing.create("browser", "challenge", ORIGIN)
    with pytest.raises(TooManyRequestsError) as caught:
        pairing.create("browser", "challenge", ORIGIN)
    assert caught.value.retry_after == 60
    assert len(pairing.pending()) == 5
    PairingRow.update(created_at=timestamps.now() - timedelta(seconds=61)).execute()
    pairing.create("browser", "challenge", ORIGIN)


def test_requests_of_yesterday_are_forgotten(store, asked):
    old = timestamps.now() - timedelta(days=2)
    PairingRow.update(created_at=old, expires_at=old).execute()
    pairing.create("browser", "challenge", ORIGIN)
    with pytest.raises(NotFoundError):
        pairing.get(asked.id)


def test_the_match_words_are_three_of_many_plain_ones(asked):
    assert len(set(asked.words)) == 3
    assert set(asked.words) <= set(WORDS)
    assert len(set(WORDS)) == len(WORDS) >= 300
    assert all(word.isascii() and word.isalpha() and word.islower() and len(word) <= 10 for word in WORDS)


def test_an_unknown_request_is_not_found(store):
    for action in (
        pairing.get,
        lambda i: pairing.allow(i, store),
        lambda i: pairing.claim(i, VERIFIER, ORIGIN),
    ):
        with pytest.raises(NotFoundError):
            action("nothing")
