"""What each part of a query finds by itself, and what the others find without it."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from paperclipper.search.document import STEMS
from paperclipper.search.postings.arrays import Integers, Mask
from paperclipper.search.query.plan import (
    AllNode,
    BlendNode,
    PhraseNode,
    Plan,
    PlanClause,
    PlanNode,
    TermNode,
    UnscoredNode,
)
from paperclipper.search.query.results import ClauseDiagnostics
from paperclipper.search.query.variants import VariantFinder
from paperclipper.search.scoring.evaluation import NodeEvaluator
from paperclipper.search.scoring.ranking import GroupMatches
from paperclipper.search.text.stemming import stem
from paperclipper.search.whoosh.segment import IndexView

MAX_DIAGNOSED = 8
"""Of so many clauses, the rarest, it is told what they find: a sentence is not explained word by word."""
_MAX_SIMILAR = 3
_MIN_LENGTH = 3
_MAX_RESPELLED = 4


class _Part(NamedTuple):
    """A clause, and which papers of all segments it holds for."""

    clause: PlanClause
    papers: Mask


def diagnose(view: IndexView, plan: Plan, found: Sequence[GroupMatches]) -> tuple[ClauseDiagnostics, ...]:
    """One for each clause that is explained, in their order."""
    parts = [_Part(clause, _clause_papers(found, i)) for i, clause in enumerate(plan.clauses)]
    scope = _papers(view, UnscoredNode(plan.scope)) & np.concatenate(
        [np.zeros(0, np.bool_), *(view.live(group) for group in view.groups)]
    )
    rarest = sorted(parts, key=lambda part: int(part.papers.sum()))
    chosen = rarest[:MAX_DIAGNOSED]
    finder = VariantFinder(view)
    diagnostics = [
        _diagnose_clause(view, part, rarest, scope, finder if i < _MAX_RESPELLED else None)
        for i, part in enumerate(chosen)
    ]
    return tuple(sorted(diagnostics, key=lambda each: each.span.start))


def _diagnose_clause(
    view: IndexView, part: _Part, parts: Sequence[_Part], scope: Mask, finder: VariantFinder | None
) -> ClauseDiagnostics:
    without = scope
    for other in parts:
        if other is not part:
            without = without & other.papers
    similar = _similar(view, part.clause, finder, scope, without) if finder else ()
    split = tuple(_split_suggestions(view, part.clause, finder, scope)) if finder else ()
    return ClauseDiagnostics(part.clause.span, _count(part.papers & scope), _count(without), similar, split)


def _similar(
    view: IndexView, clause: PlanClause, finder: VariantFinder, scope: Mask, others: Mask
) -> tuple[tuple[str, int], ...]:
    if len(clause.words) != 1 or len(clause.words[0]) < _MIN_LENGTH:
        return ()
    by_stem = {stem(word): word for word in reversed(finder.similar_words(clause.words[0]))}
    found = [(word, _papers(view, TermNode(STEMS, root)) & scope) for root, word in reversed(by_stem.items())]
    helpful = sorted(found, key=lambda pair: not (pair[1] & others).any())
    return tuple((word, _count(papers)) for word, papers in helpful if papers.any())[:_MAX_SIMILAR]


def _split_suggestions(
    view: IndexView, clause: PlanClause, finder: VariantFinder, scope: Mask
) -> Iterator[tuple[str, int]]:
    """The word written apart: as it was found, or else as two words that there are."""
    tried = clause.node.variants if isinstance(clause.node, BlendNode) else ()
    apart = [variant for variant, _ in tried if isinstance(variant, PhraseNode) and len(clause.words) == 1]
    found = [
        (" ".join(slot[0] for slot in phrase.slots), _count(_papers(view, phrase) & scope))
        for phrase in apart
    ]
    halves = (
        finder.halves(clause.words[0])
        if len(clause.words) == 1 and not any(count for _, count in found)
        else None
    )
    if halves:
        both = AllNode(tuple(TermNode(STEMS, stem(half)) for half in halves))
        found.append((" ".join(halves), _count(_papers(view, both) & scope)))
    yield from (pair for pair in found if pair[1])


def _papers(view: IndexView, node: PlanNode) -> Mask:
    return _marks([(group.count, NodeEvaluator(view, group).evaluate(node).numbers) for group in view.groups])


def _clause_papers(found: Sequence[GroupMatches], i: int) -> Mask:
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
