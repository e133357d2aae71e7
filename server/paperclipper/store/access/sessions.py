"""Sessions of the personal page, and the one-time codes that begin them. Only hashes are kept."""

from datetime import datetime

from paperclipper.store.database.tables import SessionRow, SignInCodeRow


def add_code(code_hash: str, library_id: str, expires_at: datetime) -> None:
    """Keep a sign-in code."""
    SignInCodeRow.insert(code_hash=code_hash, library=library_id, expires_at=expires_at).execute()


def take_code(code_hash: str, at: datetime) -> str | None:
    """The library that a live code opens; the code is used up. None if there is no such live code."""
    SignInCodeRow.delete().where(SignInCodeRow.expires_at < at).execute()
    query = (
        SignInCodeRow.delete().where(SignInCodeRow.code_hash == code_hash).returning(SignInCodeRow.library)
    )
    rows = list(query.tuples().execute())
    return rows[0][0] if rows else None


def add(secret_hash: str, library_id: str, at: datetime, expires_at: datetime) -> None:
    """Begin a session."""
    SessionRow.delete().where(SessionRow.expires_at < at).execute()
    SessionRow.insert(
        secret_hash=secret_hash, library=library_id, created_at=at, last_seen_at=at, expires_at=expires_at
    ).execute()


def find(secret_hash: str, at: datetime) -> tuple[str, datetime] | None:
    """(library id, last seen) of the live session."""
    live = (SessionRow.secret_hash == secret_hash) & (SessionRow.expires_at > at)
    row = SessionRow.get_or_none(live)
    return (row.library_id, row.last_seen_at) if row else None


def renew(secret_hash: str, at: datetime, expires_at: datetime) -> None:
    """Seen again: the session lasts longer."""
    SessionRow.update(last_seen_at=at, expires_at=expires_at).where(
        SessionRow.secret_hash == secret_hash
    ).execute()


def end_all(library_id: str) -> None:
    """Sign out everywhere; links to sign in that were not used yet are void too."""
    SessionRow.delete().where(SessionRow.library == library_id).execute()
    SignInCodeRow.delete().where(SignInCodeRow.library == library_id).execute()


def end(secret_hash: str) -> None:
    """Sign out."""
    SessionRow.delete().where(SessionRow.secret_hash == secret_hash).execute()
