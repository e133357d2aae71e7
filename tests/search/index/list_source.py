"""Invented papers, and a source of them that an index can follow like the store."""

import random
from dataclasses import fields
from datetime import UTC, datetime

from paperclipper.model import (
    Annotation,
    AnnotationDraft,
    AnnotationKind,
    Clip,
    Identifier,
    IndexEntry,
    PageKind,
    Paper,
    PaperFacts,
    Position,
    Scheme,
    Source,
    SourcePage,
    TextQuote,
    Version,
)
from paperclipper.search.query.parser import parse

NOW = datetime(2026, 3, 9, tzinfo=UTC)
TODAY = NOW.date()
_FACTS = {field.name for field in fields(PaperFacts)}
NOUNS = (
    "lattice",
    "anchor",
    "harbour",
    "compass",
    "rudder",
    "keel",
    "beacon",
    "lantern",
    "tide",
    "current",
    "sextant",
    "chart",
    "buoy",
    "mast",
    "hull",
)
ACTIVITIES = (
    "folding",
    "mapping",
    "steering",
    "ranking",
    "pruning",
    "sampling",
    "aligning",
    "routing",
    "denoising",
    "caching",
)


def paper(paper_id, title, abstract="", *, notes=(), quotes=(), arxiv="", upvotes=None, clipped=NOW, **more):
    """Return a paper. `more` are other fields of `Paper` or `PaperFacts`."""
    found = [AnnotationDraft(AnnotationKind.NOTE, body=note) for note in notes]
    found += [AnnotationDraft(AnnotationKind.HIGHLIGHT, quote=TextQuote(quote)) for quote in quotes]
    annotations = tuple(
        Annotation(f"{paper_id}-{i}", paper_id, Version("e", i), draft, NOW, NOW)
        for i, draft in enumerate(found)
    )
    identifiers = (Identifier(Scheme.ARXIV, arxiv),) if arxiv else ()
    facts = {name: more.pop(name) for name in list(more) if name in _FACTS}
    page = SourcePage(PageKind.DIGEST, digest_day=clipped.date() if clipped else None, upvotes=upvotes)
    clips = (Clip(f"{paper_id}-c", paper_id, clipped, Source.DATA, page),) if clipped else ()
    facts = PaperFacts(title, abstract, identifiers=identifiers, **facts)
    return Paper(
        paper_id,
        "lib",
        Version("e", 1),
        0,
        facts,
        annotations=annotations,
        clips=clips,
        clipped_at=clipped,
        **more,
    )


def invented(number, seed=0):
    """Yield papers with unique titles, whose other words are from a small common vocabulary."""
    chance = random.Random(seed)
    for i in range(number):
        title = f"{chance.choice(ACTIVITIES)} the {chance.choice(NOUNS)} {i} of {chance.choice(NOUNS)}s"
        abstract = " ".join(chance.choices(NOUNS + ACTIVITIES, k=40))
        yield paper(f"p{i}", title, abstract)


class ListSource:
    """A library in memory, with a clock, an epoch and tombstones like the store's."""

    def __init__(self, papers=(), library_id="lib", epoch="first"):
        self.library_id, self.epoch, self.clock = library_id, epoch, 0
        self.entries = {}
        for each in papers:
            self.put(each)

    def put(self, each, *, skipped=False):
        self.clock += 1
        self.entries[each.id] = IndexEntry(each.id, self.clock, each, skipped)

    def remove(self, paper_id):
        self.clock += 1
        self.entries[paper_id] = IndexEntry(paper_id, self.clock, None)

    def head(self):
        stamps = [entry.index_stamp for entry in self.entries.values()]
        return Position(self.library_id, self.epoch, max(stamps, default=0))

    def entries_after(self, stamp, limit):
        later = [entry for entry in self.entries.values() if entry.index_stamp > stamp]
        return self.head(), sorted(later, key=lambda entry: entry.index_stamp)[:limit]


def ask(text, **options):
    """Return the parsed query, with `TODAY` as the current date."""
    return parse(text, TODAY, **options)
