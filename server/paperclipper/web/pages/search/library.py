"""The library: its papers, newest first or as a search finds them."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from paperclipper.errors import GoneError, InvalidInputError, NotFoundError, QueryError
from paperclipper.model import Paper, Sort
from paperclipper.services.papers import lookup
from paperclipper.services.search import facets, searching, suggestions

PAGE = 20
_MAX_VALUES = 10
_ORDERS = {
    Sort.RELEVANCE: "Best match",
    Sort.CLIPPED: "Newest clip",
    Sort.PUBLISHED: "Newest paper",
    Sort.UPVOTES: "Upvotes",
}

blueprint = Blueprint("library", __name__)


@blueprint.get("/")
def index() -> str | Response:
    """`q` searches, `sort` orders, `cursor` turns the page; `part=results` gives what changes while one types.

    The last word may always be unfinished, so that Enter, Reload and Back show what was seen while typing. An open
    bracket may be unfinished only while one types.
    """
    q = " ".join(request.args.get("q", "").split())
    order = request.args.get("sort", "")
    sort = next((each for each in Sort if each == order), None)
    is_typing = request.args.get("part") == "results"
    search_request = searching.SearchRequest(
        q, PAGE, request.args.get("cursor", ""), sort, as_you_type=True, unfinished=is_typing
    )
    try:
        found = _results(search_request)
    except (GoneError, InvalidInputError):  # a page that is kept no longer
        return redirect(url_for("library.index", q=q or None, sort=sort), 303)
    template = "search/_live_results.html" if is_typing else "search/library.html"
    return render_template(template, q=q, sort=sort, orders=_ORDERS, undo=_just_trashed(), **found)


def _results(search_request: searching.SearchRequest) -> dict[str, Any]:
    """The found papers, or why the search could not be read."""
    try:
        return {"results": searching.search(g.library_id, search_request), "cursor": search_request.cursor}
    except QueryError as error:
        return {"error": error, "plain": searching.without_syntax(search_request.q)}


def _just_trashed() -> Paper | None:
    """The paper that the form before this page moved to the trash, if it is still there."""
    ref = request.args.get("trashed", "")
    try:
        paper = lookup.paper(g.library_id, ref) if ref else None
    except NotFoundError:
        return None
    return paper if paper and paper.deleted_at else None


@blueprint.app_template_global()
def search_url(q: str, **more: Any) -> str:
    """The address of a search."""
    return url_for("library.index", q=q or None, **more)


@blueprint.app_template_filter()
def split_values(values: Sequence[facets.FacetValue], facet: str) -> tuple[list[facets.FacetValue], ...]:
    """The first of a facet's values, and the rest, to unfold; of authors not those with a single paper."""
    min_count = 2 if facet == "author" else 1
    shown = [value for value in values if value.active or value.count >= min_count]
    end = _fold_at(shown)
    return shown[:end], shown[end:]


def _fold_at(shown: Sequence[facets.FacetValue]) -> int:
    """Never inside a nest or before an active value."""
    for end in range(_MAX_VALUES, len(shown) - 1):
        if not shown[end].depth and not shown[end].active:
            return end
    # A single one more takes no more room than the word for it.
    return len(shown)


@blueprint.app_template_filter()
def finding_more_than(searches: Sequence[suggestions.Suggestion], count: int) -> list[suggestions.Suggestion]:
    """The searches that find more than `count` papers, or may."""
    return [search for search in searches if search.count is None or search.count > count]
