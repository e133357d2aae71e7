"""Adding papers by link or identifier, one per line. Papers already in the library are not added again."""

from flask import Blueprint, g, render_template, request

from paperclipper.errors import InvalidInputError
from paperclipper.services.papers import lookup, stubs
from paperclipper.services.papers.stubs import MAX_LINES

_MAX_LENGTH = MAX_LINES * 2100

blueprint = Blueprint("add", __name__, url_prefix="/add")


@blueprint.get("")
def ask() -> str:
    """Show the form."""
    return _page("")


@blueprint.post("")
def add() -> str | tuple[str, int]:
    """Add papers and show the result for each line. Unreadable lines stay in the form.

    Form: `lines`.
    """
    lines = request.form.get("lines", "")
    if not lines.strip():
        return _page("", refused="Nothing was entered. Paste a link or an identifier."), 422
    try:
        results = stubs.paste(g.library_id, lines)
    except InvalidInputError as error:
        return _page(lines, refused=str(error)), 422
    papers = lookup.by_ids(g.library_id, {each.paper_id for each in results if each.paper_id})
    unreadable = "\n".join(each.line for each in results if each.outcome is stubs.PasteOutcome.UNREADABLE)
    return _page(unreadable, results=[(each, papers.get(each.paper_id or "")) for each in results])


def _page(lines: str, **more: object) -> str:
    return render_template("papers/add.html", lines=lines, most=MAX_LINES, longest=_MAX_LENGTH, **more)
