"""Ranks the complete and partial matches of a plan in one generation of an index.

Each clause of a plan is evaluated once per group of segments, for all papers of the group. Everything else is
derived from these results.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log
from typing import NamedTuple

import numpy as np

from paperclipper.model import Sort
from paperclipper.search.document import CLIPPED, PUBLISHED, UPVOTES
from paperclipper.search.postings.arrays import Floats, Integers, Mask
from paperclipper.search.query.plan import Plan, PlanClause
from paperclipper.search.query.results import Hit
from paperclipper.search.query.syntax import Span
from paperclipper.search.scoring.evaluation import NodeEvaluator
from paperclipper.search.scoring.paper_set import NO_PAPERS, PaperSet, all_of, with_boosts
from paperclipper.search.whoosh.index_view import IndexView, SegmentGroup

_COLUMNS = {Sort.CLIPPED: CLIPPED, Sort.PUBLISHED: PUBLISHED, Sort.UPVOTES: UPVOTES}
_SIMILAR_FACTOR = 0.8


@dataclass(frozen=True)
class GroupMatches:
    """A plan evaluated in one group of segments. `in_scope` is a mask of the live papers in scope."""

    group: SegmentGroup
    in_scope: Mask
    clauses: Sequence[PaperSet]
    boosts: Sequence[PaperSet]

    @cached_property
    def complete(self) -> PaperSet:
        """The papers in scope that match all clauses."""
        return with_boosts(self.matching_all(self.clauses), self.boosts, self.group.count)

    def matching_all(self, clauses: Sequence[PaperSet]) -> PaperSet:
        """Return the papers in scope that match the given clauses."""
        found = all_of(clauses, self.group.count)
        return found if self.in_scope.all() else found.where(self.in_scope)


def evaluate_plan(view: IndexView, plan: Plan) -> list[GroupMatches]:
    """Evaluate a plan in each group of segments."""
    return [_evaluate_in_group(view, group, plan) for group in view.groups]


def _evaluate_in_group(view: IndexView, group: SegmentGroup, plan: Plan) -> GroupMatches:
    evaluator = NodeEvaluator(view, group)
    return GroupMatches(
        group,
        view.live(group) & evaluator.mask(plan.scope),
        [evaluator.evaluate(clause.node) for clause in plan.clauses],
        [_boosted(evaluator.evaluate(node), factor) for node, factor in plan.boosts],
    )


def _boosted(papers: PaperSet, factor: float) -> PaperSet:
    """Multiply in 64 bits: next to large title boosts, 32-bit scores would lose most of their precision."""
    factors = np.full(len(papers.numbers), factor)
    return PaperSet(papers.numbers, factors if papers.scores is None else factors * papers.scores)


def count_matches(groups: Sequence[GroupMatches]) -> int:
    """Return the number of complete matches."""
    return sum(len(each.complete.numbers) for each in groups)


def top_hits(groups: Sequence[GroupMatches], order: Sort, limit: int | None) -> tuple[Hit, ...]:
    """Return the top matches in the given order, or all matches if `limit` is None."""
    if limit == 0:
        return ()
    top = _top([_sort_keys(each, _COLUMNS.get(order)) for each in groups], limit)
    papers = [each.group.papers for each in groups]
    return tuple([Hit(papers[group][number], score) for group, number, score in top])


class _SortKeys(NamedTuple):
    """The sort keys of the papers of a group: `first`, then `second`, then the newest clip."""

    first: Floats | Integers
    second: Floats
    numbers: Integers
    clipped: Integers

    def at_least(self, threshold: float) -> tuple[Floats | Integers, Floats, Integers, Integers]:
        """Return the keys and document numbers of the papers whose first key is at least `threshold`."""
        chosen = np.flatnonzero(self.first >= threshold)
        numbers = self.numbers[chosen]
        return self.first[chosen], self.second[chosen], self.clipped[numbers], numbers


def _sort_keys(matches: GroupMatches, column: str | None) -> _SortKeys:
    numbers, scores = matches.complete
    score = np.zeros(len(numbers), np.float32) if scores is None else scores
    columns = matches.group.numbers
    return _SortKeys(columns[column][numbers] if column else score, score, numbers, columns[CLIPPED])


def _top(keys: Sequence[_SortKeys], limit: int | None) -> list[tuple[int, int, float]]:
    """Return (group index, document number, first key) of the top papers."""
    if not keys:
        return []
    threshold = _threshold(np.concatenate([key.first for key in keys]), limit)
    kept = [key.at_least(threshold) for key in keys]
    groups = np.repeat(np.arange(len(keys)), [len(each[0]) for each in kept])
    first, second, clipped, numbers = (np.concatenate(column) for column in zip(*kept, strict=True))
    order = np.lexsort((-clipped, -second, -first))[:limit]
    return list(zip(groups[order].tolist(), numbers[order].tolist(), first[order].tolist(), strict=True))


def _threshold(keys: Floats | Integers, limit: int | None) -> float:
    """Return the first key of the lowest-ranked paper within the limit."""
    if limit is None or len(keys) <= limit:
        return -np.inf
    last = len(keys) - limit
    return float(np.partition(keys, last)[last])


# Partial matches


@dataclass(frozen=True)
class _WeightedClause:
    """A clause that is not a filter. Clauses with fewer matches are more significant."""

    number: int
    clause: PlanClause
    significance: float


class _ClausePapers(NamedTuple):
    """The papers of a group that match a clause exactly, and those that only match a similar spelling."""

    exact: PaperSet
    similar: PaperSet


@dataclass(frozen=True)
class _PartialMatches:
    """The partial matches in a group, and their scores."""

    group: SegmentGroup
    numbers: Integers
    scores: Floats
    clauses: Sequence[_ClausePapers]


def partial_hits(view: IndexView, plan: Plan, groups: Sequence[GroupMatches], limit: int) -> tuple[Hit, ...]:
    """Return the best papers that match all filters and some, but not all, of the other clauses exactly.

    The score of a paper is the sum of the scores of the clauses it matches, times their share of the total
    significance.
    """
    clauses = [
        _WeightedClause(i, clause, _significance(view, [each.clauses[i] for each in groups]))
        for i, clause in enumerate(plan.clauses)
        if not clause.is_filter
    ]
    if not clauses:
        return ()
    partial = [_partial_matches(view, each, clauses) for each in groups]
    keys = [
        _SortKeys(each.scores, each.scores, each.numbers, each.group.numbers[CLIPPED]) for each in partial
    ]
    return tuple(
        [
            Hit(partial[i].group.papers[number], score, _missing_spans(partial[i], number, clauses))
            for i, number, score in _top(keys, limit)
        ]
    )


def _significance(view: IndexView, papers: Sequence[PaperSet]) -> float:
    return log(1 + view.count / (1 + sum(len(each.numbers) for each in papers)))


def _partial_matches(
    view: IndexView, matches: GroupMatches, clauses: Sequence[_WeightedClause]
) -> _PartialMatches:
    evaluator = NodeEvaluator(view, matches.group)
    papers = [_clause_papers(evaluator, each.clause, matches.clauses[each.number]) for each in clauses]
    significances, scores = _sums(papers, clauses, evaluator.count)
    exact_clauses = _count_exact(papers, evaluator.count)
    numbers = _matching_filters(matches, clauses)
    numbers = numbers[(significances[numbers] > 0) & (exact_clauses[numbers] < len(clauses))]
    boosted = with_boosts(PaperSet(numbers, scores[numbers]), matches.boosts, evaluator.count).scores
    assert boosted is not None
    total = sum(each.significance for each in clauses)
    return _PartialMatches(matches.group, numbers, significances[numbers] * boosted / total, papers)


def _matching_filters(matches: GroupMatches, clauses: Sequence[_WeightedClause]) -> Integers:
    """Return the document numbers of the papers that match all filters."""
    weighted = {each.number for each in clauses}
    filters = [papers for i, papers in enumerate(matches.clauses) if i not in weighted]
    return matches.matching_all(filters).numbers


def _clause_papers(evaluator: NodeEvaluator, clause: PlanClause, exact: PaperSet) -> _ClausePapers:
    if clause.similar is None:
        return _ClausePapers(exact, NO_PAPERS)
    similar = evaluator.evaluate(clause.similar)
    return _ClausePapers(exact, similar.without(exact, evaluator.count))


def _sums(
    papers: Sequence[_ClausePapers], clauses: Sequence[_WeightedClause], count: int
) -> tuple[Floats, Floats]:
    """Return, per paper of a group, the total significance and the total score of the clauses it matches."""
    significances, scores = np.zeros(count), np.zeros(count)
    for (exact, similar), clause in zip(papers, clauses, strict=True):
        for each, factor in ((exact, 1.0), (similar, _SIMILAR_FACTOR)):
            significances[each.numbers] += factor * clause.significance
            if each.scores is not None:
                scores[each.numbers] += each.scores
    return significances, scores


def _count_exact(papers: Sequence[_ClausePapers], count: int) -> Integers:
    """Return, per paper of a group, the number of clauses it matches exactly."""
    counts = np.zeros(count, np.int32)
    for exact, _ in papers:
        counts[exact.numbers] += 1
    return counts


def _missing_spans(
    partial: _PartialMatches, number: int, clauses: Sequence[_WeightedClause]
) -> tuple[Span, ...]:
    return tuple(
        each.clause.span
        for each, (exact, similar) in zip(clauses, partial.clauses, strict=True)
        if not (exact.has(number) or similar.has(number))
    )
