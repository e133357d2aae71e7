from datetime import timedelta

import pytest

from paperclipper.errors import TooManyRequestsError
from paperclipper.model import Scope
from paperclipper.services.access import sessions, tokens
from paperclipper.store.access import libraries
from paperclipper.store.database import timestamps
from paperclipper.store.database.tables import SessionRow, SignInCodeRow, TokenRow, proxy

ORIGIN = "chrome-extension://abcdefghijklmnopabcdefghijklmnop"


def dump():
    """Return the whole content of the database as text."""
    return "\n".join(proxy.connection().iterdump())


def test_a_token_opens_its_library_with_its_scopes(store):
    token, secret = tokens.create(store, "script", [Scope.READ, Scope.CLIP], ORIGIN)
    found = tokens.authenticate(secret)
    assert (found.id, found.library_id, found.name, found.origin) == (token.id, store, "script", ORIGIN)
    assert found.scopes == {Scope.READ, Scope.CLIP}
    assert secret.startswith("pcl_")


@pytest.mark.parametrize("wrong", ["", "pcl_", "x" * 10_000, "\ud800", "' OR 1=1 --"])
def test_a_wrong_secret_is_refused(store, wrong):
    _, secret = tokens.create(store, "script", [Scope.READ])
    for text in (wrong, secret + wrong + "x", secret[:-1], secret.upper()):
        assert tokens.authenticate(text) is None
        assert sessions.sign_in(text) is None
        assert sessions.library_id_of(text) is None


def test_no_secret_is_stored(store):
    _, token = tokens.create(store, "script", [Scope.READ])
    code = sessions.create_sign_in_code(store)
    session = sessions.sign_in(sessions.create_sign_in_code(store))
    kept = dump()
    for secret in (token, code, session):
        assert secret not in kept
        assert tokens.hash_secret(secret) in kept


def test_a_revoked_token_is_refused_and_still_listed(store):
    token, secret = tokens.create(store, "script", [Scope.READ], ORIGIN)
    assert tokens.is_paired(ORIGIN)
    tokens.revoke(store, token.id)
    tokens.revoke(store, token.id)
    assert tokens.authenticate(secret) is None
    assert not tokens.is_paired(ORIGIN)
    (listed,) = tokens.list_tokens(store)
    assert listed.revoked_at


def test_a_token_of_another_library_cannot_be_revoked(store):
    token, secret = tokens.create(store, "script", [Scope.READ])
    tokens.revoke(libraries.create("another").id, token.id)
    assert tokens.authenticate(secret)


def test_an_origin_is_paired_while_a_valid_token_belongs_to_it(store):
    first, _ = tokens.create(store, "one", [Scope.READ], ORIGIN)
    second, _ = tokens.create(store, "two", [Scope.READ], ORIGIN)
    tokens.revoke(store, first.id)
    assert tokens.is_paired(ORIGIN)
    tokens.revoke(store, second.id)
    assert not tokens.is_paired(ORIGIN)
    assert not tokens.is_paired("https://example.org")


def test_the_use_of_a_token_is_recorded_at_most_every_ten_minutes(store):
    _, secret = tokens.create(store, "script", [Scope.READ])
    tokens.authenticate(secret)
    (first,) = [token.last_used_at for token in tokens.list_tokens(store)]
    tokens.authenticate(secret)
    assert [token.last_used_at for token in tokens.list_tokens(store)] == [first]
    TokenRow.update(last_used_at=first - timedelta(minutes=11)).execute()
    tokens.authenticate(secret)
    assert tokens.list_tokens(store)[0].last_used_at >= first


def test_a_sign_in_code_opens_one_session(store):
    code = sessions.create_sign_in_code(store)
    session = sessions.sign_in(code)
    assert sessions.library_id_of(session) == store
    assert sessions.sign_in(code) is None
    assert sessions.library_id_of(code) is None


def test_a_sign_in_code_expires(store):
    code = sessions.create_sign_in_code(store)
    SignInCodeRow.update(expires_at=timestamps.now() - timedelta(seconds=1)).execute()
    assert sessions.sign_in(code) is None


def test_a_session_ends_when_signed_out(store):
    one, other = (sessions.sign_in(sessions.create_sign_in_code(store)) for _ in range(2))
    sessions.sign_out(one)
    assert sessions.library_id_of(one) is None
    assert sessions.library_id_of(other) == store


def test_a_session_expires_unless_it_is_used(store):
    session = sessions.sign_in(sessions.create_sign_in_code(store))
    day_ago = timestamps.now() - timedelta(days=1)
    SessionRow.update(last_seen_at=day_ago, expires_at=timestamps.now() + timedelta(minutes=1)).execute()
    assert sessions.library_id_of(session) == store
    assert SessionRow.get().expires_at > timestamps.now() + timedelta(days=89)
    SessionRow.update(expires_at=timestamps.now() - timedelta(seconds=1)).execute()
    assert sessions.library_id_of(session) is None


def test_the_installation_keeps_its_id(store):
    known = libraries.instance_id()
    libraries.renew_epochs()
    assert libraries.instance_id() == known


def test_guessing_a_token_is_limited_and_valid_tokens_still_work(store):
    token, secret = tokens.create(store, "mine", [Scope.READ])
    for number in range(10):
        assert tokens.authenticate(f"pcl_guess_{number}") is None
    with pytest.raises(TooManyRequestsError):
        tokens.authenticate("pcl_guess_more")
    assert tokens.authenticate(secret).id == token.id


def test_a_revoked_token_is_not_counted_as_a_guess(store):
    token, secret = tokens.create(store, "mine", [Scope.READ])
    tokens.revoke(store, token.id)
    for _ in range(20):
        assert tokens.authenticate(secret) is None
