"""What each part of a query finds by itself, and what the others find without it."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from paperclipper.search.document import STEMS
from paperclipper.search.postings.arrays import Integers, Mask
from paperclipper.search.query.plan import AllOf, Blend, Clause, Gate, Node, Phrase, Plan, Term
from paperclipper.search.query.results import Finding
from paperclipper.search.query.variants import Ways
from paperclipper.search.scoring.evaluation import Nodes
from paperclipper.search.scoring.ranking import Searched
from paperclipper.search.text.stemming import stem
from paperclipper.search.whoosh.segment import View

MOST_EXPLAINED = 8
"""Of so many clauses, the rarest, it is told what they find: a sentence is not explained word by word."""
_MOST_NEAR = 3
_SHORTEST = 3
_MOST_RESPELT = 4


class _Part(NamedTuple):
    """A clause, and which papers of all segments it holds for."""

    clause: Clause
    papers: Mask


def findings(view: View, plan: Plan, found: Sequence[Searched]) -> tuple[Finding, ...]:
    """One for each clause that is explained, in their order."""
    parts = [_Part(clause, _clause_papers(found, i)) for i, clause in enumerate(plan.clauses)]
    scope = _papers(view, Gate(plan.scope)) & np.concatenate(
        [np.zeros(0, np.bool_), *(view.alive(group) for group in view.groups)]
    )
    rarest = sorted(parts, key=lambda part: int(part.papers.sum()))
    told = rarest[:MOST_EXPLAINED]
    ways = Ways(view)
    found_ = [
        _finding(view, part, rarest, scope, ways if i < _MOST_RESPELT else None)
        for i, part in enumerate(told)
    ]
    return tuple(sorted(found_, key=lambda finding: finding.span.start))


def _finding(view: View, part: _Part, parts: Sequence[_Part], scope: Mask, ways: Ways | None) -> Finding:
    without = scope
    for other in parts:
        if other is not part:
            without = without & other.papers
    near = _near(view, part.clause, ways, scope, without) if ways else ()
    otherwise = tuple(_otherwise(view, part.clause, ways, scope)) if ways else ()
    return Finding(part.clause.span, _count(part.papers & scope), _count(without), near, otherwise)


def _near(view: View, clause: Clause, ways: Ways, scope: Mask, others: Mask) -> tuple[tuple[str, int], ...]:
    if len(clause.words) != 1 or len(clause.words[0]) < _SHORTEST:
        return ()
    by_stem = {stem(word): word for word in reversed(ways.near(clause.words[0]))}
    found = [(word, _papers(view, Term(STEMS, root)) & scope) for root, word in reversed(by_stem.items())]
    helpful = sorted(found, key=lambda pair: not (pair[1] & others).any())
    return tuple((word, _count(papers)) for word, papers in helpful if papers.any())[:_MOST_NEAR]


def _otherwise(view: View, clause: Clause, ways: Ways, scope: Mask) -> Iterator[tuple[str, int]]:
    """The word written apart: as it was found, or else as two words that there are."""
    tried = clause.node.ways if isinstance(clause.node, Blend) else ()
    apart = [way for way, _ in tried if isinstance(way, Phrase) and len(clause.words) == 1]
    found = [
        (" ".join(slot[0] for slot in phrase.slots), _count(_papers(view, phrase) & scope))
        for phrase in apart
    ]
    halves = (
        ways.halves(clause.words[0])
        if len(clause.words) == 1 and not any(count for _, count in found)
        else None
    )
    if halves:
        both = AllOf(tuple(Term(STEMS, stem(half)) for half in halves))
        found.append((" ".join(halves), _count(_papers(view, both) & scope)))
    yield from (pair for pair in found if pair[1])


def _papers(view: View, node: Node) -> Mask:
    return _marks([(group.count, Nodes(view, group).held(node).numbers) for group in view.groups])


def _clause_papers(found: Sequence[Searched], i: int) -> Mask:
    return _marks([(each.group.count, each.clauses[i].numbers) for each in found])


def _marks(found: Sequence[tuple[int, Integers]]) -> Mask:
    marks = np.zeros(sum(count for count, _ in found), np.bool_)
    begin = 0
    for count, numbers in found:
        marks[begin + numbers] = True
        begin += count
    return marks


def _count(papers: Mask) -> int:
    return int(papers.sum())
