"""Explains why a query has few matches: the matches of each clause alone, and of the query without it."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from paperclipper.search.document import STEMS
from paperclipper.search.postings.arrays import Mask
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
from paperclipper.search.scoring.paper_set import PaperSet
from paperclipper.search.scoring.ranking import GroupMatches
from paperclipper.search.text.stemming import stem
from paperclipper.search.whoosh.index_view import IndexView

MAX_DIAGNOSED = 8
"""The maximum number of clauses to diagnose, rarest first. Long sentences are not explained word by word."""
_MAX_RESPELLED = 4
_MAX_SIMILAR = 3
_MIN_LENGTH = 3
Suggestions = tuple[tuple[str, int], ...]
"""Alternative words to search for, each with the number of papers that contain them."""


class _ClauseMatches(NamedTuple):
    """A clause, and a mask of the papers of all segments that match it."""

    clause: PlanClause
    papers: Mask


def diagnose(view: IndexView, plan: Plan, groups: Sequence[GroupMatches]) -> tuple[ClauseDiagnostics, ...]:
    """Return diagnostics for the clauses with the fewest matches, in query order."""
    matches = [_ClauseMatches(clause, _clause_papers(groups, i)) for i, clause in enumerate(plan.clauses)]
    rarest = sorted(matches, key=lambda each: _count(each.papers))
    suggester = _Suggester(view, plan)
    diagnostics = [
        _diagnose_clause(each, rarest, suggester, respell=i < _MAX_RESPELLED)
        for i, each in enumerate(rarest[:MAX_DIAGNOSED])
    ]
    return tuple(sorted(diagnostics, key=lambda each: each.span.start))


def _diagnose_clause(
    matches: _ClauseMatches, all_matches: Sequence[_ClauseMatches], suggester: "_Suggester", *, respell: bool
) -> ClauseDiagnostics:
    without = suggester.scope
    for other in all_matches:
        if other is not matches:
            without = without & other.papers
    clause = matches.clause
    return ClauseDiagnostics(
        clause.span,
        matches=_count(matches.papers & suggester.scope),
        matches_without=_count(without),
        similar=suggester.similar(clause, without) if respell else (),
        split=suggester.split(clause) if respell else (),
    )


class _Suggester:
    """Suggests other spellings of words in a plan. `scope` is a mask of the papers that can be results."""

    def __init__(self, view: IndexView, plan: Plan) -> None:
        self._view = view
        self._finder = VariantFinder(view)
        live = np.concatenate([np.zeros(0, np.bool_), *(view.live(group) for group in view.groups)])
        self.scope: Mask = self._papers(UnscoredNode(plan.scope)) & live

    def similar(self, clause: PlanClause, others: Mask) -> Suggestions:
        """Return words with a similar spelling. Words in papers that match all other clauses come first."""
        if len(clause.words) != 1 or len(clause.words[0]) < _MIN_LENGTH:
            return ()
        # Keep the first word for each stem, in the original order.
        by_stem = {stem(word): word for word in reversed(self._finder.similar_words(clause.words[0]))}
        found = [
            (word, self._papers(TermNode(STEMS, root)) & self.scope)
            for root, word in reversed(by_stem.items())
        ]
        helpful = sorted(found, key=lambda pair: not (pair[1] & others).any())
        return tuple((word, _count(papers)) for word, papers in helpful if papers.any())[:_MAX_SIMILAR]

    def split(self, clause: PlanClause) -> Suggestions:
        """Return the word split in two as in the plan or, failing that, into any two known words."""
        if len(clause.words) != 1:
            return ()
        variants = clause.node.variants if isinstance(clause.node, BlendNode) else ()
        phrases = [variant for variant, _ in variants if isinstance(variant, PhraseNode)]
        found = [(_text(phrase), self._count(phrase)) for phrase in phrases]
        if not any(count for _, count in found):
            found = [self._halves(clause.words[0])]
        return tuple(pair for pair in found if pair[1])

    def _halves(self, word: str) -> tuple[str, int]:
        halves = self._finder.halves(word)
        if not halves:
            return "", 0
        both = AllNode(tuple(TermNode(STEMS, stem(half)) for half in halves))
        return " ".join(halves), self._count(both)

    def _count(self, node: PlanNode) -> int:
        return _count(self._papers(node) & self.scope)

    def _papers(self, node: PlanNode) -> Mask:
        return _mask(
            [(group.count, NodeEvaluator(self._view, group).evaluate(node)) for group in self._view.groups]
        )


def _text(phrase: PhraseNode) -> str:
    return " ".join(slot[0] for slot in phrase.slots)


def _clause_papers(groups: Sequence[GroupMatches], i: int) -> Mask:
    return _mask([(each.group.count, each.clauses[i]) for each in groups])


def _mask(groups: Sequence[tuple[int, PaperSet]]) -> Mask:
    """Return a mask over all groups of the papers in each group's set. Groups are (number of papers, set)."""
    mask = np.zeros(sum(count for count, _ in groups), np.bool_)
    start = 0
    for count, papers in groups:
        mask[start + papers.numbers] = True
        start += count
    return mask


def _count(papers: Mask) -> int:
    return int(papers.sum())
