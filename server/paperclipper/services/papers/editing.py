"""Editing a paper's status, star and rating, and correcting its facts. Every edit is idempotent.

A fact edited by the reader is sealed: clips do not replace it. Its earlier value is kept in the history.
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
"""Fields set only by the reader. All other fields of an edit are facts about the paper."""


@dataclass(frozen=True)
class PaperEdit:
    """New values for a paper. Only the fields in `fields` are set, so that an edit can also clear a field."""

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
        """Return the values of the edited fields."""
        return {name: getattr(self, name) for name in sorted(self.fields)}


def edit(library_id: str, ref: str, changes: PaperEdit, base: str | None) -> Paper:
    """Apply an edit based on version `base`. Do nothing if the paper already has these values.

    Raise PreconditionRequiredError without a base, StaleVersionError (with the current paper) if `base` is
    not the current version, and InvalidInputError if the paper would have no title.
    """
    wanted = changes.columns()
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
    """Save the earlier facts as a revision, and return the other columns affected by the new facts."""
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
    """Save the current values and sources of these groups of fields."""
    stored = papers.stored_facts(paper.id)
    content = {
        "columns": papers.json_columns(paper.id, [name for group in groups for name in group]),
        "sources": {group[0]: stored.sources.get(group[0]) for group in groups},
    }
    saved_at = paper.modified_at or stored.first_clipped_at
    assert saved_at is not None
    stored_revisions.add(library_id, "paper", paper.id, paper.version.changed, content, saved_at)


def history(library_id: str, ref: str) -> Sequence[Revision]:
    """Return the earlier values of edited facts, newest first. `content` contains `columns` and `sources`."""
    return stored_revisions.of_subject(library_id, lookup.paper_id(library_id, ref))


def restore_revision(library_id: str, ref: str, version: str, base: str | None) -> Paper:
    """Restore the facts of an earlier version with their sources. The current facts stay in the history.

    Raise NotFoundError if the version does not exist, and the errors of `check_base`.
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
    """Return the columns that restore a revision. Fields without a source in the revision lose theirs."""
    sources = papers.stored_facts(paper.id).sources | content["sources"]
    columns = dict(content["columns"])
    columns["sources"] = {name: source for name, source in sources.items() if source}
    if "title" in columns:
        columns["folded_title"] = fold_title(columns["title"])
    return columns
