"""The identifiers of papers: reading and adding identifiers, and finding papers by identifier."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from peewee import SQL

from paperclipper.model import Identifier, Scheme
from paperclipper.store.database.queries import Query, insert_row, list_parameter, parameter
from paperclipper.store.database.tables import IdentifierRow

# Literals instead of parameters, so that SQLite always uses the key (library, scheme, value).
EVERY_SCHEME: list[Any] = [SQL(f"'{scheme.value}'") for scheme in Scheme]
_OF_PAPERS: Query[tuple[str, str, str]] = Query(
    IdentifierRow.select(IdentifierRow.paper, IdentifierRow.scheme, IdentifierRow.value).where(
        IdentifierRow.paper.in_(list_parameter("papers"))
    )
)
_BY_VALUE: Query[tuple[str, str, str]] = Query(
    IdentifierRow.select(IdentifierRow.scheme, IdentifierRow.value, IdentifierRow.paper).where(
        (IdentifierRow.library == parameter("library"))
        & IdentifierRow.scheme.in_(EVERY_SCHEME)
        & IdentifierRow.value.in_(list_parameter("values"))
    )
)


def of_papers(ids: Sequence[str]) -> dict[str, list[Identifier]]:
    """Return the identifiers of each paper, most significant first."""
    found: dict[str, list[Identifier]] = defaultdict(list)
    for paper_id, scheme, value in _OF_PAPERS.rows(papers=ids):
        found[paper_id].append(Identifier(Scheme(scheme), value))
    order = list(Scheme)
    for names in found.values():
        names.sort(key=lambda name: (order.index(name.scheme), name.value))
    return found


def find(library_id: str, identifiers: Sequence[Identifier]) -> list[str]:
    """Return the distinct ids of the papers with these identifiers, in the order of the identifiers."""
    return list(dict.fromkeys(find_each(library_id, identifiers).values()))


def find_each(library_id: str, identifiers: Sequence[Identifier]) -> dict[Identifier, str]:
    """Return the paper ids by identifier. Identifiers not in the library are omitted."""
    if not identifiers:
        return {}
    rows = _BY_VALUE.rows(library=library_id, values=sorted({i.value for i in identifiers}))
    found = {Identifier(Scheme(scheme), value): paper_id for scheme, value, paper_id in rows}
    return {i: found[i] for i in identifiers if i in found}


def add(library_id: str, paper_id: str, identifiers: Sequence[Identifier]) -> None:
    """Add identifiers to a paper. They must not belong to any paper yet."""
    for name in identifiers:
        insert_row(
            IdentifierRow, library=library_id, scheme=name.scheme.value, value=name.value, paper=paper_id
        )


def add_missing(library_id: str, paper_id: str, identifiers: Sequence[Identifier]) -> None:
    """Add identifiers to a paper, skipping those that already belong to a paper."""
    taken = find_each(library_id, tuple(identifiers))
    add(library_id, paper_id, [name for name in identifiers if name not in taken])
