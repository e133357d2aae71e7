"""Plans through Whoosh's own query tree, matchers and BM25, paper by paper: what the arrays are held against.

Leaves are Whoosh queries that read their postings in a segment at once, through Whoosh's own matchers, and then behave
as a list of them. Whoosh's tree lacks terms within one kind of text, phrases of several forms, and words said in
several ways.
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
    """The papers that a `WhooshIndex` holds and a query finds, with their scores."""
    snapshot = index._current_snapshot()
    segments = {id(segment.reader): segment for segment in snapshot.view.segments}
    readers = [segment.reader for segment in segments.values()]
    if not readers:
        return {}
    whole = readers[0] if len(readers) == 1 else MultiReader(readers)
    searcher = Searcher(whole, closereader=False, weighting=BM25F(B=B, K1=K1))
    made = full(
        make_plan(query, snapshot.view), lambda reader, name: segments[id(reader)].columns.numbers[name]
    )
    return {
        leaf.reader().stored_fields(number)[PAPER]: score
        for leaf, _ in searcher.leaf_searchers()
        for number, score in scored(made.normalize(), leaf)
    }


def full(plan: Plan, numbers: Numbers) -> Any:
    """Papers for which all clauses hold."""
    return lifted(
        of(AllNode((*(clause.node for clause in plan.clauses), UnscoredNode(plan.scope))), numbers), plan
    )


def lifted(query: Any, plan: Plan) -> Any:
    """The query, with the plan's bonus on top."""
    return tree.AndMaybe(query, boosts(plan)) if plan.boosts else query


def boosts(plan: Plan) -> Any:
    """What the plan's bonus comes to, where there is any."""
    return tree.Or([_boosts(node, factor) for node, factor in plan.boosts]) if plan.boosts else tree.NullQuery


def _boosts(node: TermNode | LabelNode, factor: float) -> Any:
    if isinstance(node, LabelNode):
        return LabelledQuery(node, factor)
    return tree.Term(node.field, node.text, boost=factor)


def of(node: PlanNode, numbers: Numbers) -> Any:
    """The query of one node."""
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
        case TermNode() | PhraseNode():  # Whoosh keeps no lengths of the field of words
            return BlendQuery(BlendNode(((node, 1.0),)))
        case BlendNode():
            return BlendQuery(node) if node.variants else tree.NullQuery
        case LabelNode():
            return LabelledQuery(node)
        case RangeNode():
            return BetweenQuery(node, numbers)


def _all_of(node: AllNode, numbers: Numbers) -> Any:
    """Papers to be left out are taken from the others: to list all others would be dear."""
    plain = [each.node if isinstance(each, UnscoredNode) else each for each in node.nodes]
    left_out = [each.node for each in plain if isinstance(each, NotNode)]
    kept = [each for each, bare in zip(node.nodes, plain, strict=True) if not isinstance(bare, NotNode)]
    wanted = tree.And([of(each, numbers) for each in kept]) if kept else _every()
    if not left_out:
        return wanted
    return ExceptQuery(wanted, of(AnyNode(tuple(left_out)), numbers))


def _every() -> Any:
    return ConstantQuery(tree.Every(), 0.0)


class _Scored(ListMatcher):
    """A list of papers with their scores, some perhaps nothing (which Whoosh's own list takes for one)."""

    def weight(self) -> float:
        return float(self._weights[self._i])

    def supports_block_quality(self) -> bool:
        return False

    def score(self) -> float:
        return self.weight()


class _Listed(WhooshQuery):
    """A query that lists its papers segment by segment."""

    boost = 1.0
    __eq__ = object.__eq__
    __hash__ = object.__hash__

    def scores(self, searcher: Any) -> Weights:
        """The papers of a segment that match, with their scores."""
        raise NotImplementedError

    def matcher(self, searcher: Any, context: Any = None) -> Any:
        """As Whoosh asks."""
        found = self.scores(searcher)
        ids = sorted(found)
        return _Scored(ids, [found[i] for i in ids]) if ids else NullMatcher()

    def is_leaf(self) -> bool:
        """As Whoosh asks."""
        return True

    def field(self) -> None:
        """Of no one field."""

    def normalize(self) -> "_Listed":
        """It is as simple as it can be."""
        return self


@dataclass(eq=False, repr=False)
class BlendQuery(_Listed):
    """A `BlendNode`, scored as one word."""

    blend: BlendNode

    def estimate_size(self, reader: Any) -> int:
        """As Whoosh asks."""
        return max((size(reader, variant) for variant, _ in self.blend.variants), default=0)

    def scores(self, searcher: Any) -> Weights:
        """As `plan` says."""
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
    """A searcher to Whoosh's eyes, in which a term is as frequent as we say."""

    searcher: Any
    frequent: int

    def get_parent(self) -> "_Counted":
        return self

    def doc_frequency(self, field: str, text: str) -> int:
        return self.frequent

    def doc_count_all(self) -> int:
        return int(self.searcher.doc_count_all())


