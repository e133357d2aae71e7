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
    """Write a query plainly: joined words with +, phrases in quotes, an unfinished word with …"""
    return " ".join(clause_shape(clause) for clause in query.clauses)


def clause_shape(clause):
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
            return f"({' or '.join(clause_shape(each) for each in clause.clauses)})"
        case AllClause():
            return f"({' '.join(clause_shape(each) for each in clause.clauses)})"
        case NotClause():
            return f"-{clause_shape(clause.clause)}"


def parse_error(text, **how):
    with pytest.raises(QueryError) as caught:
        ask(text, **how)
    return caught.value


def parse_or_error(text, **how):
    """Return the query for a text, or the error."""
    try:
        return ask(text, **how)
    except QueryError as error:
        return error
