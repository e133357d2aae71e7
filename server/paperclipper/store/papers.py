"""Papers: reading them whole, finding them by what names them, and writing their rows.

A paper is read with five queries for any number of papers: rows, identifiers, tags, clips, annotations.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from peewee import fn

from paperclipper.errors import NotFoundError
from paperclipper.model import Annotation, Clip, Identifier, Paper, PaperFacts, Scheme, Status, Tag, Version
from paperclipper.store import annotations, clips, stamps, tags
from paperclipper.store.tables import ClipRow, DecisionRow, IdentifierRow, LibraryRow, PaperRow

_FACTS = (
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
)


@dataclass(frozen=True)
class Known:
    """What a clip is merged into: the row's facts, where each was read, and the row's state."""

    id: str
    facts: PaperFacts
    sources: dict[str, str]
    newest_arxiv_version: int | None
    has_identifiers: bool
    deleted: bool
    first_clipped_at: datetime | None


def get(library_id: str, paper_id: str) -> Paper:
    """The paper, live or in the trash; a merged-away id gives the survivor. Raises NotFoundError."""
    found = get_many(library_id, [survivor(library_id, paper_id)])
    if not found:
        raise NotFoundError("paper", paper_id)
    return next(iter(found.values()))


def survivor(library_id: str, paper_id: str) -> str:
    """The id that a merged-away paper goes under now; any other id is itself."""
    merged = (PaperRow.id == paper_id) & (PaperRow.library == library_id) & PaperRow.merged_into.is_null(False)
    row = PaperRow.select(PaperRow.merged_into).where(merged).tuples().first()
    return survivor(library_id, row[0]) if row else paper_id


def get_many(library_id: str, ids: Sequence[str]) -> dict[str, Paper]:
    """The papers of these ids that are here, whole, live or in the trash, in the order asked."""
    query = (
        PaperRow.select(PaperRow, LibraryRow.epoch)
        .join(LibraryRow)
        .where((PaperRow.library == library_id) & PaperRow.id.in_(list(ids)) & PaperRow.merged_into.is_null())
    )
    rows = {row.id: row for row in query}
    return _whole(library_id, [rows[paper_id] for paper_id in ids if paper_id in rows])


def _whole(library_id: str, rows: Sequence[Any]) -> dict[str, Paper]:
    ids = [row.id for row in rows]
    if not ids:
        return {}
    epoch = rows[0].library.epoch
    identifiers = _identifiers(ids)
    tags_of, clips_of = tags.of_papers(ids), clips.of_papers(ids)
    annotations_of = annotations.of_papers(ids, epoch)
    return {
        row.id: _paper(
            row, library_id, epoch, identifiers[row.id], tags_of[row.id], clips_of[row.id], annotations_of[row.id]
        )
        for row in rows
    }


def _identifiers(ids: Sequence[str]) -> dict[str, list[Identifier]]:
    found: dict[str, list[Identifier]] = defaultdict(list)
    order = list(Scheme)
    query = IdentifierRow.select(IdentifierRow.paper, IdentifierRow.scheme, IdentifierRow.value)
    rows = query.where(IdentifierRow.paper.in_(list(ids))).tuples()
    for paper_id, scheme, value in sorted(rows, key=lambda r: (order.index(r[1]), r[2])):
        found[paper_id].append(Identifier(Scheme(scheme), value))
    return found


def _paper(
    row: Any,
    library_id: str,
    epoch: str,
    identifiers: Iterable[Identifier],
    tags_: Sequence[Tag],
    clips_: Sequence[Clip],
    annotations_: Sequence[Annotation],
) -> Paper:
    return Paper(
        id=row.id,
        library_id=library_id,
        version=Version(epoch, row.changed),
        index_stamp=row.index_stamp,
        facts=_facts(row, tuple(identifiers)),
        status=Status(row.status),
        starred=row.starred,
        rating=row.rating,
        tags=tuple(tags_),
        clips=tuple(clips_),
        annotations=tuple(annotations_),
        newest_arxiv_version=row.newest_arxiv_version,
        clipped_at=row.first_clipped_at,
        modified_at=row.modified_at,
        deleted_at=row.deleted_at,
        is_mine=row.first_clipped_at is not None,
    )


def _facts(row: Any, identifiers: tuple[Identifier, ...]) -> PaperFacts:
    return PaperFacts(identifiers=identifiers, **{name: getattr(row, name) for name in _FACTS})


def mine(library_id: str) -> Any:
    """The condition for papers of this reader: clipped, not in the trash, not merged away."""
    return (
        (PaperRow.library == library_id)
        & PaperRow.deleted_at.is_null()
        & PaperRow.merged_into.is_null()
        & PaperRow.first_clipped_at.is_null(False)
    )


def newest(library_id: str, limit: int, offset: int = 0) -> list[Paper]:
    """The reader's papers, last clipped first."""
    query = PaperRow.select(PaperRow, LibraryRow.epoch).join(LibraryRow).where(mine(library_id))
    query = query.order_by(PaperRow.first_clipped_at.desc(), PaperRow.id.desc()).limit(limit).offset(offset)
    return list(_whole(library_id, list(query)).values())


