"""Evaluates plans with Whoosh's own query tree, matchers and BM25, paper by paper: the oracle for the arrays.

The leaves are Whoosh queries that read their postings in a segment through Whoosh's own matchers, and then
behave like a list of them. Whoosh's tree has no terms restricted to one kind of text, phrases with
alternatives, or words with variants.
"""

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from whoosh import query as tree
from whoosh.matching import ListMatcher, NullMatcher
from whoosh.query.qcore import Query as WhooshQuery
from whoosh.reading import MultiReader
from whoosh.scoring import BM25F, bm25
from whoosh.searching import Searcher

from paperclipper.search.document import STEMS, WORDS, ZONE_BITS, ZONES, zone_weight
from paperclipper.search.query.plan import (
    AllNode,
    AnyNode,
    BlendNode,
    BoostedNode,
    LabelNode,
    NotNode,
    PhraseNode,
    Plan,
    PlanNode,
    RangeNode,
    TermNode,
    UnscoredNode,
)
from paperclipper.search.query.planner import make_plan
from paperclipper.search.whoosh.index_view import K1, B
from paperclipper.search.whoosh.schema import PAPER

Weights = dict[int, float]
Numbers = Callable[[Any, str], Sequence[int]]


def scores(index, query):
    """Return the papers in a `WhooshIndex` that match a query, with their scores."""
    snapshot = index._current_snapshot()
    segments = {id(segment.reader): segment for segment in snapshot.view.segments}
    readers = [segment.reader for segment in segments.values()]
    if not readers:
        return {}
    whole = readers[0] if len(readers) == 1 else MultiReader(readers)
    searcher = Searcher(whole, closereader=False, weighting=BM25F(B=B, K1=K1))
    query_tree = full(
        make_plan(query, snapshot.view), lambda reader, name: segments[id(reader)].columns.numbers[name]
    )
    return {
        leaf.reader().stored_fields(number)[PAPER]: score
        for leaf, _ in searcher.leaf_searchers()
        for number, score in scored(query_tree.normalize(), leaf)
    }


def full(plan: Plan, numbers: Numbers) -> Any:
    """Return the query for papers that match all clauses."""
    return with_boosts(
        of(AllNode((*(clause.node for clause in plan.clauses), UnscoredNode(plan.scope))), numbers), plan
    )


def with_boosts(query: Any, plan: Plan) -> Any:
    """Return the query with the boosts of the plan added."""
    return tree.AndMaybe(query, boosts(plan)) if plan.boosts else query


def boosts(plan: Plan) -> Any:
    """Return the query for the boosts of a plan; one without matches if there are none."""
    return tree.Or([_boosts(node, factor) for node, factor in plan.boosts]) if plan.boosts else tree.NullQuery


def _boosts(node: TermNode | LabelNode, factor: float) -> Any:
    if isinstance(node, LabelNode):
        return LabelQuery(node, factor)
    return tree.Term(node.field, node.text, boost=factor)


def of(node: PlanNode, numbers: Numbers) -> Any:
    """Return the query for one node."""
    if isinstance(node, TermNode | PhraseNode | BlendNode | LabelNode | RangeNode):
        return _leaf(node, numbers)
    inner = partial(of, numbers=numbers)
    match node:
        case AllNode():
            return _all_of(node, numbers)
        case AnyNode():
            return AnyQuery([inner(each) for each in node.nodes])
        case UnscoredNode():
            return ConstantQuery(inner(node.node), 0.0)
        case BoostedNode():
            return tree.AndMaybe(inner(node.node), AnyQuery([inner(each) for each in node.boosts]))
        case NotNode():
            return ExceptQuery(_every(), inner(node.node))


def _leaf(node: TermNode | PhraseNode | BlendNode | LabelNode | RangeNode, numbers: Numbers) -> Any:
    match node:
        case TermNode(zone_mask=0) if node.field == STEMS:
            return tree.Term(node.field, node.text)
        case TermNode() | PhraseNode():  # Whoosh stores no lengths for the field of words
            return BlendQuery(BlendNode(((node, 1.0),)))
        case BlendNode():
            return BlendQuery(node) if node.variants else tree.NullQuery
        case LabelNode():
            return LabelQuery(node)
        case RangeNode():
            return RangeQuery(node, numbers)


