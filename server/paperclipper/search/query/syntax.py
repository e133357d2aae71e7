"""What a person asks for, as a tree. Pure nouns: `parser` makes them of what is typed, `plan` makes work of them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from paperclipper.model import Sort
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
class Words:
    """Words that stand together: one word, a compound, a phrase. `part` is the kind of text they must be in.

    `is_prefix` says that the last word is the beginning of one, `is_unfinished` that it may be; `distance`, by how
    many letters the word may differ.
    """

    span: Span
    chains: tuple[Chain, ...]
    part: str | None = None
    is_phrase: bool = False
    is_prefix: bool = False
    is_unfinished: bool = False
    distance: int = 0

    @property
    def words(self) -> tuple[Word, ...]:
        """All the words in order."""
        return tuple(word for chain in self.chains for word in chain.words)

    @property
    def is_filler(self) -> bool:
        """True where no paper must hold them."""
        return not (self.is_phrase or self.part or self.distance) and all(
            chain.is_filler for chain in self.chains
        )


@dataclass(frozen=True)
class Labelled:
    """Papers with one of these labels, or, `is_begun`, with one that begins so."""

    span: Span
    labels: tuple[str, ...]
    is_begun: bool = False


@dataclass(frozen=True)
class Tagged:
    """Papers with this tag, or one nested in it. `ids` are the tags' ids; None until somebody has looked them up."""

    span: Span
    name: str
    ids: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Between:
    """Papers with a number from `low` to `high`, both included."""

    span: Span
    number: str
    low: int | None
    high: int | None


@dataclass(frozen=True)
class AnyOf:
    """One of these at least."""

    span: Span
    parts: tuple["Part", ...]


@dataclass(frozen=True)
class AllOf:
    """All of these."""

    span: Span
    parts: tuple["Part", ...]


@dataclass(frozen=True)
class Not:
    """Not this."""

    span: Span
    part: "Part"


Part = Words | Labelled | Tagged | Between | AnyOf | AllOf | Not


@dataclass(frozen=True)
class Query:
    """A search: all its parts must hold. `text` is what was typed, and `filler` what of it is asked of no paper."""

    text: str
    parts: tuple[Part, ...]
    sort: Sort | None = None

    @property
    def is_empty(self) -> bool:
        """True where nothing of what was typed can be searched for."""
        return not self.parts

    @property
    def has_words(self) -> bool:
        """True where papers can be relevant to it."""
        return any(isinstance(part, Words) for part in every_part(self.parts))

    @property
    def order(self) -> Sort:
        """The order asked for; without words there is nothing to be relevant to, and the latest clips come first."""
        return self.sort or (Sort.RELEVANCE if self.has_words else Sort.CLIPPED)

    def labels(self) -> frozenset[str]:
        """All labels that it asks for, but for those to be left out."""
        return frozenset(
            label for part in _wanted(self.parts) if isinstance(part, Labelled) for label in part.labels
        )

    def without(self, span: Span, instead: str = "") -> str:
        """What was typed, with one part of it left out, or written otherwise."""
        return " ".join(f"{self.text[: span.start]}{instead}{self.text[span.end :]}".split())


def every_part(parts: Sequence[Part]) -> Iterator[Part]:
    """The parts and all parts of them."""
    for part in parts:
        yield part
        if isinstance(part, AnyOf | AllOf):
            yield from every_part(part.parts)
        elif isinstance(part, Not):
            yield from every_part((part.part,))


def _wanted(parts: Sequence[Part]) -> Iterator[Part]:
    for part in parts:
        yield part
        if isinstance(part, AnyOf | AllOf):
            yield from _wanted(part.parts)


def with_tags(query: Query, ids: Callable[[str], tuple[str, ...]]) -> Query:
    """The query with every tag looked up: `ids` gives those of a name and of all that are nested in it."""
    return replace(query, parts=tuple(_looked_up(part, ids) for part in query.parts))


def _looked_up(part: Part, ids: Callable[[str], tuple[str, ...]]) -> Part:
    if isinstance(part, Tagged):
        return replace(part, ids=ids(part.name))
    if isinstance(part, AnyOf | AllOf):
        return replace(part, parts=tuple(_looked_up(each, ids) for each in part.parts))
    if isinstance(part, Not):
        return replace(part, part=_looked_up(part.part, ids))
    return part