def trash(library_id: str, limit: int, offset: int = 0) -> list[Paper]:
    """Papers in the trash, last deleted first."""
    trashed = (PaperRow.library == library_id) & PaperRow.deleted_at.is_null(False) & PaperRow.merged_into.is_null()
    query = PaperRow.select(PaperRow, LibraryRow.epoch).join(LibraryRow).where(trashed)
    query = query.order_by(PaperRow.deleted_at.desc(), PaperRow.id).limit(limit).offset(offset)
    return list(_whole(library_id, list(query)).values())


def count(library_id: str) -> int:
    """The number of the reader's papers."""
    return int(PaperRow.select().where(mine(library_id)).count())


def iterate(library_id: str, batch: int = 200) -> Iterator[Paper]:
    """The reader's papers, oldest clip first, read in batches so that no transaction lasts."""
    ids = [r[0] for r in PaperRow.select(PaperRow.id).where(mine(library_id)).order_by(*_OLDEST).tuples()]
    for start in range(0, len(ids), batch):
        for paper in get_many(library_id, ids[start : start + batch]).values():
            if paper.deleted_at is None:
                yield paper


_OLDEST = (PaperRow.first_clipped_at, PaperRow.id)


def find(library_id: str, identifiers: Sequence[Identifier]) -> list[str]:
    """The ids of the papers that these identifiers name, in the identifiers' order, each once."""
    return list(dict.fromkeys(_named(library_id, identifiers).values()))


def find_each(library_id: str, identifiers: Sequence[Identifier]) -> dict[Identifier, str]:
    """For each identifier that is known here, its paper's id."""
    return _named(library_id, identifiers)


def _named(library_id: str, identifiers: Sequence[Identifier]) -> dict[Identifier, str]:
    if not identifiers:
        return {}
    wanted = set(identifiers)
    query = IdentifierRow.select(IdentifierRow.scheme, IdentifierRow.value, IdentifierRow.paper).where(
        (IdentifierRow.library == library_id)
        & IdentifierRow.scheme.in_({i.scheme.value for i in wanted})
        & IdentifierRow.value.in_({i.value for i in wanted})
    )
    found = {Identifier(Scheme(scheme), value): paper_id for scheme, value, paper_id in query.tuples()}
    return {i: found[i] for i in identifiers if i in found}


def find_by_title(library_id: str, folded_title: str, *, only_unnamed: bool) -> list[tuple[str, Any]]:
    """(id, printed date) of the papers that share a folded title; `only_unnamed`: of those without identifiers."""
    same = (PaperRow.library == library_id) & (PaperRow.folded_title == folded_title) & PaperRow.merged_into.is_null()
    query = PaperRow.select(PaperRow.id, PaperRow.published).where(same)
    if only_unnamed:
        named = IdentifierRow.select(IdentifierRow.paper).where(IdentifierRow.paper == PaperRow.id)
        query = query.where(~fn.EXISTS(named))
    return [(row.id, row.published) for row in query.order_by(PaperRow.changed)]


def known(paper_id: str) -> Known:
    """What a clip is merged into."""
    row = PaperRow.get_by_id(paper_id)
    identifiers = tuple(_identifiers([paper_id])[paper_id])
    return Known(
        id=paper_id,
        facts=_facts(row, identifiers),
        sources=row.sources,
        newest_arxiv_version=row.newest_arxiv_version,
        has_identifiers=bool(identifiers),
        deleted=row.deleted_at is not None,
        first_clipped_at=row.first_clipped_at,
    )


