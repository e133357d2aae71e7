"""Pairings: requests from browsers to connect to a library."""

from datetime import datetime
from typing import Any

from paperclipper.model import Pairing, PairingState
from paperclipper.store.database.tables import PairingRow


def add(pairing: Pairing) -> None:
    """Store a new pairing request."""
    PairingRow.insert(
        id=pairing.id,
        client_name=pairing.client_name,
        origin=pairing.origin,
        challenge=pairing.challenge,
        words=pairing.words,
        created_at=pairing.created_at,
        expires_at=pairing.expires_at,
        state=pairing.state.value,
    ).execute()


def find(pairing_id: str) -> Pairing | None:
    """Return the request with this id, or None."""
    row = PairingRow.get_or_none(PairingRow.id == pairing_id)
    return _pairing(row) if row else None


def waiting(at: datetime) -> list[Pairing]:
    """Return the pending requests that have not expired, oldest first."""
    open_ = (PairingRow.state == PairingState.WAITING.value) & (PairingRow.expires_at > at)
    return [_pairing(row) for row in PairingRow.select().where(open_).order_by(PairingRow.created_at)]


def count_since(moment: datetime) -> int:
    """Return the number of requests made after `moment`."""
    return int(PairingRow.select().where(PairingRow.created_at > moment).count())


def transition(
    pairing_id: str, before: PairingState, after: PairingState, library_id: str | None = None
) -> bool:
    """Change the state from `before` to `after`. Return False if the current state is not `before`."""
    columns: dict[str, Any] = {"state": after.value} | ({"library": library_id} if library_id else {})
    same = (PairingRow.id == pairing_id) & (PairingRow.state == before.value)
    return bool(PairingRow.update(**columns).where(same).execute())


def delete_expired(moment: datetime) -> None:
    """Delete requests that expired before `moment`."""
    PairingRow.delete().where(PairingRow.expires_at < moment).execute()


def _pairing(row: Any) -> Pairing:
    return Pairing(
        id=row.id,
        client_name=row.client_name,
        origin=row.origin,
        challenge=row.challenge,
        words=row.words,
        created_at=row.created_at,
        expires_at=row.expires_at,
        state=PairingState(row.state),
        library_id=row.library_id,
    )
