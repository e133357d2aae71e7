"""Enumerations. Their values are used in the API, the store and files."""

from enum import StrEnum


class Status(StrEnum):
    """The reading status of a paper."""

    UNREAD = "unread"
    READING = "reading"
    READ = "read"
    ARCHIVED = "archived"


class PageKind(StrEnum):
    """The kind of page a clip was made on. `IMPORT` is an imported file, `PASTE` a pasted link."""

    DIGEST = "digest"
    PAPER = "paper"
    ARXIV = "arxiv"
    IMPORT = "import"
    PASTE = "paste"


class DigestKind(StrEnum):
    """The list page of the digest that a clip or sighting comes from."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    TRENDING = "trending"
    SEARCH = "search"


class Source(StrEnum):
    """How a page's facts were read, weakest first.

    `STUB` is an identifier alone, `TEXT` a page saved as plain text, `CARD` the visible card, `DATA` what a
    page publishes for machines (hydration JSON, API responses, citation meta tags). When two clips of a paper
    are merged, the stronger source wins. What the `READER` edited is sealed: no page replaces it.
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
    """A note has a body and no quote; a highlight has a quote, a colour and optionally a body."""

    NOTE = "note"
    HIGHLIGHT = "highlight"


class Colour(StrEnum):
    """The five colours of highlights."""

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
    """What a token may do. CONTRIBUTING.md ("Access") lists the scope that each operation needs."""

    READ = "read"
    CLIP = "clip"
    WRITE = "write"
    ADMIN = "admin"


class Scheme(StrEnum):
    """The kinds of identifier, most significant first."""

    ARXIV = "arxiv"
    DOI = "doi"
    URL = "url"


class PairingState(StrEnum):
    """The state of a pairing. `CONSUMED` means that its token was issued."""

    WAITING = "waiting"
    ALLOWED = "allowed"
    DENIED = "denied"
    BURNT = "burnt"
    CONSUMED = "consumed"


class ActionKind(StrEnum):
    """The kinds of undoable action."""

    MERGE_PAPERS = "merge-papers"
    BULK = "bulk"
    RENAME_TAG = "rename-tag"
    MERGE_TAGS = "merge-tags"
    DELETE_TAGS = "delete-tags"


class Sort(StrEnum):
    """The order of search results. By date, the latest come first; by upvotes, the most."""

    RELEVANCE = "relevance"
    CLIPPED = "clipped"
    PUBLISHED = "published"
    UPVOTES = "upvotes"