def add(
    library_id: str, facts: PaperFacts, folded_title: str, sources: dict[str, str], clipped_at: datetime | None
) -> str:
    """A new paper with its identifiers; its id."""
    version = stamps.take(library_id)
    paper_id = str(uuid4())
    PaperRow.insert(
        id=paper_id,
        library=library_id,
        changed=version.changed,
        index_stamp=version.changed,
        folded_title=folded_title,
        sources=sources,
        newest_arxiv_version=facts.arxiv_version,
        first_clipped_at=clipped_at,
        modified_at=now(),
        **{name: getattr(facts, name) for name in _FACTS},
    ).execute()
    add_identifiers(library_id, paper_id, facts.identifiers)
    return paper_id


def add_identifiers(library_id: str, paper_id: str, identifiers: Iterable[Identifier]) -> None:
    """Give the paper these names; those it has already are no error."""
    rows = [(library_id, i.scheme.value, i.value, paper_id) for i in identifiers]
    if rows:
        fields = [IdentifierRow.library, IdentifierRow.scheme, IdentifierRow.value, IdentifierRow.paper]
        IdentifierRow.insert_many(rows, fields=fields).on_conflict_ignore().execute()


def update(library_id: str, paper_id: str, **columns: Any) -> None:
    """Change columns of the paper's row, which takes a new stamp; the index will follow."""
    version = stamps.take(library_id)
    columns |= {"changed": version.changed, "index_stamp": version.changed, "modified_at": now()}
    PaperRow.update(**columns).where(PaperRow.id == paper_id).execute()


def touch_index(library_id: str, paper_id: str) -> None:
    """Something that the index document reflects changed, but not the paper's own row (an annotation)."""
    version = stamps.take(library_id)
    PaperRow.update(index_stamp=version.changed).where(PaperRow.id == paper_id).execute()


def fact_columns(facts: PaperFacts) -> dict[str, Any]:
    """The columns that hold a paper's facts."""
    return {name: getattr(facts, name) for name in _FACTS}


def reader_columns(survivor_id: str, absorbed_id: str) -> dict[str, Any]:
    """What the reader said of either paper: a star, a rating, a status other than unread, a life outside the trash."""
    survivor, absorbed = PaperRow.get_by_id(survivor_id), PaperRow.get_by_id(absorbed_id)
    either_live = survivor.deleted_at is None or absorbed.deleted_at is None
    return {
        "starred": survivor.starred or absorbed.starred,
        "rating": survivor.rating or absorbed.rating,
        "status": absorbed.status if survivor.status == Status.UNREAD else survivor.status,
        "deleted_at": None if either_live else survivor.deleted_at,
    }


def absorb(library_id: str, survivor_id: str, absorbed_id: str) -> dict[str, Any]:
    """Move all that hangs on one paper to another and leave the absorbed row as a tombstone.

    Returns what was moved, for the record of the merge.
    """
    moved: dict[str, Any] = {
        "identifiers": [str(i) for i in _identifiers([absorbed_id])[absorbed_id]],
        "clips": clips.move(absorbed_id, survivor_id),
        "annotations": annotations.move(library_id, absorbed_id, survivor_id),
        "tags": tags.move(absorbed_id, survivor_id),
    }
    IdentifierRow.update(paper=survivor_id).where(IdentifierRow.paper == absorbed_id).execute()
    taken = DecisionRow.select(DecisionRow.day).where(DecisionRow.paper == survivor_id)
    DecisionRow.update(paper=survivor_id).where(
        (DecisionRow.paper == absorbed_id) & DecisionRow.day.not_in(taken)
    ).execute()
    update(library_id, absorbed_id, merged_into=survivor_id)
    return moved


def resolve(library_id: str, ref: str) -> str | None:
    """The paper id that a paper id or a clip id names, following merges; None where it names nothing here."""
    row = PaperRow.select(PaperRow.id).where((PaperRow.id == ref) & (PaperRow.library == library_id)).tuples().first()
    if row is None:
        named = (ClipRow.id == ref) & (ClipRow.library == library_id)
        row = ClipRow.select(ClipRow.paper).where(named).tuples().first()
    return survivor(library_id, row[0]) if row else None


def now() -> datetime:
    """The present, to the millisecond that the store keeps."""
    present = datetime.now(UTC)
    return present.replace(microsecond=present.microsecond // 1000 * 1000)
