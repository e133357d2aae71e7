"""Add stored search rankings, which keep pagination consistent. Never edit this file."""

from typing import Any

from peewee import BlobField, ForeignKeyField, IntegerField, Model, TextField


class Table(Model):  # type: ignore[misc]  # peewee has no types under our settings (pyproject.toml)
    class Meta:
        strict_tables = True
        legacy_table_names = False


class Library(Table):
    id = TextField(primary_key=True)

    class Meta:
        table_name = "library"


class Ranking(Table):
    id = TextField(primary_key=True)
    library = ForeignKeyField(Library, on_delete="RESTRICT", index=False)
    ids = BlobField()
    total = IntegerField()
    made_at = TextField(index=True)

    class Meta:
        table_name = "ranking"


def up(migrator: Any, db: Any) -> None:
    with db.bind_ctx([Ranking]):
        db.create_tables([Ranking], safe=False)
