"""Paper states, used to mark saved papers on list pages. A single query reads any number of states."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from peewee import SQL, fn

from paperclipper.model import (
    AnnotationKind,
    Decision,
    Identifier,
    PaperState,
    Scheme,
    Source,
    Status,
    Version,
)
from paperclipper.store.database.queries import Query, Values, list_parameter, parameter
from paperclipper.store.database.sqlite import SEPARATOR, group_concat
from paperclipper.store.database.tables import (
    AnnotationRow,
    DecisionRow,
    IdentifierRow,
    LibraryRow,
    PaperRow,
    PaperTagRow,
    TagRow,
)
from paperclipper.store.days import day_decisions
from paperclipper.store.papers.identifiers import EVERY_SCHEME
from paperclipper.store.papers.papers import present


def _literal(value: str) -> Any:
    """Return a constant as an SQL literal."""
    return SQL(f"'{value}'")


def _count(kind: AnnotationKind) -> Any:
    mine = (AnnotationRow.paper == PaperRow.id) & AnnotationRow.deleted_at.is_null()
    return AnnotationRow.select(fn.COUNT(AnnotationRow.id)).where(
        mine & (AnnotationRow.kind == _literal(kind))
    )


def _tags() -> Any:
    return PaperTagRow.select(group_concat(TagRow.name)).join(TagRow).where(PaperTagRow.paper == PaperRow.id)


def _skipped() -> Any:
    skipped = DecisionRow.decision == _literal(day_decisions.stored(Decision.SKIPPED))
    return DecisionRow.select(group_concat(DecisionRow.day)).where(
        (DecisionRow.paper == PaperRow.id) & skipped
    )


_COLUMNS = (
    IdentifierRow.scheme,
    IdentifierRow.value,
    PaperRow.id,
    LibraryRow.epoch,
    PaperRow.changed,
    PaperRow.status,
    PaperRow.starred,
    PaperRow.first_clipped_at,
    PaperRow.sources,
)
_BY_IDENTIFIER: Query[Values] = Query(
    IdentifierRow.select(
        *_COLUMNS, _count(AnnotationKind.NOTE), _count(AnnotationKind.HIGHLIGHT), _tags(), _skipped()
    )
    .join(PaperRow)
    .join(LibraryRow)
    .where(
        (IdentifierRow.library == parameter("library"))
        & IdentifierRow.scheme.in_(EVERY_SCHEME)
        & PaperRow.deleted_at.is_null()
        & present()
        & IdentifierRow.value.in_(list_parameter("values"))
    ),
    _COLUMNS,
)


def find(library_id: str, identifiers: Sequence[Identifier]) -> dict[Identifier, PaperState]:
    """Return the state of each paper that has one of these identifiers and is not in the trash."""
    values = sorted({i.value for i in identifiers})
    rows = _BY_IDENTIFIER.rows(library=library_id, values=values) if values else []
    return {Identifier(Scheme(row[0]), row[1]): _state(row[2:]) for row in rows}


def _state(row: Values) -> PaperState:
    (
        paper_id,
        epoch,
        changed,
        status,
        starred,
        first_clipped_at,
        sources,
        notes,
        highlights,
        tags,
        skipped,
    ) = row
    return PaperState(
        id=paper_id,
        version=Version(epoch, changed),
        status=Status(status),
        starred=starred,
        tags=tuple(sorted(tags.split(SEPARATOR), key=str.casefold)) if tags else (),
        notes=notes,
        highlights=highlights,
        clipped_at=first_clipped_at,
        skipped_on=tuple(sorted(map(date.fromisoformat, skipped.split(SEPARATOR)))) if skipped else (),
        is_mine=first_clipped_at is not None,
        is_stub=sources.get("title") == Source.STUB,
    )
