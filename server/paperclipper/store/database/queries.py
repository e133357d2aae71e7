"""Statements whose SQL is made once.

peewee makes a query's text anew at every call, which costs several times what SQLite needs to run it. What every clip
and every list page asks goes through here: the query is still built by peewee, once, with places for its values.
"""

from collections.abc import Callable, Sequence
from typing import Any

from peewee import SQL, Field, IntegerField, NodeList, TextField

from paperclipper.store.database.tables import Row, proxy

Values = tuple[Any, ...]


class Query:
    """A query with places for values. `build(place, places)` gets one place, and a list for one final IN.

    Values must be given in the order of the places. `columns` are the fields that a row's values came from.
    """

    def __init__(self, build: Callable[[Any, list[Any]], Any], columns: Sequence[Any] = ()) -> None:
        self._build = build
        self._texts: dict[int, str] = {}
        self._converters = _converters(columns)

    def rows(self, *values: Any, many: Sequence[Any] = ()) -> list[Values]:
        """The rows, as Python values."""
        cursor = proxy.execute_sql(self._text(len(many)), (*values, *many))
        if not self._converters:
            return list(cursor.fetchall())
        return [self._converted(row) for row in cursor.fetchall()]

    def row(self, *values: Any) -> Values | None:
        """The first row."""
        return next(iter(self.rows(*values)), None)

    def _text(self, many: int) -> str:
        text = self._texts.get(many)
        if text is None:
            place = SQL(proxy.param)
            text, constants = self._build(place, [place] * many).sql()
            assert not constants, "a constant would be lost"
            self._texts[many] = text
        return text

    def _converted(self, row: Values) -> Values:
        values = list(row)
        for index, convert in self._converters:
            if values[index] is not None:
                values[index] = convert(values[index])
        return tuple(values)


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
    places = ", ".join(proxy.param for _ in columns)
    return f'INSERT INTO "{table_name}" ({named}) VALUES ({places})'  # noqa: S608 (names of ours)


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
