"""The library: its papers, newest first or by relevance to a search."""

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
    """Show the papers that match `q`, in the order `sort`, starting at `cursor`.

    With `part=results`, return only the parts of the page that change while typing. The last word is always
    matched as a prefix, so that Enter, Reload and Back show the same results as typing. An unclosed
    bracket is accepted only while typing.
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
    except (GoneError, InvalidInputError):  # the cursor has expired or is invalid
        return redirect(url_for("library.index", q=q or None, sort=sort), 303)
    template = "search/_live_results.html" if is_typing else "search/library.html"
    return render_template(template, q=q, sort=sort, orders=_ORDERS, undo=_just_trashed(), **found)


def _results(search_request: searching.SearchRequest) -> dict[str, Any]:
    """Return the template variables for the results, or for the error if the query is invalid."""
    try:
        return {"results": searching.search(g.library_id, search_request), "cursor": search_request.cursor}
    except QueryError as error:
        return {"error": error, "plain": searching.without_syntax(search_request.q)}


def _just_trashed() -> Paper | None:
    """Return the paper that was just moved to the trash, or None if it is no longer there."""
    ref = request.args.get("trashed", "")
    try:
        paper = lookup.paper(g.library_id, ref) if ref else None
    except NotFoundError:
        return None
    return paper if paper and paper.deleted_at else None


@blueprint.app_template_global()
def search_url(q: str, **more: Any) -> str:
    """Return the URL of a search."""
    return url_for("library.index", q=q or None, **more)


@blueprint.app_template_filter()
def split_values(values: Sequence[facets.FacetValue], facet: str) -> tuple[list[facets.FacetValue], ...]:
    """Split a facet's values into those shown at first and those folded. Omit authors of a single paper."""
    min_count = 2 if facet == "author" else 1
    shown = [value for value in values if value.active or value.count >= min_count]
    end = _fold_at(shown)
    return shown[:end], shown[end:]


def _fold_at(shown: Sequence[facets.FacetValue]) -> int:
    """Return where to collapse a long list: never before a nested tag or an active value."""
    for end in range(_MAX_VALUES, len(shown) - 1):
        if not shown[end].depth and not shown[end].active:
            return end
    # A single folded value would save no space, because the link to unfold it takes as much.
    return len(shown)


@blueprint.app_template_filter()
def finding_more_than(searches: Sequence[suggestions.Suggestion], count: int) -> list[suggestions.Suggestion]:
    """Return the suggestions with more than `count` results or an unknown number of results."""
    return [search for search in searches if search.count is None or search.count > count]
