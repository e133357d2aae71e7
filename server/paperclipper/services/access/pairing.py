"""Pairing: issuing an API token to the extension.

The extension sends a request, the reader compares three match words and allows the request, and the extension
claims the token. As in OAuth's PKCE (RFC 7636, S256), the extension keeps a verifier and sends only its hash,
so that no other client can claim the token. As in Zotero's local API, the reader confirms the request on the
server's own page, and requests are rate-limited.
"""

import base64
import hashlib
import hmac
import secrets
from datetime import timedelta
from uuid import uuid4

from paperclipper.errors import ForbiddenError, GoneError, NotFoundError, TooManyRequestsError
from paperclipper.model import Pairing, PairingState, Scope, Token
from paperclipper.services.access import tokens
from paperclipper.services.access.match_words import WORDS
from paperclipper.store.access import pairings
from paperclipper.store.database import database, timestamps

LIFETIME = timedelta(minutes=10)
_MAX_PER_MINUTE = 5
_SCOPES = (Scope.READ, Scope.CLIP)


def create(client_name: str, challenge: str, origin: str) -> Pairing:
    """Create a pairing request. Raise TooManyRequestsError if there were too many recent requests."""
    at = timestamps.now()
    with database.transaction():
        if pairings.count_since(at - timedelta(minutes=1)) >= _MAX_PER_MINUTE:
            raise TooManyRequestsError("Too many pairing requests. Wait a minute, then try again.", 60)
        pairings.delete_expired(at - timedelta(days=1))
        first, second, third = secrets.SystemRandom().sample(WORDS, 3)
        pairing = Pairing(
            str(uuid4()), client_name, origin, challenge, (first, second, third), at, at + LIFETIME
        )
        pairings.add(pairing)
    return pairing


def get(pairing_id: str) -> Pairing:
    """Return the request with this id. Raise NotFoundError if it does not exist."""
    found = pairings.find(pairing_id)
    if found is None:
        raise NotFoundError("pairing request", pairing_id)
    return found


def pending() -> list[Pairing]:
    """Return the pending requests that have not expired."""
    return pairings.waiting(timestamps.now())


def has_expired(pairing: Pairing) -> bool:
    """Return whether the request has expired."""
    return pairing.expires_at <= timestamps.now()


def allow(pairing_id: str, library_id: str) -> Pairing:
    """Allow a request. Raise GoneError if it has ended."""
    return _decide(pairing_id, PairingState.ALLOWED, library_id)


def deny(pairing_id: str, library_id: str) -> Pairing:
    """Deny a request. Raise GoneError if it has ended."""
    return _decide(pairing_id, PairingState.DENIED, library_id)


def _decide(pairing_id: str, state: PairingState, library_id: str) -> Pairing:
    pairing = get(pairing_id)
    if pairing.state is state and pairing.library_id == library_id:
        return pairing
    moved = not has_expired(pairing) and pairings.transition(
        pairing_id, PairingState.WAITING, state, library_id
    )
    if not moved:
        raise GoneError("This pairing request is no longer valid. Press Connect in the extension again.")
    return get(pairing_id)


def claim(pairing_id: str, verifier: str, origin: str) -> tuple[Token, str] | None:
    """Return the token and its secret, or None if the reader has not decided yet. Succeeds only once.

    Raise ForbiddenError if the request was denied, or if the verifier or the origin does not match, which
    invalidates the request. Raise GoneError if the request has ended.
    """
    pairing = get(pairing_id)
    if pairing.origin != origin or not hmac.compare_digest(challenge_of(verifier), pairing.challenge):
        pairings.transition(pairing_id, pairing.state, PairingState.BURNT)
        raise ForbiddenError(
            "This is not the browser that sent the request. Press Connect in the extension again."
        )
    if pairing.state is PairingState.DENIED:
        raise ForbiddenError("The connection was denied.")
    if has_expired(pairing) or pairing.state in (PairingState.BURNT, PairingState.CONSUMED):
        raise GoneError("This pairing request is no longer valid. Press Connect in the extension again.")
    if pairing.state is PairingState.WAITING:
        return None
    return _issue_token(pairing)


def _issue_token(pairing: Pairing) -> tuple[Token, str]:
    with database.transaction():
        if not pairings.transition(pairing.id, PairingState.ALLOWED, PairingState.CONSUMED):
            raise GoneError(
                "The token for this request was already issued. Press Connect in the extension again."
            )
        assert pairing.library_id
        return tokens.create(pairing.library_id, pairing.client_name, _SCOPES, pairing.origin)


def challenge_of(verifier: str) -> str:
    """Return the S256 challenge of a verifier: BASE64URL(SHA256(verifier)) without padding (RFC 7636 4.2)."""
    digest = hashlib.sha256(verifier.encode("utf-8", "surrogatepass")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
