"""Reading complete papers, finding papers by id, identifier or title, and writing their rows.

Any number of papers can be read with five queries: rows, identifiers, tags, clips and annotations.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import itemgetter
from typing import Any, NamedTuple, cast
from uuid import uuid4

from peewee import Tuple, fn

from paperclipper.errors import NotFoundError
from paperclipper.model import (
    Annotation,
    Clip,
    FoldedTitle,
    Identifier,
    LinkTarget,
    Paper,
    PaperFacts,
    Source,
    Status,
    Tag,
    Version,
)
from paperclipper.store import tags
from paperclipper.store.annotations import annotations
from paperclipper.store.database import clock, timestamps
from paperclipper.store.database.queries import (
    Query,
    Values,
    insert_row,
    list_parameter,
    parameter,
    unindexed,
    update_row,
)
from paperclipper.store.database.tables import ClipRow, IdentifierRow, LibraryRow, PaperRow
from paperclipper.store.papers import clips, identifiers

FACTS = (
    "title",
    "abstract",
    "authors",
    "author_count",
    "published",
    "published_inferred",
    "arxiv_version",
    "organisation",
    "keywords",
    "ai_summary",
    "thumbnail_url",
    "code_url",
    "project_url",
    "venue",
)
FIELDS: dict[str, Any] = PaperRow._meta.fields
_COLUMNS = (
    PaperRow.id,
    LibraryRow.epoch,
    PaperRow.changed,
    PaperRow.index_stamp,
    PaperRow.status,
    PaperRow.starred,
    PaperRow.rating,
    PaperRow.newest_arxiv_version,
    PaperRow.first_clipped_at,
    PaperRow.modified_at,
    PaperRow.deleted_at,
    PaperRow.sources,
    PaperRow.code_seen_at,
    *(getattr(PaperRow, name) for name in FACTS),
)


def present() -> Any:
    """Return the condition for rows of existing papers, neither merged into another paper nor purged."""
    return PaperRow.merged_into.is_null() & PaperRow.purged_at.is_null()


_BY_IDS: Query[Values] = Query(
    PaperRow.select(*_COLUMNS)
    .join(LibraryRow)
    .where(
        (unindexed(PaperRow.library) == parameter("library"))
        & PaperRow.id.in_(list_parameter("papers"))
        & present()
    ),
    _COLUMNS,
)
_IS_ID = (PaperRow.id == parameter("paper")) & (PaperRow.library == parameter("library"))
_OF_LIBRARY: Query[tuple[str]] = Query(PaperRow.select(PaperRow.id).where(_IS_ID))
_CLIPPED: Query[tuple[str]] = Query(
    ClipRow.select(ClipRow.paper).where(
        (ClipRow.id == parameter("clip")) & (ClipRow.library == parameter("library"))
    )
)
_MERGED_INTO: Query[tuple[str]] = Query(
    PaperRow.select(PaperRow.merged_into).where(_IS_ID & PaperRow.merged_into.is_null(False))
)
_SAME_TITLE = PaperRow.select(PaperRow.id, PaperRow.published).where(
    (PaperRow.library == parameter("library")) & (PaperRow.folded_title == parameter("title")) & present()
)
_BY_TITLE: Query[tuple[str, date | None]] = Query(_SAME_TITLE, (PaperRow.id, PaperRow.published))
_BY_TITLE_WITHOUT_IDENTIFIERS: Query[tuple[str, date | None]] = Query(
    _SAME_TITLE.where(
        ~fn.EXISTS(IdentifierRow.select(IdentifierRow.paper).where(IdentifierRow.paper == PaperRow.id))
    ),
    (PaperRow.id, PaperRow.published),
)


@dataclass(frozen=True)
class StoredFacts:
    """A paper's stored facts with their sources, and the times needed to merge a clip."""

    id: str
    facts: PaperFacts
    sources: dict[str, str]
    newest_arxiv_version: int | None
    first_clipped_at: datetime | None


def get(library_id: str, paper_id: str) -> Paper:
    """Return the paper, live or in the trash, or its survivor if it was merged.

    Raise NotFoundError if it does not exist.
    """
    found = get_many(library_id, [paper_id]).get(paper_id)
    if found:
        return found
    survivor_id = survivor(library_id, paper_id)
    if survivor_id == paper_id:
        raise NotFoundError("paper", paper_id)
    return get(library_id, survivor_id)


def survivor(library_id: str, paper_id: str) -> str:
    """Return the id of a merged paper's survivor. Any other id is returned unchanged."""
    row = _MERGED_INTO.row(paper=paper_id, library=library_id)
    return survivor(library_id, row[0]) if row else paper_id


def get_many(library_id: str, ids: Sequence[str]) -> dict[str, Paper]:
    """Return the complete papers with these ids, live or in the trash, in the order of the ids."""
    rows = {row[0]: row for row in _BY_IDS.rows(library=library_id, papers=ids)} if ids else {}
    return _whole(library_id, [rows[paper_id] for paper_id in ids if paper_id in rows])


