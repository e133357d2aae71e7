"""Sessions of the personal page, and their one-time sign-in codes. Only hashes are stored."""

from datetime import datetime

from paperclipper.store.database.tables import SessionRow, SignInCodeRow


def add_code(code_hash: str, library_id: str, expires_at: datetime) -> None:
    """Store a sign-in code."""
    SignInCodeRow.insert(code_hash=code_hash, library=library_id, expires_at=expires_at).execute()


def take_code(code_hash: str, at: datetime) -> str | None:
    """Consume a sign-in code and return the id of its library, or None if the code is not valid."""
    SignInCodeRow.delete().where(SignInCodeRow.expires_at < at).execute()
    query = (
        SignInCodeRow.delete().where(SignInCodeRow.code_hash == code_hash).returning(SignInCodeRow.library)
    )
    rows = list(query.tuples().execute())
    return rows[0][0] if rows else None


def add(secret_hash: str, library_id: str, at: datetime, expires_at: datetime) -> None:
    """Start a session, and delete expired sessions."""
    SessionRow.delete().where(SessionRow.expires_at < at).execute()
    SessionRow.insert(
        secret_hash=secret_hash, library=library_id, created_at=at, last_seen_at=at, expires_at=expires_at
    ).execute()


def find(secret_hash: str, at: datetime) -> tuple[str, datetime] | None:
    """Return (library id, last seen) for a live session, or None."""
    live = (SessionRow.secret_hash == secret_hash) & (SessionRow.expires_at > at)
    row = SessionRow.get_or_none(live)
    return (row.library_id, row.last_seen_at) if row else None


def renew(secret_hash: str, at: datetime, expires_at: datetime) -> None:
    """Update the session's last-seen time and extend its lifetime."""
    SessionRow.update(last_seen_at=at, expires_at=expires_at).where(
        SessionRow.secret_hash == secret_hash
    ).execute()


def end_all(library_id: str) -> None:
    """End all sessions of the library and invalidate its unused sign-in codes."""
    SessionRow.delete().where(SessionRow.library == library_id).execute()
    SignInCodeRow.delete().where(SignInCodeRow.library == library_id).execute()


def end(secret_hash: str) -> None:
    """End a session."""
    SessionRow.delete().where(SessionRow.secret_hash == secret_hash).execute()