def _all_of(node: AllNode, numbers: Numbers) -> Any:
    """Exclude papers last: to list all papers that are not excluded would be expensive."""
    plain = [each.node if isinstance(each, UnscoredNode) else each for each in node.nodes]
    excluded = [each.node for each in plain if isinstance(each, NotNode)]
    kept = [each for each, bare in zip(node.nodes, plain, strict=True) if not isinstance(bare, NotNode)]
    wanted = tree.And([of(each, numbers) for each in kept]) if kept else _every()
    if not excluded:
        return wanted
    return ExceptQuery(wanted, of(AnyNode(tuple(excluded)), numbers))


def _every() -> Any:
    return ConstantQuery(tree.Every(), 0.0)


class _ScoredList(ListMatcher):
    """A list of papers with scores that may be 0; Whoosh's own list treats 0 as 1."""

    def weight(self) -> float:
        return float(self._weights[self._i])

    def supports_block_quality(self) -> bool:
        return False

    def score(self) -> float:
        return self.weight()


class _ListQuery(WhooshQuery):
    """A query that lists its papers segment by segment."""

    boost = 1.0
    __eq__ = object.__eq__
    __hash__ = object.__hash__

    def scores(self, searcher: Any) -> Weights:
        """Return the matching papers of a segment with their scores."""
        raise NotImplementedError

    def matcher(self, searcher: Any, context: Any = None) -> Any:
        found = self.scores(searcher)
        ids = sorted(found)
        return _ScoredList(ids, [found[i] for i in ids]) if ids else NullMatcher()

    def is_leaf(self) -> bool:
        return True

    def field(self) -> None:
        """Return None: the query is not about a single field."""

    def normalize(self) -> "_ListQuery":
        """Return the query itself; it cannot be simplified."""
        return self


@dataclass(eq=False, repr=False)
class BlendQuery(_ListQuery):
    """A `BlendNode`, scored as one word."""

    blend: BlendNode

    def estimate_size(self, reader: Any) -> int:
        return max((size(reader, variant) for variant, _ in self.blend.variants), default=0)

    def scores(self, searcher: Any) -> Weights:
        found: Weights = defaultdict(float)
        for variant, factor in self.blend.variants:
            for number, weight in weights(searcher.reader(), variant).items():
                found[number] += factor * weight
        parent = searcher.get_parent()
        frequent = max(size(parent.reader(), variant) for variant, _ in self.blend.variants)
        idf = parent.weighting.idf(_Counted(parent, frequent), STEMS, "")
        average = parent.avg_field_length(STEMS) or 1
        length = searcher.reader().doc_field_length
        return {n: bm25(idf, weight, length(n, STEMS, 1), average, B, K1) for n, weight in found.items()}


@dataclass(frozen=True)
class _Counted:
    """A searcher that reports a given frequency for every term."""

    searcher: Any
    frequent: int

    def get_parent(self) -> "_Counted":
        return self

    def doc_frequency(self, field: str, text: str) -> int:
        return self.frequent

    def doc_count_all(self) -> int:
        return int(self.searcher.doc_count_all())


@dataclass(eq=False, repr=False)
class ConstantQuery(_ListQuery):
    """The papers another query matches, all with the same score. (Whoosh's own treats a score of 0 as 1.)"""

    child: Any
    score: float

    def estimate_size(self, reader: Any) -> int:
        return int(self.child.estimate_size(reader))

    def scores(self, searcher: Any) -> Weights:
        return dict.fromkeys((number for number, _ in scored(self.child, searcher)), self.score)


@dataclass(eq=False, repr=False)
class AnyQuery(_ListQuery):
    """The papers any of several queries matches, with summed scores. (Whoosh's own may drop a score of 0.)"""

    children: Sequence[Any]

    def estimate_size(self, reader: Any) -> int:
        return sum(int(child.estimate_size(reader)) for child in self.children)

    def scores(self, searcher: Any) -> Weights:
        found: Weights = defaultdict(float)
        for child in self.children:
            for number, score in scored(child, searcher):
                found[number] += score
        return found


@dataclass(eq=False, repr=False)
class ExceptQuery(_ListQuery):
    """The papers one query matches and another does not.

    Whoosh's own lets its first paper through if the other query's first one comes before it.
    """

    wanted: Any
    excluded: Any

    def estimate_size(self, reader: Any) -> int:
        return int(self.wanted.estimate_size(reader))

    def scores(self, searcher: Any) -> Weights:
        excluded = {number for number, _ in scored(self.excluded, searcher)}
        return {number: score for number, score in scored(self.wanted, searcher) if number not in excluded}


