"""A client that keeps a copy of a library by reading its changes, and what it must believe in the end."""

from dataclasses import dataclass, field, replace

from paperclipper.services.history import change_feed
from paperclipper.store.annotations import annotations
from paperclipper.store.database.tables import AnnotationRow, DecisionRow, PaperRow, TagRow
from paperclipper.store.days import day_decisions
from paperclipper.store.papers import papers


@dataclass
class LibraryCopy:
    """What a client that reads `changes` page by page believes."""

    cursor: str | None = None
    papers: dict = field(default_factory=dict)
    annotations: dict = field(default_factory=dict)
    tags: dict = field(default_factory=dict)
    decisions: dict = field(default_factory=dict)

    def read_page(self, library_id, page):
        """Whether there was anything to read."""
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
        """All of it but the cursor, fit for comparing."""
        tags = {i: (tag.name, tag.colour) for i, tag in self.tags.items()}
        decisions = {i: made.decision for i, made in self.decisions.items()}
        return self.papers, self.annotations, tags, decisions


def without_annotations(thing):
    """A paper as its own row says it: its annotations have changes of their own."""
    return replace(thing, annotations=(), index_stamp=0) if hasattr(thing, "annotations") else thing


def library_state(library_id):
    """What a client must believe in the end."""
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
