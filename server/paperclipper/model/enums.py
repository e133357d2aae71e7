"""Enumerations. Their values are used in the API, in the store and in files."""

from enum import StrEnum


class Status(StrEnum):
    """The reading status of a paper."""

    UNREAD = "unread"
    READING = "reading"
    READ = "read"
    ARCHIVED = "archived"


class PageKind(StrEnum):
    """The kind of page where a clip was made. `IMPORT` is an imported file, `PASTE` a pasted link."""

    DIGEST = "digest"
    PAPER = "paper"
    ARXIV = "arxiv"
    IMPORT = "import"
    PASTE = "paste"


class DigestKind(StrEnum):
    """The digest's list page where a clip or sighting was made."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    TRENDING = "trending"
    SEARCH = "search"


class Source(StrEnum):
    """The source from which a page's facts were read, weakest first.

    `STUB` is only an identifier, `TEXT` a page saved as plain text, `CARD` the visible card, and `DATA`
    machine-readable data (hydration JSON, API responses, citation meta tags). When two clips of a paper are
    merged, the stronger source wins. Facts edited by the `READER` are sealed: clips do not replace them.
    """

    STUB = "stub"
    TEXT = "text"
    CARD = "card"
    DATA = "data"
    READER = "reader"

    @property
    def strength(self) -> int:
        """The rank of the source, from 0 for the weakest."""
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
    """The reader's decision on a paper for one digest day."""

    SKIPPED = "skipped"
    DONE = "done"


class Scope(StrEnum):
    """A scope that can be granted to a token. CONTRIBUTING.md ("Access") lists what each scope allows."""

    READ = "read"
    CLIP = "clip"
    WRITE = "write"
    ADMIN = "admin"


class Scheme(StrEnum):
    """The kind of an identifier, most significant first."""

    ARXIV = "arxiv"
    DOI = "doi"
    URL = "url"


class PairingState(StrEnum):
    """The state of a pairing. `CONSUMED` means that the token was issued."""

    WAITING = "waiting"
    ALLOWED = "allowed"
    DENIED = "denied"
    BURNT = "burnt"
    CONSUMED = "consumed"


class ActionKind(StrEnum):
    """The kind of an undoable action."""

    MERGE_PAPERS = "merge-papers"
    BULK = "bulk"
    RENAME_TAG = "rename-tag"
    MERGE_TAGS = "merge-tags"
    DELETE_TAGS = "delete-tags"


class Sort(StrEnum):
    """The order of search results: by date, newest first; by upvotes, highest first."""

    RELEVANCE = "relevance"
    CLIPPED = "clipped"
    PUBLISHED = "published"
    UPVOTES = "upvotes"
