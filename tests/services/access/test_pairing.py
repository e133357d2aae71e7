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
def pairing_request(store):
    return pairing.create("Firefox on Linux", pairing.challenge_of(VERIFIER), ORIGIN)


def claim(pairing_request, verifier=VERIFIER, origin=ORIGIN):
    return pairing.claim(pairing_request.id, verifier, origin)


def expire(pairing_request):
    PairingRow.update(expires_at=timestamps.now() - timedelta(milliseconds=1)).execute()


def test_the_challenge_is_that_of_rfc_7636_appendix_b():
    assert pairing.challenge_of(VERIFIER) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_a_request_is_allowed_and_claimed_once(store, pairing_request):
    assert pairing.pending() == [pairing_request]
    assert claim(pairing_request) is None
    allowed = pairing.allow(pairing_request.id, store)
    assert (allowed.state, allowed.words) == (PairingState.ALLOWED, pairing_request.words)
    token, secret = claim(pairing_request)
    assert (token.library_id, token.origin, token.name) == (store, ORIGIN, "Firefox on Linux")
    assert token.scopes == {Scope.READ, Scope.CLIP}
    assert tokens.authenticate(secret).id == token.id
    assert pairing.pending() == []
    with pytest.raises(GoneError):
        claim(pairing_request)
    with pytest.raises(GoneError):
        pairing.deny(pairing_request.id, store)
    assert len(tokens.list_tokens(store)) == 1


@pytest.mark.parametrize(
    ("verifier", "origin"),
    [("wrong", ORIGIN), ("", ORIGIN), ("\ud800", ORIGIN), (VERIFIER, "https://evil.example")],
)
def test_a_claim_by_another_browser_invalidates_the_request(store, pairing_request, verifier, origin):
    pairing.allow(pairing_request.id, store)
    with pytest.raises(ForbiddenError):
        claim(pairing_request, verifier, origin)
    assert pairing.get(pairing_request.id).state is PairingState.BURNT
    with pytest.raises(GoneError):
        claim(pairing_request)
    with pytest.raises(GoneError):
        pairing.allow(pairing_request.id, store)
    assert tokens.list_tokens(store) == []


def test_a_denied_request_cannot_be_claimed(store, pairing_request):
    pairing.deny(pairing_request.id, store)
    with pytest.raises(ForbiddenError):
        claim(pairing_request)
    with pytest.raises(GoneError):
        pairing.allow(pairing_request.id, store)
    assert tokens.list_tokens(store) == []


@pytest.mark.parametrize("answer", [pairing.allow, pairing.deny])
def test_the_same_decision_twice_is_no_error(store, pairing_request, answer):
    assert answer(pairing_request.id, store) == answer(pairing_request.id, store)


def test_a_request_expires_before_the_decision(store, pairing_request):
    expire(pairing_request)
    assert pairing.pending() == []
    assert pairing.has_expired(pairing.get(pairing_request.id))
    with pytest.raises(GoneError):
        pairing.allow(pairing_request.id, store)
    with pytest.raises(GoneError):
        claim(pairing_request)


def test_a_request_expires_before_the_claim(store, pairing_request):
    pairing.allow(pairing_request.id, store)
    expire(pairing_request)
    with pytest.raises(GoneError):
        claim(pairing_request)
    assert tokens.list_tokens(store) == []


def test_the_sixth_request_in_a_minute_has_to_wait(store):
    for _ in range(5):
        pairing.create("browser", "challenge", ORIGIN)
    with pytest.raises(TooManyRequestsError) as caught:
        pairing.create("browser", "challenge", ORIGIN)
    assert caught.value.retry_after == 60
    assert len(pairing.pending()) == 5
    PairingRow.update(created_at=timestamps.now() - timedelta(seconds=61)).execute()
    pairing.create("browser", "challenge", ORIGIN)


def test_old_requests_are_deleted(store, pairing_request):
    old = timestamps.now() - timedelta(days=2)
    PairingRow.update(created_at=old, expires_at=old).execute()
    pairing.create("browser", "challenge", ORIGIN)
    with pytest.raises(NotFoundError):
        pairing.get(pairing_request.id)


def test_there_are_three_different_match_words(pairing_request):
    assert len(set(pairing_request.words)) == 3
    assert set(pairing_request.words) <= set(WORDS)
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
