"""Queries as plain text, to compare them with what is expected."""

import pytest

from paperclipper.errors import QueryError
from paperclipper.search.query.syntax import (
    AllClause,
    AnyClause,
    LabelClause,
    NotClause,
    RangeClause,
    TagClause,
    WordsClause,
)
from search.index.list_source import ask


def shape(query):
    """The query written plainly: words that stand together by +, a phrase in quotes, an open end with …"""
    return " ".join(plain(clause) for clause in query.clauses)


def plain(clause):
    match clause:
        case WordsClause():
            text = "+".join(word.text for word in clause.words)
            ends = (
                "*" * clause.is_prefix
                + "…" * clause.is_unfinished
                + (f"~{clause.distance}" if clause.distance else "")
            )
            return (
                (f"{clause.zone}:" if clause.zone else "")
                + (f'"{text}"' if clause.is_phrase else text)
                + ends
            )
        case LabelClause():
            return "|".join(clause.labels) + "*" * clause.is_prefix
        case TagClause():
            return f"#{clause.name}"
        case RangeClause():
            return f"{clause.column}:{clause.low}..{clause.high}"
        case AnyClause():
            return f"({' or '.join(plain(each) for each in clause.clauses)})"
        case AllClause():
            return f"({' '.join(plain(each) for each in clause.clauses)})"
        case NotClause():
            return f"-{plain(clause.clause)}"


def refused(text, **how):
    with pytest.raises(QueryError) as caught:
        ask(text, **how)
    return caught.value


def answer(text, **how):
    """The query that a text is, or why it is none."""
    try:
        return ask(text, **how)
    except QueryError as error:
        return error
