"""What a person asks for, as a tree. Pure nouns: `parser` makes them of what is typed, `plan` makes work of them."""

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
    """Where a part stands in what was typed."""

    start: int
    end: int


@dataclass(frozen=True)
class WordsClause:
    """Words that stand together: one word, a compound, a phrase. `zone` is the kind of text they must be in.

    `is_prefix` says that the last word is the beginning of one, `is_unfinished` that it may be; `distance`, by how
    many letters the word may differ.
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
        """All the words in order."""
        return tuple(word for chain in self.chains for word in chain.words)

    @property
    def has_only_stop_words(self) -> bool:
        """True where no paper must hold them."""
        return not (self.is_phrase or self.zone or self.distance) and all(
            chain.has_only_stop_words for chain in self.chains
        )


@dataclass(frozen=True)
class LabelClause:
    """Papers with one of these labels, or, `is_prefix`, with one that begins so."""

    span: Span
    labels: tuple[str, ...]
    is_prefix: bool = False


@dataclass(frozen=True)
class TagClause:
    """Papers with this tag, or one nested in it. `ids` are the tags' ids; None until somebody has looked them up."""

    span: Span
    name: str
    ids: tuple[str, ...] | None = None


@dataclass(frozen=True)
class RangeClause:
    """Papers with a number from `low` to `high`, both included."""

    span: Span
    number: str
    low: int | None
    high: int | None


@dataclass(frozen=True)
class AnyClause:
    """One of these at least."""

    span: Span
    clauses: tuple["Clause", ...]


@dataclass(frozen=True)
class AllClause:
    """All of these."""

    span: Span
    clauses: tuple["Clause", ...]


@dataclass(frozen=True)
class NotClause:
    """Not this."""

    span: Span
    clause: "Clause"


Clause = WordsClause | LabelClause | TagClause | RangeClause | AnyClause | AllClause | NotClause


@dataclass(frozen=True)
class Query:
    """A search: all its parts must hold. `text` is what was typed, and `filler` what of it is asked of no paper."""

    text: str
    clauses: tuple[Clause, ...]
    sort: Sort | None = None

    @property
    def is_empty(self) -> bool:
        """True where nothing of what was typed can be searched for."""
        return not self.clauses

    @property
    def has_words(self) -> bool:
        """True where papers can be relevant to it."""
        return any(isinstance(clause, WordsClause) for clause in walk_clauses(self.clauses))

    @property
    def order(self) -> Sort:
        """The order asked for; without words there is nothing to be relevant to, and the latest clips come first."""
        return self.sort or (Sort.RELEVANCE if self.has_words else Sort.CLIPPED)

    def labels(self) -> frozenset[str]:
        """All labels that it asks for, but for those to be left out."""
        return frozenset(
            label
            for clause in _wanted(self.clauses)
            if isinstance(clause, LabelClause)
            for label in clause.labels
        )

    @property
    def includes_skipped(self) -> bool:
        """True where it asks for papers that were skipped; no other query finds them."""
        return SKIPPED in self.labels()

    @property
    def key(self) -> Hashable | None:
        """The key of its only clause; None where it has several, or none."""
        return _key(self.clauses[0]) if len(self.clauses) == 1 else None

    def spans_by_key(self) -> dict[Hashable, Span]:
        """The spans of its clauses, each by a key that is equal for clauses which ask for the same."""
        return {_key(clause): clause.span for clause in self.clauses}

    def filters(self) -> list[Span]:
        """The spans of the clauses that are no bare words."""
        spans = (clause.span for clause in self.clauses if not _is_bare(clause))
        return [span for span in spans if ":" in self.text_of(span) or "#" in self.text_of(span)]

    def unknown_tag(self, span: Span) -> str | None:
        """The name of the tag that the clause at a span asks for, where no tag has it."""
        clause = next((clause for clause in self.clauses if clause.span == span), None)
        return clause.name if isinstance(clause, TagClause) and not clause.ids else None

    def text_of(self, span: Span) -> str:
        """What was typed for a clause."""
        return self.text[span.start : span.end]

    def without(self, span: Span, instead: str = "") -> str:
        """What was typed, with one part of it left out, or written otherwise."""
        return " ".join(f"{self.text[: span.start]}{instead}{self.text[span.end :]}".split())


def _is_bare(clause: Clause) -> bool:
    wanted = clause.clause if isinstance(clause, NotClause) else clause
    return isinstance(wanted, WordsClause) and not wanted.zone


def _key(clause: Clause) -> Hashable:
    """Equal for clauses that ask for the same."""
    match clause:
        case TagClause():
            return tag_names.fold_case(clause.name)
        case LabelClause():
            return clause.labels
        case WordsClause():
            return clause.zone, clause.is_phrase, tuple(word.text for word in clause.words)
        case RangeClause():
            return clause.number, clause.low, clause.high
        case _:
            return clause


def walk_clauses(clauses: Sequence[Clause]) -> Iterator[Clause]:
    """The parts and all parts of them."""
    for clause in clauses:
        yield clause
        if isinstance(clause, AnyClause | AllClause):
            yield from walk_clauses(clause.clauses)
        elif isinstance(clause, NotClause):
            yield from walk_clauses((clause.clause,))


def _wanted(clauses: Sequence[Clause]) -> Iterator[Clause]:
    for clause in clauses:
        yield clause
        if isinstance(clause, AnyClause | AllClause):
            yield from _wanted(clause.clauses)


def resolve_tags(query: Query, ids: Callable[[str], tuple[str, ...]]) -> Query:
    """The query with every tag looked up: `ids` gives those of a name and of all that are nested in it."""
    return replace(query, clauses=tuple(_looked_up(clause, ids) for clause in query.clauses))


def _looked_up(clause: Clause, ids: Callable[[str], tuple[str, ...]]) -> Clause:
    if isinstance(clause, TagClause):
        return replace(clause, ids=ids(clause.name))
    if isinstance(clause, AnyClause | AllClause):
        return replace(clause, clauses=tuple(_looked_up(each, ids) for each in clause.clauses))
    if isinstance(clause, NotClause):
        return replace(clause, clause=_looked_up(clause.clause, ids))
    return clause
