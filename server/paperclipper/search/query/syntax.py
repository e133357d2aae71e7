"""The syntax tree of a search.

Immutable and pure. `parser` builds the tree from text; `planner` turns it into a plan.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, replace

from paperclipper import tag_names
from paperclipper.model import Sort
from paperclipper.search.document import SKIPPED
from paperclipper.search.text.tokenizer import Chain, Word

MAX_CHARACTERS = 256
MAX_WORDS = 24
MAX_DEPTH = 8
MAX_FUZZY = 2


@dataclass(frozen=True)
class Span:
    """The start and end of a clause in the text of a search."""

    start: int
    end: int


@dataclass(frozen=True)
class WordsClause:
    """A word, a compound or a phrase. `zone` restricts it to one kind of text.

    `is_prefix`: the last word is a prefix. `is_unfinished`: the last word may be a prefix. `distance`: the
    maximum edit distance of the word.
    """

    span: Span
    chains: tuple[Chain, ...]
    zone: str | None = None
    is_phrase: bool = False
    is_prefix: bool = False
    is_unfinished: bool = False
    distance: int = 0

    @property
    def words(self) -> tuple[Word, ...]:
        """The words of all chains, in order."""
        return tuple(word for chain in self.chains for word in chain.words)

    @property
    def has_only_stop_words(self) -> bool:
        """Whether all words are stop words, so that a match requires none of them."""
        return not (self.is_phrase or self.zone or self.distance) and all(
            chain.has_only_stop_words for chain in self.chains
        )


@dataclass(frozen=True)
class LabelClause:
    """Matches papers with any of the labels or, if `is_prefix`, with a label that starts with one of them."""

    span: Span
    labels: tuple[str, ...]
    is_prefix: bool = False


@dataclass(frozen=True)
class TagClause:
    """Matches papers with a tag or any of its descendants. `ids` are their ids, or None until resolved."""

    span: Span
    name: str
    ids: tuple[str, ...] | None = None


@dataclass(frozen=True)
class RangeClause:
    """Matches papers with a number from `low` to `high`, inclusive, in a column."""

    span: Span
    column: str
    low: int | None
    high: int | None


@dataclass(frozen=True)
class AnyClause:
    """Matches papers that match at least one clause."""

    span: Span
    clauses: tuple["Clause", ...]


@dataclass(frozen=True)
class AllClause:
    """Matches papers that match all clauses."""

    span: Span
    clauses: tuple["Clause", ...]


@dataclass(frozen=True)
class NotClause:
    """Matches papers that do not match a clause."""

    span: Span
    clause: "Clause"


Clause = WordsClause | LabelClause | TagClause | RangeClause | AnyClause | AllClause | NotClause


@dataclass(frozen=True)
class Query:
    """A parsed search: its text as typed, and the clauses a paper must match."""

    text: str
    clauses: tuple[Clause, ...]
    sort: Sort | None = None

    @property
    def is_empty(self) -> bool:
        """Whether the text contains nothing to search for."""
        return not self.clauses

    @property
    def has_words(self) -> bool:
        """Whether the query contains words, so that results can be ranked by relevance."""
        return any(isinstance(clause, WordsClause) for clause in walk_clauses(self.clauses))

    @property
    def order(self) -> Sort:
        """The requested sort order. Defaults to relevance or, without words, to newest clip first."""
        return self.sort or (Sort.RELEVANCE if self.has_words else Sort.CLIPPED)

    def labels(self) -> frozenset[str]:
        """Return all labels in the query, except negated ones."""
        return frozenset(
            label
            for clause in _positive_clauses(self.clauses)
            if isinstance(clause, LabelClause)
            for label in clause.labels
        )

    @property
    def includes_skipped(self) -> bool:
        """Whether the query asks for skipped papers, which other queries never return."""
        return SKIPPED in self.labels()

    @property
    def key(self) -> Hashable | None:
        """The key of the only clause, or None unless there is exactly one clause."""
        return _key(self.clauses[0]) if len(self.clauses) == 1 else None

    def spans_by_key(self) -> dict[Hashable, Span]:
        """Return the spans of the clauses by key. Equivalent clauses have equal keys."""
        return {_key(clause): clause.span for clause in self.clauses}

    def filters(self) -> list[Span]:
        """Return the spans of the clauses that are filters or restricted to a field."""
        spans = (clause.span for clause in self.clauses if not _is_bare(clause))
        return [span for span in spans if ":" in self.text_of(span) or "#" in self.text_of(span)]

    def unknown_tag(self, span: Span) -> str | None:
        """Return the tag name in the clause at a span if no such tag exists; otherwise None."""
        clause = next((clause for clause in self.clauses if clause.span == span), None)
        return clause.name if isinstance(clause, TagClause) and not clause.ids else None

    def text_of(self, span: Span) -> str:
        """Return the text of a clause as typed."""
        return self.text[span.start : span.end]

    def without(self, span: Span, instead: str = "") -> str:
        """Return the text with one clause removed or replaced."""
        return " ".join(f"{self.text[: span.start]}{instead}{self.text[span.end :]}".split())


def _is_bare(clause: Clause) -> bool:
    wanted = clause.clause if isinstance(clause, NotClause) else clause
    return isinstance(wanted, WordsClause) and not wanted.zone


def _key(clause: Clause) -> Hashable:
    """Return a key that is equal for equivalent clauses."""
    match clause:
        case TagClause():
            return tag_names.fold_case(clause.name)
        case LabelClause():
            return clause.labels
        case WordsClause():
            return clause.zone, clause.is_phrase, tuple(word.text for word in clause.words)
        case RangeClause():
            return clause.column, clause.low, clause.high
        case _:
            return clause


def walk_clauses(clauses: Sequence[Clause]) -> Iterator[Clause]:
    """Yield the clauses and all clauses nested in them."""
    for clause in clauses:
        yield clause
        if isinstance(clause, AnyClause | AllClause):
            yield from walk_clauses(clause.clauses)
        elif isinstance(clause, NotClause):
            yield from walk_clauses((clause.clause,))


def _positive_clauses(clauses: Sequence[Clause]) -> Iterator[Clause]:
    for clause in clauses:
        yield clause
        if isinstance(clause, AnyClause | AllClause):
            yield from _positive_clauses(clause.clauses)


def resolve_tags(query: Query, find_ids: Callable[[str], tuple[str, ...]]) -> Query:
    """Return the query with all tag names resolved to ids.

    `find_ids` returns the ids of the tag with the given name and of its descendants.
    """
    return replace(query, clauses=tuple(_resolved(clause, find_ids) for clause in query.clauses))


def _resolved(clause: Clause, find_ids: Callable[[str], tuple[str, ...]]) -> Clause:
    if isinstance(clause, TagClause):
        return replace(clause, ids=find_ids(clause.name))
    if isinstance(clause, AnyClause | AllClause):
        return replace(clause, clauses=tuple(_resolved(each, find_ids) for each in clause.clauses))
    if isinstance(clause, NotClause):
        return replace(clause, clause=_resolved(clause.clause, find_ids))
    return clause