def _whole(library_id: str, rows: Sequence[Values]) -> dict[str, Paper]:
    ids = [row[0] for row in rows]
    if not ids:
        return {}
    notes = annotations.of_papers(ids, rows[0][1])
    parts = _Parts(identifiers.of_papers(ids), tags.of_papers(ids), clips.of_papers(ids), notes)
    return {row[0]: _paper(library_id, row, parts) for row in rows}


class _Parts(NamedTuple):
    """The parts of papers stored in other tables, by paper id."""

    identifiers: dict[str, list[Identifier]]
    tags: dict[str, list[Tag]]
    clips: dict[str, list[Clip]]
    annotations: dict[str, list[Annotation]]


def _paper(library_id: str, row: Values, parts: _Parts) -> Paper:
    paper_id, epoch, changed, index_stamp, status, starred, rating, newest_version, *rest = row
    first_clipped_at, modified_at, deleted_at, sources, code_seen_at, *facts = rest
    return Paper(
        id=paper_id,
        library_id=library_id,
        version=Version(epoch, changed),
        index_stamp=index_stamp,
        facts=PaperFacts(
            identifiers=tuple(parts.identifiers[paper_id]), **dict(zip(FACTS, facts, strict=True))
        ),
        status=Status(status),
        starred=starred,
        rating=rating,
        tags=tuple(parts.tags[paper_id]),
        clips=tuple(parts.clips[paper_id]),
        annotations=tuple(parts.annotations[paper_id]),
        newest_arxiv_version=newest_version,
        clipped_at=first_clipped_at,
        modified_at=modified_at,
        deleted_at=deleted_at,
        is_mine=first_clipped_at is not None,
        sealed=frozenset(name for name, source in sources.items() if source == Source.READER),
        is_stub=sources.get("title") == Source.STUB,
        code_seen_at=code_seen_at,
    )


def clipped_in(library_id: str) -> Any:
    """Return the condition for the library's clipped papers that are not trashed, merged or purged."""
    return (PaperRow.library == library_id) & clipped()


def clipped() -> Any:
    """Return the condition for clipped papers in any library that are not trashed, merged or purged."""
    return PaperRow.deleted_at.is_null() & present() & PaperRow.first_clipped_at.is_null(False)


_OLDEST_FIRST = (PaperRow.first_clipped_at, PaperRow.id)
_NEWEST_FIRST = (PaperRow.first_clipped_at.desc(), PaperRow.id.desc())


def newest(library_id: str, limit: int, offset: int = 0) -> list[Paper]:
    """Return the library's papers, most recently clipped first."""
    query = PaperRow.select(PaperRow.id).where(clipped_in(library_id)).order_by(*_NEWEST_FIRST)
    query = query.limit(limit).offset(offset)
    return list(get_many(library_id, [row[0] for row in query.tuples()]).values())


def keyset_page(
    library_id: str, edge: tuple[datetime, str] | None, limit: int, *, older: bool
) -> list[Paper]:
    """Return the page of papers clipped just before or after `edge` (time, paper id), most recent first.

    Without an edge, return the newest papers.
    """
    query = PaperRow.select(PaperRow.id).where(clipped_in(library_id)).limit(limit)
    key = Tuple(*_OLDEST_FIRST)
    if edge:
        limit_key = Tuple(timestamps.to_text(edge[0]), edge[1])
        query = query.where(key < limit_key if older else key > limit_key)
    query = query.order_by(*(_NEWEST_FIRST if older else _OLDEST_FIRST))
    ids = [row[0] for row in query.tuples()]
    return list(get_many(library_id, ids if older else ids[::-1]).values())


def trash(library_id: str, limit: int, offset: int = 0) -> list[Paper]:
    """Return the papers in the trash, most recently deleted first."""
    trashed = (PaperRow.library == library_id) & PaperRow.deleted_at.is_null(False) & present()
    query = PaperRow.select(PaperRow.id).where(trashed)
    query = query.order_by(PaperRow.deleted_at.desc(), PaperRow.id).limit(limit).offset(offset)
    return list(get_many(library_id, [row[0] for row in query.tuples()]).values())


def count(library_id: str) -> int:
    """Return the number of the library's papers."""
    return int(PaperRow.select().where(clipped_in(library_id)).count())


def newest_change() -> datetime | None:
    """Return the time of the latest change to any paper in any library, or None if there are no papers."""
    query = PaperRow.select(PaperRow.modified_at).order_by(PaperRow.modified_at.desc())
    return cast(datetime | None, query.scalar())


def iterate(library_id: str, batch: int = 200) -> Iterator[Paper]:
    """Yield the library's papers, oldest clip first. Batches keep the transactions short."""
    query = PaperRow.select(PaperRow.id).where(clipped_in(library_id)).order_by(*_OLDEST_FIRST)
    ids = [row[0] for row in query.tuples()]
    for start in range(0, len(ids), batch):
        for paper in get_many(library_id, ids[start : start + batch]).values():
            if paper.deleted_at is None:
                yield paper


