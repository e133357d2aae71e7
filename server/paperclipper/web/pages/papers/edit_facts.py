"""Editing the facts of a paper. Edited fields are sealed: clips do not overwrite them.

The form contains the original text of each field, so that only changed fields are saved. If a field was also
changed elsewhere, the form shows both texts. Changes to other fields, such as the star, do not conflict.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from marshmallow import ValidationError
from werkzeug.wrappers import Response

from paperclipper.errors import StaleVersionError
from paperclipper.model import Paper
from paperclipper.services.papers import editing, lookup
from paperclipper.web.api.serialization.schemas import MAX_ABSTRACT, PaperEditSchema, paper_edit
from paperclipper.web.http import problems

blueprint = Blueprint("edit_facts", __name__, url_prefix="/papers/<paper_id>/edit")


def _single_line(text: str) -> str:
    return " ".join(text.split())


def _one_per_line(text: str) -> str:
    return "\n".join(filter(None, map(_single_line, text.splitlines())))


def _text_block(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


@dataclass(frozen=True)
class Field:
    """A form field. `tidy` normalises its text. `rows` is the height of a text area; 1 means an input."""

    label: str
    hint: str = ""
    rows: int = 1
    tidy: Callable[[str], str] = _single_line
    kind: str = "text"
    max_length: int = 1000


FIELDS = {
    "title": Field("Title"),
    "authors": Field("Authors", "one per line", 5, _one_per_line, max_length=1_500_000),
    "abstract": Field("Abstract", "formulas between $…$", 10, _text_block, max_length=MAX_ABSTRACT),
    "published": Field("Published", kind="date"),
    "venue": Field("Venue", "journal or conference"),
    "organisation": Field("Organisation"),
    "keywords": Field("Keywords", "one per line", 3, _one_per_line, max_length=20_000),
    "code_url": Field("Code", "URL", kind="url", max_length=2000),
    "project_url": Field("Project", "URL", kind="url", max_length=2000),
}


def as_text(value: Any) -> str:
    """Return a fact as text: a list with one item per line, a date as 2026-03-09."""
    if isinstance(value, date):
        return value.isoformat()
    return "\n".join(value) if isinstance(value, list | tuple) else value or ""


@blueprint.get("")
def show_form(paper_id: str) -> str:
    """Show the form."""
    paper = lookup.paper(g.library_id, paper_id)
    return _form(paper, _current(paper))


@blueprint.post("")
def save(paper_id: str) -> Response | tuple[str, int]:
    """Save the changed fields.

    Form: the fields in FIELDS, and the original text of each as `original_…`.
    """
    paper = lookup.paper(g.library_id, paper_id)
    typed, original, now = _submitted(""), _submitted("original_"), _current(paper)
    changed = {name for name in FIELDS if typed[name] != original[name]}
    merged = now | {name: typed[name] for name in changed}
    conflicting = {name for name in changed if now[name] not in (original[name], typed[name])}
    if conflicting:
        return _form(paper, merged, conflicting=conflicting), 409
    try:
        edit = paper_edit(PaperEditSchema().load(_json_body(typed, changed)))
        editing.edit(g.library_id, paper.id, edit, str(paper.version))
    except ValidationError as error:
        return _form(paper, merged, refused=_messages_by_field(error)), 422
    except StaleVersionError:
        return save(paper_id)
    return redirect(url_for("paper.show", paper_id=paper.id), 303)


def _current(paper: Paper) -> dict[str, str]:
    return {name: field.tidy(as_text(getattr(paper.facts, name))) for name, field in FIELDS.items()}


def _submitted(prefix: str) -> dict[str, str]:
    return {name: field.tidy(request.form.get(prefix + name, "")) for name, field in FIELDS.items()}


def _json_body(typed: Mapping[str, str], changed: set[str]) -> dict[str, Any]:
    """Return the edit as a request body for the API schema."""
    body: dict[str, Any] = {name: typed[name] for name in changed}
    body |= {name: typed[name].splitlines() for name in changed & {"authors", "keywords"}}
    return body | {name: typed[name] or None for name in changed & {"published"}}


def _messages_by_field(error: ValidationError) -> dict[str, str]:
    """Return the error messages by field. An error at `/authors/3` belongs to `authors`."""
    return {
        each["pointer"].split("/")[1]: each["detail"]
        for each in reversed(problems.field_errors(error.messages))
    }


def _form(paper: Paper, typed: Mapping[str, str], **more: Any) -> str:
    return render_template(
        "papers/edit_facts.html", paper=paper, fields=FIELDS, typed=typed, now=_current(paper), **more
    )
