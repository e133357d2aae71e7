"""Query plans: a query with all variants of its words, ready for evaluation by an index.

Pure, except for the `Lexicon`, which gives access to the terms of an index. Planning limits the cost of a
search: the number of lexicon lookups, of lexicon terms read, and of terms in the plan. Engines evaluate only
the plan, so any two correct engines find the same papers in the same order.

How a plan is scored:
- A `TermNode` is scored by BM25 over its field. A `BlendNode` is scored like a single word with the document
  frequency of its most frequent variant; its weight in a paper is the sum of its variants' weights times
  their factors.
- `AllNode` and `AnyNode` score the sum of their matching nodes.
- `UnscoredNode`, `LabelNode`, `RangeNode` and `NotNode` score 0.
- `boosts` only add to the scores of matching papers: a `TermNode` adds its score times the factor,
  a `LabelNode` the factor itself.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from paperclipper.model import Sort
from paperclipper.search.document import LABELS
from paperclipper.search.query.syntax import Span


class Lexicon(Protocol):
    """Gives access to the terms of an index."""

    def frequency(self, field: str, term: str) -> int:
        """Return the number of papers that contain a term in a field."""

    def terms_with_prefix(self, field: str, prefix: str, limit: int) -> Sequence[str]:
        """Return the terms that start with a prefix, in order, reading at most `limit`."""

    def most_frequent_terms(self, field: str, prefix: str, limit: int) -> tuple[Sequence[str], bool]:
        """Return the most frequent terms that start with a prefix, and whether there are more."""

    def similar_terms(self, field: str, term: str, distance: int, limit: int) -> Sequence[str]:
        """Return terms with the same first letter as an ASCII term, up to `limit`.

        The result includes all such terms within `distance` edits, but may include others.
        """


@dataclass(frozen=True)
class TermNode:
    """A term in a field. `zone_mask` restricts it to some kinds of text; 0 means no restriction."""

    field: str
    text: str
    zone_mask: int = 0


@dataclass(frozen=True)
class PhraseNode:
    """Consecutive words. Each slot matches any of several words."""

    slots: tuple[tuple[str, ...], ...]
    zone_mask: int = 0


@dataclass(frozen=True)
class BlendNode:
    """The variants of one word or phrase, each with a factor."""

    variants: tuple[tuple[TermNode | PhraseNode, float], ...]


@dataclass(frozen=True)
class LabelNode:
    """Any of several labels in an unscored field."""

    labels: tuple[str, ...]
    field: str = LABELS


@dataclass(frozen=True)
class RangeNode:
    """Matches numbers in a column from `low` to `high`, inclusive."""

    column: str
    low: int | None
    high: int | None


@dataclass(frozen=True)
class AllNode:
    """Matches papers that match all nodes; without nodes, every paper."""

    nodes: tuple["PlanNode", ...]


@dataclass(frozen=True)
class AnyNode:
    """Matches papers that match at least one node; without nodes, no paper."""

    nodes: tuple["PlanNode", ...]


@dataclass(frozen=True)
class UnscoredNode:
    """Matches the same papers as its node, with score 0."""

    node: "PlanNode"


@dataclass(frozen=True)
class NotNode:
    """Matches the papers that its node does not match."""

    node: "PlanNode"


@dataclass(frozen=True)
class BoostedNode:
    """Matches the same papers as its node, and adds the scores of matching boosts."""

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
    """The plan of one clause of a query. `similar` matches similar spellings, for partial matches.

    Partial matches, too, must match every clause with `is_filter`.
    """

    span: Span
    node: PlanNode
    is_filter: bool = False
    similar: PlanNode | None = None
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """The plan of a query. Papers must match `scope` and all clauses.

    `truncated_prefixes` are prefixes with more matching words than the plan includes.
    """

    clauses: tuple[PlanClause, ...]
    scope: PlanNode
    boosts: tuple[tuple[TermNode | LabelNode, float], ...] = ()
    order: Sort = Sort.RELEVANCE
    truncated_prefixes: tuple[str, ...] = ()


def leaves(node: PlanNode) -> Iterator[TermNode | PhraseNode]:
    """Yield the terms and phrases of a node that can match text, except negated ones."""
    if isinstance(node, TermNode | PhraseNode):
        yield node
    elif isinstance(node, BlendNode):
        yield from (variant for variant, _ in node.variants)
    elif isinstance(node, AllNode | AnyNode):
        for each in node.nodes:
            yield from leaves(each)
    elif isinstance(node, UnscoredNode | BoostedNode):
        yield from leaves(node.node)
