"""API tokens. They are read on every request, so a revocation takes effect immediately in all workers."""

from collections.abc import Iterable
from datetime import datetime

from paperclipper.model import Scope, Token
from paperclipper.store.database import timestamps
from paperclipper.store.database.queries import Query, Values, parameter
from paperclipper.store.database.tables import TokenRow

_COLUMNS = (
    TokenRow.id,
    TokenRow.library,
    TokenRow.name,
    TokenRow.scopes,
    TokenRow.origin,
    TokenRow.created_at,
    TokenRow.last_used_at,
    TokenRow.revoked_at,
)
_BY_SECRET: Query[Values] = Query(
    TokenRow.select(*_COLUMNS).where(
        (TokenRow.secret_hash == parameter("secret_hash")) & TokenRow.revoked_at.is_null()
    ),
    _COLUMNS,
)
_OF_LIBRARY: Query[Values] = Query(
    TokenRow.select(*_COLUMNS)
    .where(TokenRow.library == parameter("library"))
    .order_by(TokenRow.created_at.desc()),
    _COLUMNS,
)
_OF_ORIGIN: Query[tuple[str]] = Query(
    TokenRow.select(TokenRow.id).where(
        (TokenRow.origin == parameter("origin")) & TokenRow.revoked_at.is_null()
    )
)


def add(token: Token, secret_hash: str) -> None:
    """Store a new token with the hash of its secret."""
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
    """Return the live token with this secret hash, or None."""
    row = _BY_SECRET.row(secret_hash=secret_hash)
    return _token(row) if row else None


def has_existed(secret_hash: str) -> bool:
    """Return whether a token with this secret hash exists, live or revoked."""
    return bool(TokenRow.select().where(TokenRow.secret_hash == secret_hash).exists())


def of_library(library_id: str) -> list[Token]:
    """Return all tokens of a library, newest first, including revoked ones."""
    return [_token(row) for row in _OF_LIBRARY.rows(library=library_id)]


def is_paired(origin: str) -> bool:
    """Return whether a live token is bound to this Origin."""
    return _OF_ORIGIN.row(origin=origin) is not None


def set_used(token_id: str, at: datetime) -> None:
    """Record when the token was last used."""
    TokenRow.update(last_used_at=at).where(TokenRow.id == token_id).execute()


def revoke(library_id: str, token_ids: Iterable[str]) -> int:
    """Revoke these tokens of the library. Return the number of tokens that were live."""
    live = (TokenRow.library == library_id) & TokenRow.id.in_(list(token_ids)) & TokenRow.revoked_at.is_null()
    return int(TokenRow.update(revoked_at=timestamps.now()).where(live).execute())


def _token(row: Values) -> Token:
    token_id, library_id, name, scopes, *rest = row
    return Token(token_id, library_id, name, frozenset(Scope(scope) for scope in scopes), *rest)
