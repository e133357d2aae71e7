"""Editing a paper: status, star, rating, and facts that the reader knows better. Every edit is safe to repeat.

A fact that the reader wrote is sealed: no page replaces it. What it said before stays in the paper's history. Into the
trash and back is in trashing.py.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from paperclipper.errors import InvalidInputError
from paperclipper.identifiers import fold_title
from paperclipper.model import Paper, Revision, Source, Status
from paperclipper.services.history import revisions
from paperclipper.services.papers import lookup
from paperclipper.services.papers.fact_merge import FIELD_GROUPS
from paperclipper.services.transactions import change
from paperclipper.services.versions import check_base
from paperclipper.store.history import revisions as stored_revisions
from paperclipper.store.papers import papers

READER_FIELDS = frozenset({"status", "starred", "rating"})
"""What is the reader's alone; everything else of an edit is a fact of the paper."""


@dataclass(frozen=True)
class PaperEdit:
    """What the reader says anew. `fields` names those that are meant: a rating, or a fact, may be taken away."""

    fields: frozenset[str]
    status: Status = Status.UNREAD
    starred: bool = False
    rating: int | None = None
    title: str = ""
    abstract: str = ""
    authors: tuple[str, ...] = ()
    published: date | None = None
    organisation: str = ""
    keywords: tuple[str, ...] = ()
    venue: str = ""
    code_url: str = ""
    project_url: str = ""

    def columns(self) -> dict[str, Any]:
        """The values of the fields that are meant."""
        return {name: getattr(self, name) for name in sorted(self.fields)}


def edit(library_id: str, ref: str, edit_: PaperEdit, base: str | None) -> Paper:
    """Apply an edit that began from version `base`, or find it applied already.

    Raises PreconditionRequiredError without a base, StaleVersionError (with the paper as it is) for another one,
    InvalidInputError for a paper that would have no title.
    """
    wanted = edit_.columns()
    if not wanted.get("title", "-").strip():
        raise InvalidInputError("A paper needs a title.", "/title")
    with change():
        paper = lookup.paper(library_id, ref)
        if all(_value(paper, name) == value for name, value in wanted.items()):
            return paper
        check_base(base, paper.version, paper)
        facts = {name: value for name, value in wanted.items() if name not in READER_FIELDS}
        sealed = _seal(library_id, paper, facts) if facts else {}
        papers.update(library_id, paper.id, **wanted, **sealed)
        return papers.get(library_id, paper.id)


def _value(paper: Paper, name: str) -> Any:
    return getattr(paper if name in READER_FIELDS else paper.facts, name)


def _seal(library_id: str, paper: Paper, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The other columns that change with these facts; what they said before is kept."""
    groups = [group for group in FIELD_GROUPS if group[0] in facts]
    sources = papers.stored_facts(paper.id).sources
    _save_revision(library_id, paper, groups)
    columns: dict[str, Any] = {"sources": sources | {group[0]: Source.READER.value for group in groups}}
    if "title" in facts:
        columns["folded_title"] = fold_title(facts["title"])
    if "authors" in facts:
        columns["author_count"] = len(facts["authors"]) or None
    if "published" in facts:
        columns["published_inferred"] = False
    return columns


def _save_revision(library_id: str, paper: Paper, groups: Sequence[Sequence[str]]) -> None:
    """Keep the present values of these groups of fields, and their sources."""
    stored = papers.stored_facts(paper.id)
    content = {
        "columns": papers.json_columns(paper.id, [name for group in groups for name in group]),
        "sources": {group[0]: stored.sources.get(group[0]) for group in groups},
    }
    saved_at = paper.modified_at or stored.first_clipped_at
    assert saved_at is not None
    stored_revisions.add(library_id, "paper", paper.id, paper.version.changed, content, saved_at)


def history(library_id: str, ref: str) -> Sequence[Revision]:
    """What facts said before the reader wrote them, newest first: `content` has `columns` and `sources`."""
    return stored_revisions.of_subject(library_id, lookup.paper_id(library_id, ref))


def restore_revision(library_id: str, ref: str, version: str, base: str | None) -> Paper:
    """Give facts back what they said in an earlier version, and whose word that was.

    What they say now stays in the history. Raises NotFoundError for a version that was not kept, and as check_base.
    """
    with change():
        paper = lookup.paper(library_id, ref)
        content = revisions.get(library_id, paper.id, version).content
        if _has_columns(paper, content["columns"]):
            return paper
        check_base(base, paper.version, paper)
        _save_revision(library_id, paper, [group for group in FIELD_GROUPS if group[0] in content["columns"]])
        papers.update(library_id, paper.id, **_restored_columns(paper, content))
        return papers.get(library_id, paper.id)


def _has_columns(paper: Paper, columns: Mapping[str, Any]) -> bool:
    return papers.json_columns(paper.id, list(columns)) == columns


def _restored_columns(paper: Paper, content: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a revision's facts and their sources; a field that had no source has none again."""
    sources = papers.stored_facts(paper.id).sources | content["sources"]
    columns = dict(content["columns"])
    columns["sources"] = {name: source for name, source in sources.items() if source}
    if "title" in columns:
        columns["folded_title"] = fold_title(columns["title"])
    return columns
