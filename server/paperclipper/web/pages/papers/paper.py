"""The page of a paper, with its status, star, rating and tags.

Setting the status, star or rating does not require the page's version: each is a single choice, so no typed
text can be lost.
"""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from paperclipper.errors import InvalidInputError, NotFoundError
from paperclipper.formats.text import wikilinks
from paperclipper.formats.text.notes import MAX_NOTE
from paperclipper.model import Annotation, Backlink, Colour, Paper, Status
from paperclipper.services.annotations import annotations, note_links
from paperclipper.services.papers import editing, lookup, since_clipped
from paperclipper.services.papers.editing import PaperEdit
from paperclipper.services.tags import tagging
from paperclipper.services.trash import trashing
from paperclipper.web.pages.layout import redirects
from paperclipper.web.pages.papers import annotation_list

_RATINGS = {str(number): number for number in range(1, 6)} | {"": None}

blueprint = Blueprint("paper", __name__, url_prefix="/papers/<paper_id>")


@blueprint.get("")
def show(paper_id: str) -> str:
    """Show a paper. `q` is the search that led to it; `deleted` is the id of a note that was just deleted."""
    return page(lookup.paper(g.library_id, paper_id))


def page(paper: Paper, **more: Any) -> str:
    """Render the paper's page. `more` contains variables for redisplaying a rejected form."""
    earlier = annotations.earlier_versions(g.library_id, paper)
    return render_template(
        "papers/paper.html",
        paper=paper,
        q=request.args.get("q", ""),
        annotation_list=annotation_list.arrange(paper, earlier),
        earlier_facts=earlier.get(paper.id, 0),
        fingerprint=annotation_list.abstract_fingerprint(paper),
        resolve=_link_resolver(paper),
        backlinks=[_in_context(paper, link) for link in note_links.backlinks(g.library_id, paper.id)],
        since=since_clipped.compare(paper),
        tags=tagging.suggest(g.library_id),
        colours=tuple(Colour),
        new_id=str(uuid4()),
        undo=_just_deleted(paper),
        max_note=MAX_NOTE,
        statuses=tuple(Status),
        **more,
    )


def _link_resolver(paper: Paper) -> Callable[[str], str | None]:
    """Return a function that resolves the links in the paper's notes."""
    resolve = note_links.resolver(g.library_id, [annotation.draft.body for annotation in paper.annotations])

    def address(name: str) -> str | None:
        found = resolve(name)
        return url_for("paper.show", paper_id=found) if found else None

    return address


def _in_context(paper: Paper, link: Backlink) -> tuple[Backlink, tuple[str, str, str]]:
    """Return a backlink with the text around its link."""
    facts = paper.facts
    return link, wikilinks.context(link.body, wikilinks.targets_of(facts.title, facts.identifiers))


def _just_deleted(paper: Paper) -> Annotation | None:
    """Return the annotation that was just deleted, or None if it is no longer in the trash."""
    ref = request.args.get("deleted", "")
    try:
        note = annotations.get(g.library_id, ref) if ref else None
    except NotFoundError:
        return None
    return note if note and note.deleted_at and note.paper_id == paper.id else None


@blueprint.post("/status")
def set_status(paper_id: str) -> Response:
    """Set the status.

    Form: `status`.
    """
    try:
        status = Status(request.form.get("status", ""))
    except ValueError as error:
        raise InvalidInputError(f"A status is one of: {', '.join(Status)}.", "/status") from error
    return _set(paper_id, status=status)


@blueprint.post("/star")
def set_star(paper_id: str) -> Response:
    """Set or remove the star.

    Form: `starred`, 1 or 0.
    """
    return _set(paper_id, starred=request.form.get("starred") == "1")


@blueprint.post("/rating")
def set_rating(paper_id: str) -> Response:
    """Set or remove the rating.

    Form: `rating`, 1 to 5, or empty.
    """
    given = request.form.get("rating", "")
    if given not in _RATINGS:
        raise InvalidInputError("A rating is a number from 1 to 5.", "/rating")
    return _set(paper_id, rating=_RATINGS[given])


def _set(paper_id: str, **values: Any) -> Response:
    paper = lookup.paper(g.library_id, paper_id)
    editing.edit(g.library_id, paper.id, PaperEdit(frozenset(values), **values), str(paper.version))
    return _back(paper.id)


@blueprint.post("/tags")
def add_tag(paper_id: str) -> Response:
    """Add tags.

    Form: `tag`, one or more names separated by commas.
    """
    for name in filter(str.strip, request.form.get("tag", "").split(",")):
        tagging.add(g.library_id, paper_id, name)
    return _back(paper_id)


@blueprint.post("/tags/remove")
def remove_tag(paper_id: str) -> Response:
    """Remove a tag.

    Form: `tag`.
    """
    tagging.remove(g.library_id, paper_id, request.form.get("tag", ""))
    return _back(paper_id)


@blueprint.post("/trash")
def trash(paper_id: str) -> Response:
    """Move the paper to the trash and redirect to the library, which offers Undo."""
    paper = trashing.trash(g.library_id, paper_id)
    return redirect(url_for("library.index", trashed=paper.id), 303)


@blueprint.post("/restore")
def restore(paper_id: str) -> Response:
    """Restore the paper from the trash."""
    return _back(trashing.restore(g.library_id, paper_id).id)


def _back(paper_id: str) -> Response:
    """Redirect to the page that contained the form, or to the paper's page."""
    own = url_for("paper.show", paper_id=paper_id)
    return redirect(redirects.local_path(request.form.get("back"), own), 303)
