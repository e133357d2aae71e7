"""Tokens: named, scoped, revocable rights. Read at every request, so a revoked one is dead at once in all workers."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from paperclipper.model import Scope, Token
from paperclipper.store import papers
from paperclipper.store.tables import TokenRow


def add(token: Token, secret_hash: str) -> None:
    """Keep a new token under its secret's hash."""
    TokenRow.insert(
        id=token.id,
        library=token.library_id,
        name=token.name,
        secret_hash=secret_hash,
        scopes=sorted(token.scopes),
        origin=token.origin,
        created_at=token.created_at,
    ).execute()


def by_secret(secret_hash: str) -> Token | None:
    """The live token whose secret has this hash."""
    row = TokenRow.get_or_none((TokenRow.secret_hash == secret_hash) & TokenRow.revoked_at.is_null())
    return _token(row) if row else None


def of_library(library_id: str) -> list[Token]:
    """All tokens of a library, newest first, revoked ones too."""
    query = TokenRow.select().where(TokenRow.library == library_id).order_by(TokenRow.created_at.desc())
    return [_token(row) for row in query]


def is_paired(origin: str) -> bool:
    """Whether a live token is bound to this Origin."""
    live = (TokenRow.origin == origin) & TokenRow.revoked_at.is_null()
    return bool(TokenRow.select().where(live).exists())


def set_used(token_id: str, at: datetime) -> None:
    """Remember when the token was last used."""
    TokenRow.update(last_used_at=at).where(TokenRow.id == token_id).execute()


def revoke(library_id: str, token_ids: Iterable[str]) -> int:
    """End these tokens of the library; how many were live."""
    live = (TokenRow.library == library_id) & TokenRow.id.in_(list(token_ids)) & TokenRow.revoked_at.is_null()
    return int(TokenRow.update(revoked_at=papers.now()).where(live).execute())


def _token(row: Any) -> Token:
    return Token(
        id=row.id,
        library_id=row.library_id,
        name=row.name,
        scopes=frozenset(Scope(scope) for scope in row.scopes),
        origin=row.origin,
        created_at=row.created_at,
        last_used_at=row.last_used_at,
        revoked_at=row.revoked_at,
    )
