"""Papers, their identifiers, clips, tags and annotations."""

from dataclasses import dataclass, field
from datetime import date, datetime

from paperclipper.model.enums import (
    AnnotationKind,
    Colour,
    Decision,
    DigestKind,
    PageKind,
    Scheme,
    Source,
    Status,
)
from paperclipper.model.libraries import Version


@dataclass(frozen=True, order=True)
class Identifier:
    """An identifier, unique among the papers of a library. Written as `scheme:value`."""

    scheme: Scheme
    value: str

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}"


@dataclass(frozen=True)
class FoldedTitle:
    """A title folded for comparison: letters and digits only. Written as `title:value`."""

    value: str

    def __str__(self) -> str:
        return f"title:{self.value}"


LinkTarget = Identifier | FoldedTitle
"""The target of a link in a note."""


@dataclass(frozen=True)
class PaperFacts:
    """The facts about a paper on one page. A field is empty if the page does not show it."""

    title: str
    abstract: str = ""
    authors: tuple[str, ...] = ()
    author_count: int | None = None
    published: date | None = None
    published_inferred: bool = False
    arxiv_version: int | None = None
    organisation: str = ""
    keywords: tuple[str, ...] = ()
    ai_summary: str = ""
    thumbnail_url: str = ""
    code_url: str = ""
    project_url: str = ""
    venue: str = ""
    identifiers: tuple[Identifier, ...] = ()


@dataclass(frozen=True)
class SourcePage:
    """The page where a clip or sighting was made, with the paper's rank, upvotes and comments there."""

    page_kind: PageKind
    page_url: str = ""
    digest_kind: DigestKind | None = None
    digest_day: date | None = None
    rank: int | None = None
    upvotes: int | None = None
    comments: int | None = None


@dataclass(frozen=True)
class ClipRequest:
    """A request to save a clip. `id` is a client-generated UUIDv7. Times are in UTC."""

    id: str
    clipped_at: datetime
    source: Source
    page: SourcePage
    facts: PaperFacts


@dataclass(frozen=True)
class Clip:
    """A stored clip."""

    id: str
    paper_id: str
    clipped_at: datetime
    source: Source
    page: SourcePage


@dataclass(frozen=True)
class Tag:
    """A label, compared by its folded name and displayed as first typed. `a/b` is nested in `a`."""

    id: str
    name: str
    paper_count: int = field(default=0, compare=False)
    colour: Colour | None = field(default=None, compare=False)
    version: Version | None = field(default=None, compare=False)


@dataclass(frozen=True)
class TextQuote:
    """A W3C TextQuoteSelector, with an optional TextPositionSelector in code points as a hint."""

    exact: str
    prefix: str = ""
    suffix: str = ""
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True)
class AnnotationDraft:
    """The content of an annotation as sent by a client. `made_in` is the kind of client."""

    kind: AnnotationKind
    body: str = ""
    quote: TextQuote | None = None
    colour: Colour | None = None
    source_url: str = ""
    arxiv_version: int | None = None
    made_in: str = ""


@dataclass(frozen=True)
class Annotation:
    """A stored note or highlight."""

    id: str
    paper_id: str
    version: Version
    draft: AnnotationDraft
    created_at: datetime
    modified_at: datetime
    deleted_at: datetime | None = None


@dataclass(frozen=True)
class Sighting:
    """The upvotes and comments shown on a list page for a paper already in the library."""

    paper_id: str
    page_kind: PageKind
    day: date
    seen_at: datetime
    upvotes: int | None = None
    comments: int | None = None


@dataclass(frozen=True)
class DayDecision:
    """The reader's decision on a paper for one digest day: skipped or done."""

    paper_id: str
    day: date
    decision: Decision
    decided_at: datetime


@dataclass(frozen=True)
class Paper:
    """A paper in a library.

    `clips` are sorted newest first, and `annotations` oldest first, excluding the trash. `clipped_at` is the
    time of the first clip and never changes. `is_mine` is false for a paper that was skipped and never
    clipped. `sealed` contains the names of the facts edited by the reader. `is_stub` means that only an
    identifier is known. `code_seen_at` is set if the link to code appeared after the first clip.
    """

    id: str
    library_id: str
    version: Version
    index_stamp: int
    facts: PaperFacts
    status: Status = Status.UNREAD
    starred: bool = False
    rating: int | None = None
    tags: tuple[Tag, ...] = ()
    clips: tuple[Clip, ...] = ()
    annotations: tuple[Annotation, ...] = ()
    newest_arxiv_version: int | None = None
    clipped_at: datetime | None = None
    modified_at: datetime | None = None
    deleted_at: datetime | None = None
    is_mine: bool = True
    sealed: frozenset[str] = frozenset()
    is_stub: bool = False
    code_seen_at: datetime | None = None

    @property
    def arxiv_id(self) -> str | None:
        """The arXiv id without version, or None."""
        return next((i.value for i in self.facts.identifiers if i.scheme is Scheme.ARXIV), None)

    @property
    def doi(self) -> str | None:
        """The DOI in lower case, or None."""
        return next((i.value for i in self.facts.identifiers if i.scheme is Scheme.DOI), None)

    @property
    def notes(self) -> tuple[Annotation, ...]:
        """The paper's notes, oldest first."""
        return tuple(a for a in self.annotations if a.draft.kind is AnnotationKind.NOTE)

    @property
    def highlights(self) -> tuple[Annotation, ...]:
        """The paper's highlights, oldest first."""
        return tuple(a for a in self.annotations if a.draft.kind is AnnotationKind.HIGHLIGHT)


@dataclass(frozen=True)
class IndexEntry:
    """An entry of the index feed: a paper's current state, or None if it must not be in the index.

    A paper is not indexed if it is in the trash, purged, merged into another paper, or neither clipped nor
    skipped. `skipped` is true if the reader skipped it on any day.
    """

    paper_id: str
    index_stamp: int
    paper: Paper | None
    skipped: bool = False


@dataclass(frozen=True)
class PaperState:
    """The state of a paper, without its texts, used to mark saved papers on list pages."""

    id: str
    version: Version
    status: Status
    starred: bool
    tags: tuple[str, ...] = ()
    notes: int = 0
    highlights: int = 0
    clipped_at: datetime | None = None
    skipped_on: tuple[date, ...] = ()
    is_mine: bool = True
    is_stub: bool = False


@dataclass(frozen=True)
class Backlink:
    """A note that links to a paper, and the paper to which the note belongs."""

    paper_id: str
    paper_title: str
    annotation_id: str
    body: str
