"""A client that copies a library by reading its changes, and the state that it must reach."""

from dataclasses import dataclass, field, replace

from paperclipper.services.history import change_feed
from paperclipper.store.annotations import annotations
from paperclipper.store.database.tables import AnnotationRow, DecisionRow, PaperRow, TagRow
from paperclipper.store.days import day_decisions
from paperclipper.store.papers import papers


@dataclass
class LibraryCopy:
    """The copy of a client that reads the changes page by page."""

    cursor: str | None = None
    papers: dict = field(default_factory=dict)
    annotations: dict = field(default_factory=dict)
    tags: dict = field(default_factory=dict)
    decisions: dict = field(default_factory=dict)

    def read_page(self, library_id, page):
        """Read a page of changes. Return whether there were any."""
        self.cursor, found = change_feed.since(library_id, self.cursor, page)
        for change in found:
            rows = getattr(self, change.kind + "s")
            if change.gone:
                rows.pop(change.id, None)
            else:
                rows[change.id] = without_annotations(getattr(change, change.kind))
        return bool(found)

    def catch_up(self, library_id, page):
        while self.read_page(library_id, page):
            pass

    def state(self):
        """Return the copy without the cursor, for comparison."""
        tags = {i: (tag.name, tag.colour) for i, tag in self.tags.items()}
        decisions = {i: made.decision for i, made in self.decisions.items()}
        return self.papers, self.annotations, tags, decisions


def without_annotations(thing):
    """Return a paper without its annotations, which have changes of their own."""
    return replace(thing, annotations=(), index_stamp=0) if hasattr(thing, "annotations") else thing


def library_state(library_id):
    """Return the state that the copy must reach."""
    rows = PaperRow.select().where((PaperRow.library == library_id) & papers.present())
    notes = AnnotationRow.select().where(
        (AnnotationRow.library == library_id) & AnnotationRow.purged_at.is_null()
    )
    named = TagRow.select().where((TagRow.library == library_id) & TagRow.gone_at.is_null())
    decided = DecisionRow.select().where(
        (DecisionRow.library == library_id) & DecisionRow.decision.is_null(False)
    )
    return (
        {i: without_annotations(p) for i, p in papers.get_many(library_id, [row.id for row in rows]).items()},
        {row.id: annotations.find(library_id, row.id) for row in notes},
        {row.id: (row.name, row.colour) for row in named},
        {f"{row.paper_id}/{row.day}": day_decisions.read(row.decision) for row in decided},
    )
