"""What each part of a query finds by itself, and what the others find without it."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

from paperclipper.search import whoosh_tree
from paperclipper.search.document import STEMS
from paperclipper.search.index import Finding
from paperclipper.search.inflection import stem
from paperclipper.search.plan import AllOf, Blend, Clause, Gate, Node, Phrase, Plan, Term
from paperclipper.search.ways import Ways
from paperclipper.search.whoosh_leaves import scored
from paperclipper.search.whoosh_segment import View

MOST_EXPLAINED = 8
"""Of so many clauses, the rarest, it is told what they find: a sentence is not explained word by word."""
_MOST_NEAR = 3
_SHORTEST = 3
_MOST_RESPELT = 4
Papers = set[tuple[int, int]]
"""(segment, number) of each."""


class _Part:
    """A clause and, once they are asked for, its papers."""

    def __init__(self, view: View, clause: Clause) -> None:
        self._view = view
        self.clause = clause
        self._tree = whoosh_tree.of(clause.node, view.numbers).normalize()
        self.size = int(self._tree.estimate_size(view.searcher.reader()))

    @cached_property
    def papers(self) -> Papers:
        """All that it finds."""
        return _papers(self._view, self._tree)


def findings(view: View, plan: Plan) -> tuple[Finding, ...]:
    """One for each clause that is explained, in their order."""
    scope = _of(view, Gate(plan.scope))
    rarest = sorted((_Part(view, clause) for clause in plan.clauses), key=lambda part: part.size)
    told = rarest[:MOST_EXPLAINED]
    ways = Ways(view)
    found = [_finding(view, part, rarest, scope, ways if i < _MOST_RESPELT else None) for i, part in enumerate(told)]
    return tuple(sorted(found, key=lambda finding: finding.span.start))


def _finding(view: View, part: _Part, parts: Sequence[_Part], scope: Papers, ways: Ways | None) -> Finding:
    without = scope
    for other in parts:
        if other is not part and without:
            without = without & other.papers
    near = _near(view, part.clause, ways, scope, without) if ways else ()
    otherwise = tuple(_otherwise(view, part.clause, ways, scope)) if ways else ()
    return Finding(part.clause.span, len(part.papers & scope), len(without), near, otherwise)


def _near(view: View, clause: Clause, ways: Ways, scope: Papers, others: Papers) -> tuple[tuple[str, int], ...]:
    if len(clause.words) != 1 or len(clause.words[0]) < _SHORTEST:
        return ()
    by_stem = {stem(word): word for word in reversed(ways.near(clause.words[0]))}
    found = [(word, _of(view, Term(STEMS, root)) & scope) for root, word in reversed(by_stem.items())]
    helpful = sorted(found, key=lambda pair: not pair[1] & others)
    return tuple((word, len(papers)) for word, papers in helpful if papers)[:_MOST_NEAR]


def _otherwise(view: View, clause: Clause, ways: Ways, scope: Papers) -> Iterator[tuple[str, int]]:
    """The word written apart: as it was found, or else as two words that there are."""
    tried = clause.node.ways if isinstance(clause.node, Blend) else ()
    apart = [way for way, _ in tried if isinstance(way, Phrase) and len(clause.words) == 1]
    for phrase in apart:
        count = len(_of(view, phrase) & scope)
        if count:
            yield " ".join(slot[0] for slot in phrase.slots), count
    halves = ways.halves(clause.words[0]) if len(clause.words) == 1 and not apart else None
    if halves:
        both = AllOf(tuple(Term(STEMS, stem(half)) for half in halves))
        count = len(_of(view, both) & scope)
        if count:
            yield " ".join(halves), count


def _of(view: View, node: Node) -> Papers:
    return _papers(view, whoosh_tree.of(node, view.numbers).normalize())


def _papers(view: View, tree: Any) -> Papers:
    return {
        (place, number) for place, (searcher, _) in enumerate(view.leaves()) for number, _ in scored(tree, searcher)
    }