@dataclass(eq=False, repr=False)
class ConstantQuery(_Listed):
    """What another query finds, each with the same score. (Whoosh's own takes a score of nothing for one of one.)"""

    child: Any
    score: float

    def estimate_size(self, reader: Any) -> int:
        """As Whoosh asks."""
        return int(self.child.estimate_size(reader))

    def scores(self, searcher: Any) -> Weights:
        """The same for each."""
        return dict.fromkeys((number for number, _ in scored(self.child, searcher)), self.score)


@dataclass(eq=False, repr=False)
class AnyQuery(_Listed):
    """What one of some queries finds, with the sum of its scores. (Whoosh's own may lose what scores nothing.)"""

    children: Sequence[Any]

    def estimate_size(self, reader: Any) -> int:
        """As Whoosh asks."""
        return sum(int(child.estimate_size(reader)) for child in self.children)

    def scores(self, searcher: Any) -> Weights:
        """The sum of what holds."""
        found: Weights = defaultdict(float)
        for child in self.children:
            for number, score in scored(child, searcher):
                found[number] += score
        return found


@dataclass(eq=False, repr=False)
class ExceptQuery(_Listed):
    """What one query finds and another does not.

    Whoosh's own lets its first paper through where the other's first one comes before it.
    """

    wanted: Any
    left_out: Any

    def estimate_size(self, reader: Any) -> int:
        """As Whoosh asks."""
        return int(self.wanted.estimate_size(reader))

    def scores(self, searcher: Any) -> Weights:
        """Those of the one."""
        left_out = {number for number, _ in scored(self.left_out, searcher)}
        return {number: score for number, score in scored(self.wanted, searcher) if number not in left_out}


@dataclass(eq=False, repr=False)
class LabelledQuery(_Listed):
    """A `LabelNode`."""

    labelled: LabelNode
    score: float = 0.0

    def estimate_size(self, reader: Any) -> int:
        """As Whoosh asks."""
        it = self.labelled
        return sum(int(reader.doc_frequency(it.field, label.encode())) for label in it.labels)

    def scores(self, searcher: Any) -> Weights:
        """The same for each."""
        it, reader = self.labelled, searcher.reader()
        return dict.fromkeys(
            (n for label in it.labels for n, _ in _postings(reader, it.field, label)), self.score
        )


@dataclass(eq=False, repr=False)
class BetweenQuery(_Listed):
    """A `RangeNode`."""

    between: RangeNode
    numbers: Numbers

    def estimate_size(self, reader: Any) -> int:
        """As Whoosh asks; nobody has counted."""
        return int(reader.doc_count())

    def scores(self, searcher: Any) -> Weights:
        """Nothing for each."""
        reader, low, high = searcher.reader(), self.between.low, self.between.high
        column = self.numbers(reader, self.between.column)
        return {
            i: 0.0
            for i, number in enumerate(column)
            if (low is None or number >= low)
            and (high is None or number <= high)
            and not reader.is_deleted(i)
        }


def scored(query: Any, searcher: Any) -> Iterator[tuple[int, float]]:
    """The papers of a segment that a query finds, in order, with their scores."""
    matcher = query.matcher(searcher, searcher.context(needs_current=True))
    while matcher.is_active():
        yield matcher.id(), matcher.score()
        matcher.next()


def size(reader: Any, variant: TermNode | PhraseNode) -> int:
    """In how many papers it is at most."""
    if isinstance(variant, TermNode):
        return int(reader.doc_frequency(variant.field, variant.text.encode()))
    return min(
        max(int(reader.doc_frequency(WORDS, word.encode())) for word in slot) for slot in variant.slots
    )


def weights(reader: Any, variant: TermNode | PhraseNode) -> Weights:
    """The papers of a segment that have it, and how much it weighs in each."""
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
    # Older indexes do not say where; there a term is everywhere.
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
    """Papers with the words one after the other; each time weighs as the kind of text it is in."""
    order = sorted(range(len(phrase.slots)), key=lambda i: size(reader, PhraseNode((phrase.slots[i],))))
    starts: dict[int, set[int]] | None = None
    for i in order:
        places = _places(reader, phrase.slots[i], i, starts)
        starts = places if starts is None else {n: both for n in places if (both := places[n] & starts[n])}
    allowed = phrase.zone_mask or (1 << len(ZONES)) - 1
    return {
        number: sum(_weight(start, allowed) for start in found) for number, found in (starts or {}).items()
    }


def _weight(position: int, allowed: int) -> float:
    zone = position >> ZONE_BITS
    if not zone:  # an older index does not say where
        return 1.0
    return zone_weight(zone - 1) if 1 << (zone - 1) & allowed else 0.0


def _places(
    reader: Any, slot: Sequence[str], offset: int, among: Mapping[int, set[int]] | None
) -> dict[int, set[int]]:
    """Where phrases would begin, by paper, of which one of these words is the one at `offset`."""
    found: dict[int, set[int]] = defaultdict(set)
    for word in slot:
        for number, matcher in _postings(reader, WORDS, word):
            if among is None or number in among:
                found[number].update(position - offset for position in array("I", matcher.value()))
    return found
