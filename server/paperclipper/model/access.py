"""Access to a library: API tokens and pairings."""

from dataclasses import dataclass
from datetime import datetime

from paperclipper.model.enums import PairingState, Scope


@dataclass(frozen=True)
class Token:
    """A named, scoped, revocable right to use one library's API.

    If `origin` is set, the token is only valid for requests from that origin.
    """

    id: str
    library_id: str
    name: str
    scopes: frozenset[Scope]
    origin: str | None
    created_at: datetime
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None


@dataclass(frozen=True)
class Pairing:
    """A browser's request to connect to a library.

    `words` are the three match words; `challenge` is PKCE's S256 challenge (RFC 7636).
    """

    id: str
    client_name: str
    origin: str
    challenge: str
    words: tuple[str, str, str]
    created_at: datetime
    expires_at: datetime
    state: PairingState = PairingState.WAITING
    library_id: str | None = None
