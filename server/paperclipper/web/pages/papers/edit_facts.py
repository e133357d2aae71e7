"""A paper's facts, corrected by the reader: what is written here is sealed, no page replaces it.

The form carries what each field said when it was opened. So it changes only what was typed, and where something else
was saved in that field meanwhile, it shows both; a star pressed in another tab is no conflict.
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


def _line(text: str) -> str:
    return " ".join(text.split())


def _lines(text: str) -> str:
    return "\n".join(filter(None, map(_line, text.splitlines())))


def _passage(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


@dataclass(frozen=True)
class Field:
    """A fact in the form. `tidy` gives texts that mean the same one form; `rows` is 1 for a single line."""

    label: str
    hint: str = ""
    rows: int = 1
    tidy: Callable[[str], str] = _line
    kind: str = "text"
    longest: int = 1000


FIELDS = {
    "title": Field("Title"),
    "authors": Field("Authors", "one a line", 5, _lines, longest=1_500_000),
    "abstract": Field("Abstract", "formulas between $ signs", 10, _passage, longest=MAX_ABSTRACT),
    "published": Field("Published", kind="date"),
    "venue": Field("Venue", "where it appeared: a journal, a conference"),
    "organisation": Field("Organisation"),
    "keywords": Field("Keywords", "one a line", 3, _lines, longest=20_000),
    "code_url": Field("Code", "an address", kind="url", longest=2000),
    "project_url": Field("Project", "an address", kind="url", longest=2000),
}


def shown(value: Any) -> str:
    """A fact as text: several on a line each, a date as 2026-03-09."""
    if isinstance(value, date):
        return value.isoformat()
    return "\n".join(value) if isinstance(value, list | tuple) else value or ""


@blueprint.get("")
def edit(paper_id: str) -> str:
    """The form."""
    paper = lookup.paper(g.library_id, paper_id)
    return _form(paper, _present(paper))


@blueprint.post("")
def save(paper_id: str) -> Response | tuple[str, int]:
    """Form: each of FIELDS, and what it said as `original_…`."""
    paper = lookup.paper(g.library_id, paper_id)
    typed, was, now = _sent(""), _sent("original_"), _present(paper)
    meant = {name for name in FIELDS if typed[name] != was[name]}
    conflicting = {name for name in meant if now[name] not in (was[name], typed[name])}
    if conflicting:
        return _form(paper, now | {name: typed[name] for name in meant}, conflicting=conflicting), 409
    try:
        wanted = paper_edit(PaperEditSchema().load(_body(typed, meant)))
        editing.edit(g.library_id, paper.id, wanted, str(paper.version))
    except ValidationError as error:
        return _form(paper, now | {name: typed[name] for name in meant}, refused=_refused(error)), 422
    except StaleVersionError:
        return save(paper_id)
    return redirect(url_for("paper.show", paper_id=paper.id), 303)


def _present(paper: Paper) -> dict[str, str]:
    return {name: field.tidy(shown(getattr(paper.facts, name))) for name, field in FIELDS.items()}


def _sent(prefix: str) -> dict[str, str]:
    return {name: field.tidy(request.form.get(prefix + name, "")) for name, field in FIELDS.items()}


def _body(typed: Mapping[str, str], meant: set[str]) -> dict[str, Any]:
    """The edit as the API would be sent it."""
    body: dict[str, Any] = {name: typed[name] for name in meant}
    body |= {name: typed[name].splitlines() for name in meant & {"authors", "keywords"}}
    return body | {name: typed[name] or None for name in meant & {"published"}}


def _refused(error: ValidationError) -> dict[str, str]:
    """Why fields were refused, by field: `/authors/3` is the authors'."""
    return {
        each["pointer"].split("/")[1]: each["detail"]
        for each in reversed(problems.field_errors(error.messages))
    }


def _form(paper: Paper, typed: Mapping[str, str], **more: Any) -> str:
    return render_template(
        "papers/edit_facts.html", paper=paper, fields=FIELDS, typed=typed, now=_present(paper), **more
    )