def find_live(library_id: str, targets: Iterable[LinkTarget]) -> dict[LinkTarget, str]:
    """Return the ids of the library's live papers with these identifiers or titles, by target."""
    titles, names = [], []
    for target in targets:
        if isinstance(target, FoldedTitle):
            titles.append(target.value)
        else:
            names.append(target)
    return _find_live_titled(library_id, titles) | _find_live_identified(library_id, names)


def _find_live_titled(library_id: str, folded_titles: Sequence[str]) -> dict[LinkTarget, str]:
    if not folded_titles:
        return {}
    titled = clipped_in(library_id) & PaperRow.folded_title.in_(folded_titles)
    rows = PaperRow.select(PaperRow.folded_title, PaperRow.id).where(titled).tuples()
    return {FoldedTitle(title): paper_id for title, paper_id in rows}


def _find_live_identified(library_id: str, names: Sequence[Identifier]) -> dict[LinkTarget, str]:
    found = identifiers.find_each(library_id, names)
    if not found:
        return {}
    here = clipped() & (unindexed(PaperRow.library) == library_id) & PaperRow.id.in_(list(found.values()))
    live = {row[0] for row in PaperRow.select(PaperRow.id).where(here).tuples()}
    return {name: paper_id for name, paper_id in found.items() if paper_id in live}


def find_by_title(
    library_id: str, folded_title: str, *, without_identifiers: bool
) -> list[tuple[str, date | None]]:
    """Return (id, printed date) for the papers with this folded title, sorted by id.

    If `without_identifiers` is true, return only papers without identifiers.
    """
    query = _BY_TITLE_WITHOUT_IDENTIFIERS if without_identifiers else _BY_TITLE
    # Sorted in Python: with ORDER BY, SQLite would scan the whole library in index order.
    return sorted(query.rows(library=library_id, title=folded_title), key=itemgetter(0))


def stored_facts(paper_id: str) -> StoredFacts:
    """Return the stored facts of this paper, for merging a clip into them."""
    row = PaperRow.get_by_id(paper_id)
    names = tuple(identifiers.of_papers([paper_id])[paper_id])
    return StoredFacts(
        id=paper_id,
        facts=PaperFacts(identifiers=names, **{name: getattr(row, name) for name in FACTS}),
        sources=row.sources,
        newest_arxiv_version=row.newest_arxiv_version,
        first_clipped_at=row.first_clipped_at,
    )


def add(
    library_id: str,
    facts: PaperFacts,
    folded_title: str,
    sources: dict[str, str],
    clipped_at: datetime | None,
) -> str:
    """Store a new paper with its identifiers and return its id."""
    version = clock.advance(library_id)
    paper_id = str(uuid4())
    insert_row(
        PaperRow,
        id=paper_id,
        library=library_id,
        changed=version.changed,
        index_stamp=version.changed,
        folded_title=folded_title,
        sources=sources,
        newest_arxiv_version=facts.arxiv_version,
        first_clipped_at=clipped_at,
        modified_at=timestamps.now(),
        **fact_columns(facts),
        **_DEFAULTS,
    )
    identifiers.add(library_id, paper_id, facts.identifiers)
    return paper_id


# Needed because insert_row does not apply a model's default values.
_DEFAULTS: dict[str, Any] = {"status": Status.UNREAD.value, "starred": False}


def update(library_id: str, paper_id: str, **columns: Any) -> None:
    """Update columns of the paper's row and assign a new stamp, which makes the index update the paper."""
    version = clock.advance(library_id)
    columns |= {"changed": version.changed, "index_stamp": version.changed, "modified_at": timestamps.now()}
    update_row(PaperRow, paper_id, **columns)


def touch_index(library_id: str, paper_id: str) -> None:
    """Assign a new index stamp to the paper, for a change to its index document but not to its row."""
    version = clock.advance(library_id)
    update_row(PaperRow, paper_id, index_stamp=version.changed)


def fact_columns(facts: PaperFacts) -> dict[str, Any]:
    """Return a paper's facts as column values."""
    return {name: getattr(facts, name) for name in FACTS}


def json_columns(paper_id: str, names: Sequence[str]) -> dict[str, Any]:
    """Return columns of the paper's row as JSON-serialisable values accepted by `update`."""
    columns = [FIELDS[name] for name in names]
    values = PaperRow.select(*columns).where(PaperRow.id == paper_id).tuples().get()
    return {column.name: json_value(column, value) for column, value in zip(columns, values, strict=True)}


def json_value(column: Any, value: Any) -> Any:
    """Return a value of this column in JSON-serialisable form."""
    if isinstance(value, tuple):
        return list(value)
    return column.db_value(value) if isinstance(value, date) else value


def resolve(library_id: str, ref: str) -> str | None:
    """Return the paper's id for a paper id or a clip id, following merges, or None."""
    row = _OF_LIBRARY.row(paper=ref, library=library_id) or _CLIPPED.row(clip=ref, library=library_id)
    return survivor(library_id, row[0]) if row else None
