"""Highlighting: a stretch of the abstract, in one of five colours, perhaps with a comment.

With script the form says which stretch was selected; without, which words are meant: typed, or pasted as the page
shows them. What surrounds them is quoted here, so that the highlight is found again after the abstract has changed.
Editing, deleting and bringing back are the same as for notes (note.py).
"""

from uuid import uuid5

from flask import Blueprint, g, redirect, request, url_for
from werkzeug.wrappers import Response

from paperclipper.errors import PreconditionRequiredError
from paperclipper.formats.text import abstract, anchoring
from paperclipper.formats.text.anchoring import Span
from paperclipper.model import AnnotationDraft, AnnotationKind, Colour, Paper, TextQuote
from paperclipper.services.annotations import annotations
from paperclipper.services.papers import lookup
from paperclipper.web.pages.annotations import notes
from paperclipper.web.pages.layout import forms
from paperclipper.web.pages.papers import annotation_list, paper

blueprint = Blueprint("highlights", __name__, url_prefix="/papers/<paper_id>/highlights")


@blueprint.post("")
def add(paper_id: str) -> Response | tuple[str, int]:
    """Form: `id`, a UUID; `colour`; `body`, a comment; `quote`, or `start` and `end` in the abstract that `of` names.

    One page may make several highlights: their ids follow from its own id and their words.
    """
    about = lookup.paper(g.library_id, paper_id)
    quote = _quote(about)
    if quote is None:
        return paper.page(about, misquoted=request.form), 422
    highlight_id = str(uuid5(forms.uuid(), f"{quote.start} {quote.exact}"))
    draft = AnnotationDraft(
        kind=AnnotationKind.HIGHLIGHT,
        body=forms.note(),
        quote=quote,
        colour=forms.colour() or Colour.YELLOW,
        arxiv_version=about.facts.arxiv_version,
        made_in="page",
    )
    try:
        saved, _ = annotations.put(g.library_id, highlight_id, about.id, draft, None)
    except PreconditionRequiredError:
        return notes.conflict_page(about, highlight_id, draft), 409
    if saved.deleted_at:
        annotations.restore(g.library_id, highlight_id)
    return redirect(url_for("paper.show", paper_id=about.id, _anchor=f"mark-{highlight_id}"), 303)


def _quote(about: Paper) -> TextQuote | None:
    """The words that are meant, as they stand in the abstract; None where they do not."""
    text = about.facts.abstract
    place = _selected(about) or abstract.find(text, TextQuote(forms.text("quote")))
    return anchoring.quote(text, *place) if place and text[slice(*place)].strip() else None


def _selected(about: Paper) -> Span | None:
    """The stretch that was selected, if it was in this abstract."""
    start, end = (request.form.get(name, type=int) for name in ("start", "end"))
    if start is None or end is None or request.form.get("of") != annotation_list.abstract_fingerprint(about):
        return None
    return (start, end) if 0 <= start < end <= len(about.facts.abstract) else None
