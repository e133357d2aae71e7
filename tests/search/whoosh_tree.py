"""A plan as a tree of Whoosh's queries. Must not know how the plan came to be."""

from functools import partial
from typing import Any

from whoosh import query as tree

from paperclipper.search import document
from paperclipper.search.plan import (
    AllOf,
    AnyOf,
    Between,
    Blend,
    Gate,
    Labelled,
    Maybe,
    Node,
    Phrase,
    Plan,
    Term,
    Without,
)
from paperclipper.search.whoosh_leaves import (
    AnyQuery,
    BetweenQuery,
    BlendQuery,
    ConstantQuery,
    ExceptQuery,
    LabelledQuery,
    Numbers,
)


def full(plan: Plan, numbers: Numbers) -> Any:
    """Papers for which all clauses hold."""
    return lifted(of(AllOf((*(clause.node for clause in plan.clauses), Gate(plan.scope))), numbers), plan)


def lifted(query: Any, plan: Plan) -> Any:
    """The query, with the plan's bonus on top."""
    return tree.AndMaybe(query, bonus(plan)) if plan.bonus else query


def bonus(plan: Plan) -> Any:
    """What the plan's bonus comes to, where there is any."""
    return tree.Or([_bonus(node, factor) for node, factor in plan.bonus]) if plan.bonus else tree.NullQuery


def _bonus(node: Term | Labelled, factor: float) -> Any:
    if isinstance(node, Labelled):
        return LabelledQuery(node, factor)
    return tree.Term(node.field, node.text, boost=factor)


def of(node: Node, numbers: Numbers) -> Any:
    """The query of one node."""
    if isinstance(node, Term | Phrase | Blend | Labelled | Between):
        return _leaf(node, numbers)
    inner = partial(of, numbers=numbers)
    match node:
        case AllOf():
            return _all_of(node, numbers)
        case AnyOf():
            return AnyQuery([inner(each) for each in node.nodes])
        case Gate():
            return ConstantQuery(inner(node.node), 0.0)
        case Maybe():
            return tree.AndMaybe(inner(node.node), AnyQuery([inner(each) for each in node.also]))
        case Without():
            return ExceptQuery(_every(), inner(node.node))


def _leaf(node: Term | Phrase | Blend | Labelled | Between, numbers: Numbers) -> Any:
    match node:
        case Term(field=document.STEMS, within=0):
            return tree.Term(node.field, node.text)
        case Term() | Phrase():  # Whoosh keeps no lengths of the field of words
            return BlendQuery(Blend(((node, 1.0),)))
        case Blend():
            return BlendQuery(node) if node.ways else tree.NullQuery
        case Labelled():
            return LabelledQuery(node)
        case Between():
            return BetweenQuery(node, numbers)


def _all_of(node: AllOf, numbers: Numbers) -> Any:
    """Papers to be left out are taken from the others: to list all others would be dear."""
    plain = [each.node if isinstance(each, Gate) else each for each in node.nodes]
    left_out = [each.node for each in plain if isinstance(each, Without)]
    kept = [each for each, bare in zip(node.nodes, plain, strict=True) if not isinstance(bare, Without)]
    wanted = tree.And([of(each, numbers) for each in kept]) if kept else _every()
    if not left_out:
        return wanted
    return ExceptQuery(wanted, of(AnyOf(tuple(left_out)), numbers))


def _every() -> Any:
    return ConstantQuery(tree.Every(), 0.0)
