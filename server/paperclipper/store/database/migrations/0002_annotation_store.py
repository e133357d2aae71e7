"""Add history, undo, purges, note links, venue, tag colours and passwords. Never edit this file."""

import json
from typing import Any
from uuid import uuid4

from peewee import SQL, ForeignKeyField, IntegerField, Model, TextField


class Table(Model):  # type: ignore[misc]  # peewee has no types under our settings (pyproject.toml)
    class Meta:
        strict_tables = True
        legacy_table_names = False


class Library(Table):
    id = TextField(primary_key=True)

    class Meta:
        table_name = "library"


class Annotation(Table):
    id = TextField(primary_key=True)

    class Meta:
        table_name = "annotation"


class Revision(Table):
    library = ForeignKeyField(Library, on_delete="RESTRICT", index=False)
    subject = TextField()
    subject_id = TextField()
    changed = IntegerField()
    content = TextField()
    saved_at = TextField()

    class Meta:
        table_name = "revision"
        indexes = ((("subject_id", "changed"), False),)


class Action(Table):
    id = TextField(primary_key=True)
    library = ForeignKeyField(Library, on_delete="RESTRICT", index=False)
    kind = TextField()
    title = TextField()
    record = TextField()
    made_at = TextField()
    undone_at = TextField(null=True)

    class Meta:
        table_name = "act"
        indexes = ((("library", "made_at"), False),)


class Link(Table):
    annotation = ForeignKeyField(Annotation, on_delete="CASCADE", index=False)
    target = TextField(index=True)

    class Meta:
        table_name = "link"
        indexes = ((("annotation", "target"), True),)


class Purge(Table):
    id = TextField(primary_key=True)
    library = ForeignKeyField(Library, on_delete="RESTRICT", index=False)
    record = TextField()
    made_at = TextField()
    clean_at = TextField(null=True)

    class Meta:
        table_name = "purge"


class Backup(Table):
    id = TextField(primary_key=True)
    path = TextField(unique=True)
    made_at = TextField()

    class Meta:
        table_name = "backup"


class Attempt(Table):
    kind = TextField()
    at = TextField(index=True)

    class Meta:
        table_name = "attempt"


TABLES = (Revision, Action, Link, Purge, Backup, Attempt)


def up(migrator: Any, db: Any) -> None:
    text = TextField(null=True)
    migrator.migrate(
        migrator.add_column(
            "paper", "venue", TextField(default="", constraints=[SQL("DEFAULT ''")]), allow_not_null=True
        ),
        migrator.add_column("paper", "code_seen_at", text),
        migrator.add_column("paper", "purged_at", text),
        migrator.drop_index("paper", "paper_merged_into_id"),
        migrator.add_column("annotation", "purged_at", text),
        migrator.add_column("tag", "colour", text),
        migrator.add_column("tag", "gone_at", text),
        migrator.add_column("tag", "merged_into", text),
        migrator.add_column("library", "password_hash", text),
        migrator.add_column("instance", "links_version", IntegerField(null=True)),
    )
    with db.bind_ctx(TABLES):
        db.create_tables(TABLES, safe=False)
        _keep_merges(db)
    db.execute_sql('DROP TABLE "merge"')


def _keep_merges(db: Any) -> None:
    """Convert each merge into an action. Its record of the survivor is too imprecise to restore from."""
    rows = db.execute_sql(
        "SELECT m.absorbed_id, m.survivor_id, m.record, m.merged_at, p.library_id, p.title "
        'FROM "merge" m JOIN paper p ON p.id = m.absorbed_id'
    ).fetchall()
    for absorbed, survivor, record, merged_at, library, title in rows:
        moved = {key: value for key, value in json.loads(record).items() if key != "survivor_before"}
        kept = {"absorbed": absorbed, "survivor": survivor, "moved": moved, "before": {}, "after": {}}
        Action.insert(
            id=str(uuid4()),
            library=library,
            kind="merge-papers",
            title=title,
            record=json.dumps(kept),
            made_at=merged_at,
        ).execute()
