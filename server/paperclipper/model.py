"""The nouns of a library: what every room takes and gives.

Frozen and typed, without behaviour that needs the outside: this module must not know of SQL, HTTP, Whoosh or files.
The words are those of CONTRIBUTING.md ("The words").
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Status(StrEnum):
    """How far the reader is with a paper."""

    UNREAD = "unread"
    READING = "reading"
    READ = "read"
    ARCHIVED = "archived"


class PageKind(StrEnum):
    """The kind of page a clip was made on; `IMPORT` is a file that was read in."""

    DIGEST = "digest"
    PAPER = "paper"
    ARXIV = "arxiv"
    IMPORT = "import"


class DigestKind(StrEnum):
    """Which list page of the digest a clip or sighting comes from."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    TRENDING = "trending"
    SEARCH = "search"


class Source(StrEnum):
    """How a page's facts were read, weakest first.

    `TEXT` is a page saved as plain text, `CARD` the visible card, `DATA` what a page states for machines (hydration
    JSON, API answers, citation meta tags). Stronger beats weaker when two clips of one paper are merged.
    """

    TEXT = "text"
    CARD = "card"
    DATA = "data"

    @property
    def strength(self) -> int:
        """0 for the weakest."""
        return list(Source).index(self)


class AnnotationKind(StrEnum):
    """A note has a body and no quote; a highlight has a quote, a colour, perhaps a body."""

    NOTE = "note"
    HIGHLIGHT = "highlight"


class Colour(StrEnum):
    """The five markers."""

    YELLOW = "yellow"
    GREEN = "green"
    BLUE = "blue"
    PINK = "pink"
    ORANGE = "orange"


class Decision(StrEnum):
    """What the reader decided about a paper on one digest day."""

    DISMISSED = "dismissed"
    DONE = "done"


class Scope(StrEnum):
    """What a token may do; CONTRIBUTING.md ("Access") says which act needs which."""

    READ = "read"
    CLIP = "clip"
    WRITE = "write"
    ADMIN = "admin"


class Scheme(StrEnum):
    """The kinds of identifier that make two clips one paper, most telling first."""

    ARXIV = "arxiv"
    DOI = "doi"
    URL = "url"


@dataclass(frozen=True, order=True)
class Identifier:
    """A name under which a library holds at most one paper; written `scheme:value`."""

    scheme: Scheme
    value: str

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}"


@dataclass(frozen=True)
class Version:
    """A state of one row: the library's epoch and the row's own stamp (`changed`). It is what an ETag carries."""

    epoch: str
    changed: int

    def __str__(self) -> str:
        return f"{self.epoch}-{self.changed}"


@dataclass(frozen=True)
class Position:
    """How far an index has folded a library: everything stamped up to `stamp`, in this epoch."""

    library_id: str
    epoch: str
    stamp: int


@dataclass(frozen=True)
class Library:
    """One reader's collection."""

    id: str
    name: str
    epoch: str
    clock: int


@dataclass(frozen=True)
class PaperFacts:
    """What one page says of a paper. Empty means that the page does not say; nothing is invented."""

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
    identifiers: tuple[Identifier, ...] = ()


@dataclass(frozen=True)
class Place:
    """Where a clip was made or a sighting seen: the page, and where on the digest."""

    page_kind: PageKind
    page_url: str = ""
    digest_kind: DigestKind | None = None
    digest_day: date | None = None
    rank: int | None = None
    upvotes: int | None = None
    comments: int | None = None


@dataclass(frozen=True)
class ClipRequest:
    """One act of clipping as its client describes it. `id` is the client's UUIDv7; times are UTC."""

    id: str
    clipped_at: datetime
    source: Source
    place: Place
    facts: PaperFacts


@dataclass(frozen=True)
class Clip:
    """A stored act of clipping."""

    id: str
    paper_id: str
    clipped_at: datetime
    source: Source
    place: Place


@dataclass(frozen=True)
class Tag:
    """A label; compared by its folded name, shown as first typed."""

    id: str
    name: str
    paper_count: int = 0


@dataclass(frozen=True)
class TextQuote:
    """A W3C TextQuoteSelector, with a TextPositionSelector in code points as a hint where it is known."""

    exact: str
    prefix: str = ""
    suffix: str = ""
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True)
class AnnotationDraft:
    """What a client puts: the reader's words or mark on a paper. `made_in` names the client's kind."""

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
    """Numbers that a list page showed of a paper already here."""

    paper_id: str
    page_kind: PageKind
    day: date
    seen_at: datetime
    upvotes: int | None = None
    comments: int | None = None


@dataclass(frozen=True)
class DayDecision:
    """Dismissed or done, for one paper on one digest day."""

    paper_id: str
    day: date
    decision: Decision
    decided_at: datetime


@dataclass(frozen=True)
class Paper:
    """The work, as one library knows it.

    `clips` come newest first; `annotations` oldest first, without those in the trash. `clipped_at` is the first clip's
    time and does not move. `is_mine` is false for a paper that was dismissed and never clipped.
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

    @property
    def arxiv_id(self) -> str | None:
        """The arXiv id without version, where the paper has one."""
        return next((i.value for i in self.facts.identifiers if i.scheme is Scheme.ARXIV), None)

    @property
    def doi(self) -> str | None:
        """The DOI in lower case, where the paper has one."""
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
    """One step of the fold from store to index: a paper's present state, or `None` where it left the library's view.

    A paper leaves the view when it is trashed, purged, merged away, or neither clipped nor dismissed. `dismissed` says
    that the reader passed it over on some day.
    """

    paper_id: str
    index_stamp: int
    paper: Paper | None
    dismissed: bool = False


@dataclass(frozen=True)
class PaperState:
    """What a list page needs to mark a paper as owned, without its texts."""

    id: str
    version: Version
    status: Status
    starred: bool
    tags: tuple[str, ...] = ()
    notes: int = 0
    highlights: int = 0
    clipped_at: datetime | None = None
    dismissed_on: tuple[date, ...] = ()
    is_mine: bool = True


@dataclass(frozen=True)
class Token:
    """A named, scoped, revocable right to use one library's API; `origin` is the only Origin it may come from."""

    id: str
    library_id: str
    name: str
    scopes: frozenset[Scope]
    origin: str | None
    created_at: datetime
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None


class PairingState(StrEnum):
    """Where a pairing stands. `CONSUMED` has given its token."""

    WAITING = "waiting"
    ALLOWED = "allowed"
    DENIED = "denied"
    BURNT = "burnt"
    CONSUMED = "consumed"


@dataclass(frozen=True)
class Pairing:
    """A browser's request to be connected. `words` are the three match words; `challenge` is PKCE's S256 (RFC 7636)."""

    id: str
    client_name: str
    origin: str
    challenge: str
    words: tuple[str, str, str]
    created_at: datetime
    expires_at: datetime
    state: PairingState = PairingState.WAITING
    library_id: str | None = None


@dataclass(frozen=True)
class Change:
    """One step of `GET /changes`: the row that changed last at `stamp`, and what it is now.

    `kind` is one of paper, annotation, tag, decision; `gone` says merged or purged, and `merged_into` the survivor.
    """

    stamp: int
    kind: str
    id: str
    gone: bool = False
    merged_into: str | None = None
    paper: Paper | None = field(default=None, compare=False)
    annotation: Annotation | None = field(default=None, compare=False)
    tag: Tag | None = field(default=None, compare=False)
    decision: DayDecision | None = field(default=None, compare=False)
