"""Highlighting a passage of the abstract in one of five colours, optionally with a note.

With JavaScript, the form contains the position of the selection; without it, the words as shown on the page.
The surrounding text is stored with the quote, so that the highlight can be found again after the abstract has
changed. Editing, deleting and restoring work as for notes (notes.py).
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
    """Highlight a passage.

    Form: `id`, a UUID; `colour`; `body`, a note; `quote`, or `start` and `end` in the abstract with the
    fingerprint `of`. The highlight's id is derived from `id` and the words, so that one page can create
    several highlights.
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
    """Return the submitted passage as a quote, or None if it is not in the abstract."""
    text = about.facts.abstract
    place = _selected(about) or abstract.find(text, TextQuote(forms.text("quote")))
    return anchoring.quote(text, *place) if place and text[slice(*place)].strip() else None


def _selected(about: Paper) -> Span | None:
    """Return the selected range, or None if there is none or it is from a different abstract."""
    start, end = (request.form.get(name, type=int) for name in ("start", "end"))
    if start is None or end is None or request.form.get("of") != annotation_list.abstract_fingerprint(about):
        return None
    return (start, end) if 0 <= start < end <= len(about.facts.abstract) else None
