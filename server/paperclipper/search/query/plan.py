"""What the index has to do for a query: each word with all its variants.

Pure, except for the `Lexicon`, which knows the terms of the index. The cost of a search is limited here: the
number of lookups in the lexicon, of its words that are read, and of the terms in a plan. Engines read nothing
but the plan, so any two correct engines find the same papers in the same order.

How a plan is scored:
- A `TermNode` scores by BM25 over its field. A `BlendNode` scores as a word as frequent as its most frequent
  variant; its weight in a paper is the sum of its variants' weights times their factors.
- `AllNode` and `AnyNode` score the sum of what matches.
- `UnscoredNode`, `LabelNode`, `RangeNode` and `NotNode` score 0.
- `boosts` add to the score of papers that match anyway: a `TermNode` its score times the factor,
  a `LabelNode` the factor itself.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from paperclipper.model import Sort
from paperclipper.search.document import LABELS
from paperclipper.search.query.syntax import Span


class Lexicon(Protocol):
    """The terms of an index."""

    def frequency(self, field: str, term: str) -> int:
        """Return how many papers contain a term in a field."""

    def terms_with_prefix(self, field: str, prefix: str, limit: int) -> Sequence[str]:
        """Return the terms with a prefix, in their order, reading at most `limit`."""

    def most_frequent_terms(self, field: str, prefix: str, limit: int) -> tuple[Sequence[str], bool]:
        """Return the most frequent terms with a prefix, and whether there are more."""

    def similar_terms(self, field: str, term: str, distance: int, limit: int) -> Sequence[str]:
        """Return terms with the same first letter as an ASCII term.

        All those within `distance` edits are among them, up to `limit`.
        """


@dataclass(frozen=True)
class TermNode:
    """A term of a field. `zone_mask` has a bit for each kind of text it may be in; 0 means any."""

    field: str
    text: str
    zone_mask: int = 0


@dataclass(frozen=True)
class PhraseNode:
    """Consecutive words; each slot is one of several words."""

    slots: tuple[tuple[str, ...], ...]
    zone_mask: int = 0


@dataclass(frozen=True)
class BlendNode:
    """One word or phrase in several variants, each with a factor."""

    variants: tuple[tuple[TermNode | PhraseNode, float], ...]


@dataclass(frozen=True)
class LabelNode:
    """Any of these terms of an unscored field."""

    labels: tuple[str, ...]
    field: str = LABELS


@dataclass(frozen=True)
class RangeNode:
    """A number in a column, from `low` to `high`, inclusive."""

    column: str
    low: int | None
    high: int | None


@dataclass(frozen=True)
class AllNode:
    """All of the nodes; every paper if there are none."""

    nodes: tuple["PlanNode", ...]


@dataclass(frozen=True)
class AnyNode:
    """At least one of the nodes; no paper if there are none."""

    nodes: tuple["PlanNode", ...]


@dataclass(frozen=True)
class UnscoredNode:
    """Matches what its node matches, without a score."""

    node: "PlanNode"


@dataclass(frozen=True)
class NotNode:
    """Matches what its node does not match."""

    node: "PlanNode"


@dataclass(frozen=True)
class BoostedNode:
    """Matches what its node matches, and adds the scores of those boosts that match as well."""

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
    """A clause of the query. `similar` finds papers that almost match it.

    Papers that do not match a clause with `is_filter` are never shown.
    """

    span: Span
    node: PlanNode
    is_filter: bool = False
    similar: PlanNode | None = None
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """All clauses must match, and `scope`.

    `truncated_prefixes` are prefixes of more words than were looked for.
    """

    clauses: tuple[PlanClause, ...]
    scope: PlanNode
    boosts: tuple[tuple[TermNode | LabelNode, float], ...] = ()
    order: Sort = Sort.RELEVANCE
    truncated_prefixes: tuple[str, ...] = ()


def leaves(node: PlanNode) -> Iterator[TermNode | PhraseNode]:
    """Yield the terms and phrases of a node that a text may contain, except excluded ones."""
    if isinstance(node, TermNode | PhraseNode):
        yield node
    elif isinstance(node, BlendNode):
        yield from (variant for variant, _ in node.variants)
    elif isinstance(node, AllNode | AnyNode):
        for each in node.nodes:
            yield from leaves(each)
    elif isinstance(node, UnscoredNode | BoostedNode):
        yield from leaves(node.node)
