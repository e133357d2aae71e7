"""What an index is to do for a query, in terms that it holds: every word with all the ways in which it is written.

Pure but for the `Lexicon`, which it asks what words there are. All that makes a search dear is bounded here: how often
the lexicon is asked, how many of its words are looked at, how many terms come of it. Engines read plans alone, so two
of them that read one plan rightly find the same papers in the same order.

How a plan is scored:
- a `TermNode` scores by BM25 over its field; a `BlendNode` as one word that is as frequent as the most frequent of its ways,
  and whose weight in a paper is the sum of theirs, each times its factor;
- `AllNode` and `AnyNode` score the sum of what holds of them; `UnscoredNode`, `LabelNode`, `RangeNode` and `NotNode` add nothing;
- `boosts` adds to papers that are found anyway: a `TermNode` its score times the factor, a `LabelNode` the factor itself.
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

    def terms_with_prefix(self, field: str, prefix: str, limit: int) -> Sequence[str]:
        """The first terms, in their order, that begin so; `limit` at most are looked at."""

    def most_frequent_terms(self, field: str, prefix: str, limit: int) -> tuple[Sequence[str], bool]:
        """The most frequent terms that begin so, and whether there are more."""

    def similar_terms(self, field: str, term: str, distance: int, limit: int) -> Sequence[str]:
        """Terms that begin with the same letter, among them all that differ by so many letters from an ASCII term."""


@dataclass(frozen=True)
class TermNode:
    """A term of a field; `zone_mask` has the bits of the kinds of text that it may be in, 0 for any."""

    field: str
    text: str
    zone_mask: int = 0


@dataclass(frozen=True)
class PhraseNode:
    """Words that follow each other, each slot one of several."""

    slots: tuple[tuple[str, ...], ...]
    zone_mask: int = 0


@dataclass(frozen=True)
class BlendNode:
    """One thing said in several ways."""

    variants: tuple[tuple[TermNode | PhraseNode, float], ...]


@dataclass(frozen=True)
class LabelNode:
    """One of these terms of a field that is not scored."""

    labels: tuple[str, ...]
    field: str = LABELS


@dataclass(frozen=True)
class RangeNode:
    """A number from `low` to `high`, both included."""

    number: str
    low: int | None
    high: int | None


@dataclass(frozen=True)
class AllNode:
    """All of these; of none, every paper."""

    nodes: tuple["PlanNode", ...]


@dataclass(frozen=True)
class AnyNode:
    """One of these; of none, no paper."""

    nodes: tuple["PlanNode", ...]


@dataclass(frozen=True)
class UnscoredNode:
    """What holds, without its score."""

    node: "PlanNode"


@dataclass(frozen=True)
class NotNode:
    """What does not hold."""

    node: "PlanNode"


@dataclass(frozen=True)
class BoostedNode:
    """What holds, with the scores of `boosts` where those hold as well."""

    node: "PlanNode"
    boosts: tuple["PlanNode", ...]


PlanNode = (
    TermNode
    | PhraseNode
    | BlendNode
    | LabelNode
    | RangeNode
    | AllNode
    | AnyNode
    | UnscoredNode
    | BoostedNode
    | NotNode
)


@dataclass(frozen=True)
class PlanClause:
    """One of the things asked for. `similar` is what is looked for where the clause itself does not hold.

    `is_filter` says that papers without it are never shown.
    """

    span: Span
    node: PlanNode
    is_filter: bool = False
    similar: PlanNode | None = None
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """All clauses must hold, and `scope`. `truncated_prefixes` are the beginnings that more words have than were tried."""

    clauses: tuple[PlanClause, ...]
    scope: PlanNode
    boosts: tuple[tuple[TermNode | LabelNode, float], ...] = ()
    order: Sort = Sort.RELEVANCE
    truncated_prefixes: tuple[str, ...] = ()


def leaves(node: PlanNode) -> Iterator[TermNode | PhraseNode]:
    """The terms and sequences of a node that a text may hold; not those to be left out."""
    if isinstance(node, TermNode | PhraseNode):
        yield node
    elif isinstance(node, BlendNode):
        yield from (variant for variant, _ in node.variants)
    elif isinstance(node, AllNode | AnyNode):
        for each in node.nodes:
            yield from leaves(each)
    elif isinstance(node, UnscoredNode | BoostedNode):
        yield from leaves(node.node)
