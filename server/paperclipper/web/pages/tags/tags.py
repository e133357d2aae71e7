"""The list of tags, and a page for each tag to rename, colour, merge or delete it.

All changes except to the colour can be undone.
"""

from typing import Any

from flask import Blueprint, g, render_template, request, url_for
from werkzeug.wrappers import Response

from paperclipper.errors import ConflictError, InvalidInputError, PreconditionRequiredError, StaleVersionError
from paperclipper.model import Action, Colour, Tag
from paperclipper.services.tags import tag_editing, tagging
from paperclipper.web.pages.layout import forms, undo_line
from paperclipper.web.pages.tags import tag_tree

_MAX_TAGS = 100_000

blueprint = Blueprint("tags", __name__, url_prefix="/tags")


@blueprint.get("")
def index() -> str:
    """List all tags."""
    tags = tagging.suggest(g.library_id, limit=_MAX_TAGS)
    unused = len(tagging.unused(g.library_id))
    return render_template("tags/tags.html", tree=tag_tree.build(tags), total=len(tags), unused=unused)


@blueprint.get("/<tag_id>")
def show(tag_id: str) -> str:
    """Show a tag."""
    return _page(tag_editing.get(g.library_id, tag_id))


def _page(tag: Tag, **more: Any) -> str:
    others = [other for other in tagging.suggest(g.library_id, limit=_MAX_TAGS) if other.id != tag.id]
    return render_template("tags/tag.html", tag=tag, others=others, colours=tuple(Colour), **more)


@blueprint.post("/<tag_id>")
def edit(tag_id: str) -> Response | tuple[str, int]:
    """Rename or colour a tag.

    Form: `name`; `colour`; `version`, the version the edit is based on.
    """
    tag = tag_editing.get(g.library_id, tag_id)
    name, colour = forms.text("name"), forms.colour()
    typed = {"name": name, "colour": colour}
    try:
        _, action = tag_editing.edit(g.library_id, tag.id, typed, request.form.get("version"))
    except InvalidInputError as error:
        return _page(tag, typed=typed, refused=str(error)), 422
    except ConflictError:
        return _page(tag, typed=typed, namesake=tagging.find(g.library_id, name)), 409
    except (StaleVersionError, PreconditionRequiredError):
        return _page(tag_editing.get(g.library_id, tag.id), typed=typed, stale=True), 409
    return _back_to_tree(action)


@blueprint.post("/<tag_id>/merge")
def merge(tag_id: str) -> Response | tuple[str, int]:
    """Merge the tag into another.

    Form: `into`, the name of the tag to keep.
    """
    tag = tag_editing.get(g.library_id, tag_id)
    name = forms.text("into")
    try:
        into = tagging.find(g.library_id, name)
    except InvalidInputError:
        into = None
    if into is None or into.id == tag.id:
        return _page(tag, into=name, is_itself=into is not None), 422
    _, action = tag_editing.merge(g.library_id, tag.id, into.id)
    return _back_to_tree(action)


@blueprint.post("/<tag_id>/delete")
def delete(tag_id: str) -> Response:
    """Remove the tag from all papers and delete it."""
    return _back_to_tree(tag_editing.delete(g.library_id, [tag_id]))


@blueprint.post("/unused/delete")
def delete_unused() -> Response:
    """Delete the tags that no paper has."""
    return _back_to_tree(tag_editing.delete_unused(g.library_id))


def _back_to_tree(action: Action | None) -> Response:
    return undo_line.redirect_with_undo(action, url_for("tags.index"))
