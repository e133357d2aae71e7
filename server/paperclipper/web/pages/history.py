"""Viewing, comparing and restoring earlier versions of a note, a highlight or a paper's facts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from paperclipper.errors import PreconditionRequiredError, StaleVersionError
from paperclipper.formats.text import word_diff
from paperclipper.formats.text.word_diff import Run
from paperclipper.model import Annotation, Paper, Revision
from paperclipper.services.annotations import annotations
from paperclipper.services.papers import editing, lookup
from paperclipper.web.pages.annotations import notes
from paperclipper.web.pages.papers import edit_facts

blueprint = Blueprint("history", __name__, url_prefix="/papers/<paper_id>")


@dataclass(frozen=True)
class FieldDiff:
    """A field of an earlier version: its old text and the diff to the current text."""

    label: str
    old: str
    runs: list[Run]

    @property
    def is_same(self) -> bool:
        """Whether the old text equals the current one."""
        return all(run.kind is word_diff.DiffKind.SAME for run in self.runs)


@dataclass(frozen=True)
class EarlierVersion:
    """An earlier version, with the fields that differ from the current one."""

    version: str
    saved_at: datetime
    fields: tuple[FieldDiff, ...]


@blueprint.get("/notes/<uuid:note_id>/history")
def note_history(paper_id: str, note_id: UUID) -> str:
    """Show the earlier versions of a note or highlight, newest first."""
    return _note_page(paper_id, str(note_id))


@blueprint.post("/notes/<uuid:note_id>/history/<version>/restore")
def restore_note(paper_id: str, note_id: UUID, version: str) -> Response | tuple[str, int]:
    """Restore an earlier version. The current text is kept in the history.

    Form: `version`, the current version that the reader compared it with.
    """
    try:
        annotations.restore_revision(g.library_id, str(note_id), version, request.form.get("version"))
    except (StaleVersionError, PreconditionRequiredError):
        return _note_page(paper_id, str(note_id), stale=True), 409
    return notes.redirect_to_note(paper_id, str(note_id))


@blueprint.get("/history")
def paper_history(paper_id: str) -> str:
    """Show the earlier versions of the facts that the reader edited, newest first."""
    return _paper_page(paper_id)


@blueprint.post("/history/<version>/restore")
def restore_paper(paper_id: str, version: str) -> Response | tuple[str, int]:
    """Restore an earlier version of the edited facts, including which of them were sealed.

    Form: `version`, the current version that the reader compared it with.
    """
    try:
        editing.restore_revision(g.library_id, paper_id, version, request.form.get("version"))
    except (StaleVersionError, PreconditionRequiredError):
        return _paper_page(paper_id, stale=True), 409
    return redirect(url_for("paper.show", paper_id=paper_id), 303)


def _note_page(paper_id: str, note_id: str, *, stale: bool = False) -> str:
    note = annotations.get(g.library_id, note_id)
    revisions = annotations.history(g.library_id, note_id)
    earlier = [_earlier_version(each, _note_diffs(note, each.content)) for each in revisions]
    return _render(lookup.paper(g.library_id, paper_id), note, earlier, stale=stale)


def _note_diffs(note: Annotation, then: Mapping[str, Any]) -> Iterator[FieldDiff]:
    now = note.draft
    if now.quote:
        yield _diff("Your note on the passage", then["body"], now.body)
        yield _diff("Colour", then["colour"] or "", now.colour or "")
        yield _diff("Passage", then["quote"]["exact"], now.quote.exact)
    else:
        yield _diff("", then["body"], now.body)


def _paper_page(paper_id: str, *, stale: bool = False) -> str:
    paper = lookup.paper(g.library_id, paper_id)
    revisions = editing.history(g.library_id, paper_id)
    earlier = [_earlier_version(each, _fact_diffs(paper, each.content["columns"])) for each in revisions]
    return _render(paper, paper, earlier, stale=stale)


def _fact_diffs(paper: Paper, then: Mapping[str, Any]) -> Iterator[FieldDiff]:
    for name, field in edit_facts.FIELDS.items():
        if name in then:
            now = getattr(paper.facts, name)
            yield _diff(field.label, edit_facts.as_text(then[name]), edit_facts.as_text(now))


def _diff(label: str, old: str, new: str) -> FieldDiff:
    return FieldDiff(label, old, word_diff.compare(old, new))


def _earlier_version(revision: Revision, diffs: Iterator[FieldDiff]) -> EarlierVersion:
    every = tuple(diffs)
    changed = tuple(diff for diff in every if not diff.is_same)
    return EarlierVersion(str(revision.version), revision.saved_at, changed or every[:1])


def _render(paper: Paper, subject: Paper | Annotation, earlier: list[EarlierVersion], *, stale: bool) -> str:
    return render_template("history/history.html", paper=paper, subject=subject, earlier=earlier, stale=stale)
