"""The words with a fixed set of values. Their values are what the wire, the store and files write."""

from enum import StrEnum


class Status(StrEnum):
    """How far the reader is with a paper."""

    UNREAD = "unread"
    READING = "reading"
    READ = "read"
    ARCHIVED = "archived"


class PageKind(StrEnum):
    """The kind of page a clip was made on; `IMPORT` is a file that was read in, `PASTE` a link given by hand."""

    DIGEST = "digest"
    PAPER = "paper"
    ARXIV = "arxiv"
    IMPORT = "import"
    PASTE = "paste"


class DigestKind(StrEnum):
    """Which list page of the digest a clip or sighting comes from."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    TRENDING = "trending"
    SEARCH = "search"


class Source(StrEnum):
    """How a page's facts were read, weakest first.

    `STUB` is an identifier alone, `TEXT` a page saved as plain text, `CARD` the visible card, `DATA` what a page states
    for machines (hydration JSON, API answers, citation meta tags). Stronger beats weaker when two clips of one paper
    are merged. What the `READER` wrote is sealed: no page replaces it.
    """

    STUB = "stub"
    TEXT = "text"
    CARD = "card"
    DATA = "data"
    READER = "reader"

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

    SKIPPED = "skipped"
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


class PairingState(StrEnum):
    """Where a pairing stands. `CONSUMED` has given its token."""

    WAITING = "waiting"
    ALLOWED = "allowed"
    DENIED = "denied"
    BURNT = "burnt"
    CONSUMED = "consumed"


class ActionKind(StrEnum):
    """Acts on many rows at once, which can be undone."""

    MERGE_PAPERS = "merge-papers"
    BULK = "bulk"
    RENAME_TAG = "rename-tag"
    MERGE_TAGS = "merge-tags"
    DELETE_TAGS = "delete-tags"


class Sort(StrEnum):
    """The order of hits; by date and by upvotes the latest and the most come first."""

    RELEVANCE = "relevance"
    CLIPPED = "clipped"
    PUBLISHED = "published"
    UPVOTES = "upvotes"
