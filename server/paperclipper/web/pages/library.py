"""The library: its papers, newest first or as a search finds them."""

from typing import Any

from flask import Blueprint, g, render_template, request

from paperclipper.errors import NotFoundError, QueryError
from paperclipper.model import Paper
from paperclipper.services import finding, searching
from paperclipper.web.pages import places

PAGE = 20
_LAST_PAGE = 5_000

blueprint = Blueprint("library", __name__)


@blueprint.get("/")
def index() -> str:
    """`q` searches; `page` counts from 1; `part=results` gives the list alone, as it is typed.

    The last word may always be unfinished, so that Enter, Reload and Back show what was seen while typing.
    """
    q = " ".join(request.args.get("q", "").split())
    template = "_results.html" if request.args.get("part") == "results" else "library.html"
    return render_template(template, q=q, undo=_just_trashed(), **_results(q, _page()))


def _results(q: str, page: int) -> dict[str, Any]:
    """The found papers, or why the search could not be read."""
    try:
        results = searching.search(g.library_id, q, limit=PAGE, offset=(page - 1) * PAGE, as_you_type=True)
    except QueryError as error:
        return {"error": error}
    more = page * PAGE < results.total and page < _LAST_PAGE
    return {"results": results, "page": page, "next_page": page + 1 if more else None}


def _page() -> int:
    return places.page_number(_LAST_PAGE)


def _just_trashed() -> Paper | None:
    """The paper that the form before this page moved to the trash, if it is still there."""
    ref = request.args.get("trashed", "")
    try:
        paper = finding.paper(g.library_id, ref) if ref else None
    except NotFoundError:
        return None
    return paper if paper and paper.deleted_at else None
