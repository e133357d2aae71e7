"""Merging two papers. The open paper is kept, with the data of both. Merging can be undone."""

from flask import Blueprint, g, render_template, request, url_for
from werkzeug.wrappers import Response

from paperclipper.errors import QueryError
from paperclipper.model import Paper
from paperclipper.services.papers import lookup, paper_merge
from paperclipper.services.search import searching
from paperclipper.web.pages.layout import forms, undo_line

_MAX_OFFERS = 5

blueprint = Blueprint("merge", __name__, url_prefix="/papers/<paper_id>/merge")


@blueprint.get("")
def ask(paper_id: str) -> str:
    """Ask for the other paper."""
    return render_template("papers/merge.html", paper=lookup.paper(g.library_id, paper_id))


@blueprint.post("")
def merge(paper_id: str) -> Response | tuple[str, int]:
    """Merge the other paper into this one. If it is not found, offer papers that match the text.

    Form: `other`, an id, link or title.
    """
    paper = lookup.paper(g.library_id, paper_id)
    words = forms.text("other")
    other = lookup.find_by_text(
        g.library_id, words.removeprefix(f"{request.host_url}papers/").partition("?")[0]
    )
    if other and other != paper.id:
        _, action = paper_merge.merge(g.library_id, other, paper.id)
        return undo_line.redirect_with_undo(action, url_for("paper.show", paper_id=paper.id))
    offered = [] if other else _offers(paper, words)
    return render_template(
        "papers/merge.html", paper=paper, words=words, is_itself=bool(other), offered=offered
    ), 422


def _offers(paper: Paper, words: str) -> list[Paper]:
    """Return other papers that match the words."""
    try:
        found = searching.search(g.library_id, searching.SearchRequest(words, _MAX_OFFERS + 1))
    except QueryError:
        return []
    items = (*found.items, *found.partial) if words else ()
    return [item.paper for item in items if item.paper.id != paper.id][:_MAX_OFFERS]
