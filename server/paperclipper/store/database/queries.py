"""Statements whose SQL is made once.

peewee makes a query's text anew at every call, which costs several times what SQLite needs to run it. What every clip
and every list page asks goes through here: peewee compiles the query once, with named parameters for its values.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar, cast

from peewee import SQL, Field, IntegerField, NodeList, TextField, Value

from paperclipper.store.database.tables import Row, proxy

Values = tuple[Any, ...]
RowT = TypeVar("RowT", bound=Values)


@dataclass(frozen=True)
class _Parameter:
    """What stands in a compiled query for a value, or for the list of values after IN."""

    name: str
    is_list: bool = False


def parameter(name: str) -> Any:
    """A value that is given as a keyword argument when the query is run."""
    return Value(_Parameter(name), converter=False)


def list_parameter(name: str) -> Any:
    """The values after IN, given as a keyword argument when the query is run."""
    return Value(_Parameter(name, is_list=True), converter=False)


class Query(Generic[RowT]):
    """A query with named parameters, compiled at its first use.

    `columns` are the fields that the values of a row came from; those that need it are converted to Python values.
    """

    def __init__(self, query: Any, columns: Sequence[Any] = ()) -> None:
        self._query = query
        self._converters = _converters(columns)

    def rows(self, **values: Any) -> list[RowT]:
        """The rows, as Python values."""
        rows = proxy.execute_sql(self._sql(values), self._bound(values)).fetchall()
        return cast(list[RowT], [self._converted(row) for row in rows] if self._converters else list(rows))

    def row(self, **values: Any) -> RowT | None:
        """The first row, or None."""
        return next(iter(self.rows(**values)), None)

    @cached_property
    def _compiled(self) -> tuple[str, tuple[_Parameter, ...]]:
        """The text, and its parameters in the order in which they stand there."""
        text, parameters = self._query.sql()
        assert all(isinstance(each, _Parameter) for each in parameters), "a constant needs a parameter"
        return text, tuple(parameters)

    def _sql(self, values: dict[str, Any]) -> str:
        """The text with a placeholder for each value of each list."""
        text, parameters = self._compiled
        if not any(each.is_list for each in parameters):
            return text
        first, *pieces = text.split(proxy.param)
        counts = [len(values[each.name]) if each.is_list else None for each in parameters]
        return first + "".join(_placeholders(n) + piece for n, piece in zip(counts, pieces, strict=True))

    def _bound(self, values: dict[str, Any]) -> list[Any]:
        """The values in the order in which their parameters stand in the text."""
        bound: list[Any] = []
        for each in self._compiled[1]:
            value = values[each.name]
            bound += value if each.is_list else (value,)
        return bound

    def _converted(self, row: Values) -> Values:
        values = list(row)
        for index, convert in self._converters:
            if values[index] is not None:
                values[index] = convert(values[index])
        return tuple(values)


def _placeholders(count: int | None) -> str:
    """For a single value (None), or for a list of so many; not every database has an empty list."""
    return str(proxy.param) if count is None else f"({', '.join([proxy.param] * count) or 'NULL'})"


def unindexed(column: Any) -> Any:
    """The column, by which rows are not to be looked for.

    SQLite, which is told no sizes, would rather go through a whole library than look up a page of ids; a unary plus
    forbids it (https://www.sqlite.org/optoverview.html#disqualifying_where_clause_terms_using_unary_).
    """
    return NodeList((SQL("+"), column))


def insert_row(table: type[Row], **values: Any) -> None:
    """One row, given by field names; a model's defaults are not filled in."""
    proxy.execute_sql(_text(table, _insert_text, tuple(values)), _db_values(table, values))


def update_row(table: type[Row], row_id: str, **values: Any) -> None:
    """New values for the row of this id, given by field names."""
    proxy.execute_sql(_text(table, _update_text, tuple(values)), (*_db_values(table, values), row_id))


def update_rows(table: type[Row], names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """New values, in the order of `names`, and then the id, of many rows; values as the database keeps them."""
    proxy.cursor().executemany(_text(table, _update_text, tuple(names)), rows)


_texts: dict[tuple[Any, ...], str] = {}


def _text(table: type[Row], make: Callable[[str, list[str]], str], names: tuple[str, ...]) -> str:
    key = (make, table._meta.table_name, names)
    if key not in _texts:
        _texts[key] = make(table._meta.table_name, [_field(table, name).column_name for name in names])
    return _texts[key]


def _insert_text(table_name: str, columns: list[str]) -> str:
    named = ", ".join(f'"{column}"' for column in columns)
    placeholders = ", ".join(proxy.param for _ in columns)
    return f'INSERT INTO "{table_name}" ({named}) VALUES ({placeholders})'  # noqa: S608 (names of ours)


def _update_text(table_name: str, columns: list[str]) -> str:
    settings = ", ".join(f'"{column}" = {proxy.param}' for column in columns)
    return f'UPDATE "{table_name}" SET {settings} WHERE "id" = {proxy.param}'  # noqa: S608 (names of ours)


def _db_values(table: type[Row], values: dict[str, Any]) -> Values:
    return tuple(_field(table, name).db_value(value) for name, value in values.items())


def _field(table: type[Row], name: str) -> Any:
    return table._meta.fields[name]


def _converters(columns: Sequence[Any]) -> list[tuple[int, Callable[[Any], Any]]]:
    """Texts and numbers come out of the database as they are."""
    plain = (Field, TextField, IntegerField)
    return [
        (i, c.python_value) for i, c in enumerate(columns) if isinstance(c, Field) and type(c) not in plain
    ]
