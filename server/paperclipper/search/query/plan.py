"""What an index is to do for a query, in terms that it holds: every word with all the ways in which it is written.

Pure but for the `Lexicon`, which it asks what words there are. All that makes a search dear is bounded here: how often
the lexicon is asked, how many of its words are looked at, how many terms come of it. Engines read plans alone, so two
of them that read one plan rightly find the same papers in the same order.

How a plan is scored:
- a `Term` scores by BM25 over its field; a `Blend` as one word that is as frequent as the most frequent of its ways,
  and whose weight in a paper is the sum of theirs, each times its factor;
- `AllOf` and `AnyOf` score the sum of what holds of them; `Gate`, `Labelled`, `Between` and `Without` add nothing;
- `bonus` adds to papers that are found anyway: a `Term` its score times the factor, a `Labelled` the factor itself.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from paperclipper.model import Sort
from paperclipper.search.document import LABELS
from paperclipper.search.query.syntax import Span


class Lexicon(Protocol):
    """What terms an index holds. Frequencies may count papers deleted since."""

    def frequency(self, field: str, term: str) -> int:
        """In how many papers a field has a term."""

    def beginning(self, field: str, prefix: str, limit: int) -> Sequence[str]:
        """The first terms, in their order, that begin so; `limit` at most are looked at."""

    def begun(self, field: str, prefix: str, most: int) -> tuple[Sequence[str], bool]:
        """The most frequent terms that begin so, and whether there are more."""

    def alike(self, field: str, term: str, distance: int, limit: int) -> Sequence[str]:
        """Terms that begin with the same letter, among them all that differ by so many letters from an ASCII term."""


@dataclass(frozen=True)
class Term:
    """A term of a field; `within` has the bits of the kinds of text that it may be in, 0 for any."""

    field: str
    text: str
    within: int = 0


@dataclass(frozen=True)
class Phrase:
    """Words that follow each other, each slot one of several."""

    slots: tuple[tuple[str, ...], ...]
    within: int = 0


@dataclass(frozen=True)
class Blend:
    """One thing said in several ways."""

    ways: tuple[tuple[Term | Phrase, float], ...]


@dataclass(frozen=True)
class Labelled:
    """One of these terms of a field that is not scored."""

    labels: tuple[str, ...]
    field: str = LABELS


@dataclass(frozen=True)
class Between:
    """A number from `low` to `high`, both included."""

    number: str
    low: int | None
    high: int | None


@dataclass(frozen=True)
class AllOf:
    """All of these; of none, every paper."""

    nodes: tuple["Node", ...]


@dataclass(frozen=True)
class AnyOf:
    """One of these; of none, no paper."""

    nodes: tuple["Node", ...]


@dataclass(frozen=True)
class Gate:
    """What holds, without its score."""

    node: "Node"


@dataclass(frozen=True)
class Without:
    """What does not hold."""

    node: "Node"


@dataclass(frozen=True)
class Maybe:
    """What holds, with the scores of `also` where those hold as well."""

    node: "Node"
    also: tuple["Node", ...]


Node = Term | Phrase | Blend | Labelled | Between | AllOf | AnyOf | Gate | Maybe | Without


@dataclass(frozen=True)
class Clause:
    """One of the things asked for. `near` is what is looked for where the clause itself does not hold.

    `is_filter` says that papers without it are never shown.
    """

    span: Span
    node: Node
    is_filter: bool = False
    near: Node | None = None
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """All clauses must hold, and `scope`. `cut_short` are the beginnings that more words have than were tried."""

    clauses: tuple[Clause, ...]
    scope: Node
    bonus: tuple[tuple[Term | Labelled, float], ...] = ()
    order: Sort = Sort.RELEVANCE
    cut_short: tuple[str, ...] = ()


def leaves(node: Node) -> Iterator[Term | Phrase]:
    """The terms and sequences of a node that a text may hold; not those to be left out."""
    if isinstance(node, Term | Phrase):
        yield node
    elif isinstance(node, Blend):
        yield from (way for way, _ in node.ways)
    elif isinstance(node, AllOf | AnyOf):
        for each in node.nodes:
            yield from leaves(each)
    elif isinstance(node, Gate | Maybe):
        yield from leaves(node.node)