@dataclass(eq=False, repr=False)
class LabelQuery(_ListQuery):
    """A `LabelNode`."""

    node: LabelNode
    score: float = 0.0

    def estimate_size(self, reader: Any) -> int:
        labels = (label.encode() for label in self.node.labels)
        return sum(int(reader.doc_frequency(self.node.field, label)) for label in labels)

    def scores(self, searcher: Any) -> Weights:
        node, reader = self.node, searcher.reader()
        numbers = (n for label in node.labels for n, _ in _postings(reader, node.field, label))
        return dict.fromkeys(numbers, self.score)


@dataclass(eq=False, repr=False)
class RangeQuery(_ListQuery):
    """A `RangeNode`."""

    node: RangeNode
    numbers: Numbers

    def estimate_size(self, reader: Any) -> int:
        return int(reader.doc_count())

    def scores(self, searcher: Any) -> Weights:
        reader, low, high = searcher.reader(), self.node.low, self.node.high
        column = self.numbers(reader, self.node.column)
        return {
            i: 0.0
            for i, number in enumerate(column)
            if (low is None or number >= low)
            and (high is None or number <= high)
            and not reader.is_deleted(i)
        }


def scored(query: Any, searcher: Any) -> Iterator[tuple[int, float]]:
    """Yield the papers of a segment that match a query, in order, with their scores."""
    matcher = query.matcher(searcher, searcher.context(needs_current=True))
    while matcher.is_active():
        yield matcher.id(), matcher.score()
        matcher.next()


def size(reader: Any, variant: TermNode | PhraseNode) -> int:
    """Return an upper bound for the number of papers with a variant."""
    if isinstance(variant, TermNode):
        return int(reader.doc_frequency(variant.field, variant.text.encode()))
    return min(
        max(int(reader.doc_frequency(WORDS, word.encode())) for word in slot) for slot in variant.slots
    )


def weights(reader: Any, variant: TermNode | PhraseNode) -> Weights:
    """Return the papers of a segment that contain a variant, with its weight in each."""
    if isinstance(variant, PhraseNode):
        return {number: weight for number, weight in _phrase(reader, variant).items() if weight}
    return {
        number: matcher.weight()
        for number, matcher in _postings(reader, variant.field, variant.text)
        if not variant.zone_mask or _is_within(matcher, variant)
    }


def _is_within(matcher: Any, term: TermNode) -> bool:
    if term.field == WORDS:
        return any(1 << (zone - 1) & term.zone_mask for zone in _zones(matcher.value()))
    # Older indexes do not store the kind of text: there a term is in all of them.
    value = matcher.value()
    return not value or bool(array("H", value)[0] & term.zone_mask)


def _zones(value: bytes) -> set[int]:
    return {position >> ZONE_BITS for position in array("I", value)} - {0}


def _postings(reader: Any, field: str, term: str) -> Iterator[tuple[int, Any]]:
    encoded = term.encode()
    if field not in reader.schema or (field, encoded) not in reader:
        return
    matcher = reader.postings(field, encoded)
    while matcher.is_active():
        yield matcher.id(), matcher
        matcher.next()


def _phrase(reader: Any, phrase: PhraseNode) -> Weights:
    """Return the papers with consecutive words; each occurrence weighs as much as its kind of text."""
    order = sorted(range(len(phrase.slots)), key=lambda i: size(reader, PhraseNode((phrase.slots[i],))))
    starts: dict[int, set[int]] | None = None
    for i in order:
        found = _phrase_starts(reader, phrase.slots[i], i, starts)
        starts = found if starts is None else {n: both for n in found if (both := found[n] & starts[n])}
    allowed = phrase.zone_mask or (1 << len(ZONES)) - 1
    return {
        number: sum(_weight(start, allowed) for start in positions)
        for number, positions in (starts or {}).items()
    }


def _weight(position: int, allowed: int) -> float:
    zone = position >> ZONE_BITS
    if not zone:  # an older index does not store the kind of text
        return 1.0
    return zone_weight(zone - 1) if 1 << (zone - 1) & allowed else 0.0


def _phrase_starts(
    reader: Any, slot: Sequence[str], offset: int, among: Mapping[int, set[int]] | None
) -> dict[int, set[int]]:
    """Return by paper where a phrase would start that has one of these words at `offset`."""
    found: dict[int, set[int]] = defaultdict(set)
    for word in slot:
        for number, matcher in _postings(reader, WORDS, word):
            if among is None or number in among:
                found[number].update(position - offset for position in array("I", matcher.value()))
    return found
