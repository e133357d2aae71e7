"""Precompiled queries and statements.

peewee generates a query's SQL on every call, which takes several times longer than running the query in
SQLite. The queries used for clips and list pages are therefore compiled once, with named parameters.
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
    """A placeholder in a compiled query for a single value, or for the list of values of an IN clause."""

    name: str
    is_list: bool = False


def parameter(name: str) -> Any:
    """Return a named parameter. Its value is passed to the query as a keyword argument."""
    return Value(_Parameter(name), converter=False)


def list_parameter(name: str) -> Any:
    """Return a named parameter for an IN clause. Its values are passed to the query as a keyword argument."""
    return Value(_Parameter(name, is_list=True), converter=False)


class Query(Generic[RowT]):
    """A query with named parameters, compiled on first use.

    `columns` are the fields of the result, needed only if their values must be converted to Python types.
    """

    def __init__(self, query: Any, columns: Sequence[Any] = ()) -> None:
        self._query = query
        self._converters = _converters(columns)

    def rows(self, **values: Any) -> list[RowT]:
        """Run the query and return its rows as Python values."""
        rows = proxy.execute_sql(self._sql(values), self._bound(values)).fetchall()
        return cast(list[RowT], [self._converted(row) for row in rows] if self._converters else list(rows))

    def row(self, **values: Any) -> RowT | None:
        """Run the query and return the first row, or None."""
        return next(iter(self.rows(**values)), None)

    @cached_property
    def _compiled(self) -> tuple[str, tuple[_Parameter, ...]]:
        """The SQL, and its parameters in the order of their placeholders."""
        text, parameters = self._query.sql()
        assert all(isinstance(each, _Parameter) for each in parameters), (
            "a query must have parameters instead of constants"
        )
        return text, tuple(parameters)

    def _sql(self, values: dict[str, Any]) -> str:
        """Return the SQL, with one placeholder per value for each list parameter."""
        text, parameters = self._compiled
        if not any(each.is_list for each in parameters):
            return text
        first, *pieces = text.split(proxy.param)
        counts = [len(values[each.name]) if each.is_list else None for each in parameters]
        return first + "".join(_placeholders(n) + piece for n, piece in zip(counts, pieces, strict=True))

    def _bound(self, values: dict[str, Any]) -> list[Any]:
        """Return the values in the order of their placeholders."""
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
    """Return a single placeholder, or a list of `count` placeholders.

    An empty list becomes NULL, because not every database accepts `IN ()`.
    """
    return str(proxy.param) if count is None else f"({', '.join([proxy.param] * count) or 'NULL'})"


def unindexed(column: Any) -> Any:
    """Return the column as an expression that prevents SQLite from using an index on it.

    Without statistics, SQLite's query planner prefers scanning a whole library to looking up a page of ids. A
    unary plus prevents this
    (https://www.sqlite.org/optoverview.html#disqualifying_where_clause_terms_using_unary_).
    """
    return NodeList((SQL("+"), column))


def insert_row(table: type[Row], **values: Any) -> None:
    """Insert a row with these values by field name. The model's default values are not applied."""
    proxy.execute_sql(_text(table, _insert_text, tuple(values)), _db_values(table, values))


def update_row(table: type[Row], row_id: str, **values: Any) -> None:
    """Update these fields of the row with this id."""
    proxy.execute_sql(_text(table, _update_text, tuple(values)), (*_db_values(table, values), row_id))


def update_rows(table: type[Row], names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Update many rows.

    Each row contains the values for `names`, in database format, followed by the row's id.
    """
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
    return f'INSERT INTO "{table_name}" ({named}) VALUES ({placeholders})'  # noqa: S608 (our own names)


def _update_text(table_name: str, columns: list[str]) -> str:
    settings = ", ".join(f'"{column}" = {proxy.param}' for column in columns)
    return f'UPDATE "{table_name}" SET {settings} WHERE "id" = {proxy.param}'  # noqa: S608 (our own names)


def _db_values(table: type[Row], values: dict[str, Any]) -> Values:
    return tuple(_field(table, name).db_value(value) for name, value in values.items())


def _field(table: type[Row], name: str) -> Any:
    return table._meta.fields[name]


def _converters(columns: Sequence[Any]) -> list[tuple[int, Callable[[Any], Any]]]:
    """Return the converters by column index. Text and numbers need no conversion."""
    plain = (Field, TextField, IntegerField)
    return [
        (i, c.python_value) for i, c in enumerate(columns) if isinstance(c, Field) and type(c) not in plain
    ]
