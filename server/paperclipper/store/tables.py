"""The private tables of the store. Nothing outside `store` may import them: rows never leave the room.

STRICT tables (https://www.sqlite.org/stricttables.html), so times and days are ISO 8601 text and lists are JSON text.
The process has one database at a time; `database.open_database` fills the proxy.
"""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from peewee import (
    BooleanField,
    CompositeKey,
    DatabaseProxy,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
)

proxy = DatabaseProxy()


class MomentField(TextField):
    """A UTC time to the millisecond; the text sorts as the time does."""

    def db_value(self, value: datetime | str | None) -> str | None:
        """ISO 8601 with `Z`."""
        if isinstance(value, datetime):
            return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return value

    def python_value(self, value: str | None) -> datetime | None:
        """An aware datetime."""
        return datetime.fromisoformat(value) if value else None


class DayField(TextField):
    """A calendar day."""

    def db_value(self, value: date | str | None) -> str | None:
        """ISO 8601."""
        return value.isoformat() if isinstance(value, date) else value

    def python_value(self, value: str | None) -> date | None:
        """A date."""
        return date.fromisoformat(value) if value else None


class WordsField(TextField):
    """A list of texts, kept in order, as JSON."""

    def db_value(self, value: Sequence[str]) -> str:
        """Compact JSON, readable in the file."""
        return json.dumps(list(value), ensure_ascii=False)

    def python_value(self, value: str) -> tuple[str, ...]:
        """A tuple."""
        return tuple(json.loads(value)) if value != "[]" else ()


class MapField(TextField):
    """A flat JSON object."""

    def db_value(self, value: dict[str, Any]) -> str:
        """Compact JSON."""
        return json.dumps(value, ensure_ascii=False)

    def python_value(self, value: str) -> dict[str, Any]:
        """A dict."""
        parsed: dict[str, Any] = json.loads(value)
        return parsed


class Row(Model):
    """What all tables share."""

    class Meta:
        database = proxy
        strict_tables = True
        legacy_table_names = False


class InstanceRow(Row):
    """One row: this installation. Its id survives restores, so paired extensions go on."""

    id = IntegerField(primary_key=True)
    instance_id = TextField()

    class Meta:
        table_name = "instance"


class LibraryRow(Row):
    id = TextField(primary_key=True)
    name = TextField(unique=True)
    epoch = TextField()
    clock = IntegerField(default=0)

    class Meta:
        table_name = "library"


class PaperRow(Row):
    """`sources` says of each filled fact how it was read, or that the reader sealed it (services/merging.py).

    `first_clipped_at` is null for a paper that was dismissed and never clipped.
    """

    id = TextField(primary_key=True)
    library = ForeignKeyField(LibraryRow, on_delete="RESTRICT", index=False)
    changed = IntegerField()
    index_stamp = IntegerField()
    title = TextField()
    folded_title = TextField()
    abstract = TextField(default="")
    authors = WordsField(default=())
    author_count = IntegerField(null=True)
    published = DayField(null=True)
    published_inferred = BooleanField(default=False)
    arxiv_version = IntegerField(null=True)
    newest_arxiv_version = IntegerField(null=True)
    organisation = TextField(default="")
    keywords = WordsField(default=())
    ai_summary = TextField(default="")
    thumbnail_url = TextField(default="")
    code_url = TextField(default="")
    project_url = TextField(default="")
    sources = MapField(default=dict)
    status = TextField(default="unread")
    starred = BooleanField(default=False)
    rating = IntegerField(null=True)
    first_clipped_at = MomentField(null=True)
    modified_at = MomentField()
    deleted_at = MomentField(null=True)
    merged_into = ForeignKeyField("self", null=True, on_delete="RESTRICT")

    class Meta:
        table_name = "paper"
        indexes = (
            (("library", "changed"), True),
            (("library", "index_stamp"), True),
            (("library", "folded_title"), False),
            (("library", "first_clipped_at"), False),
        )


class IdentifierRow(Row):
    library = ForeignKeyField(LibraryRow, on_delete="RESTRICT", index=False)
    scheme = TextField()
    value = TextField()
    paper = ForeignKeyField(PaperRow, on_delete="RESTRICT", backref="identifiers")

    class Meta:
        table_name = "identifier"
        primary_key = CompositeKey("library", "scheme", "value")


class ClipRow(Row):
    """`request_hash` is kept for good: it tells the same clip sent again from another one under its id."""

    id = TextField(primary_key=True)
    library = ForeignKeyField(LibraryRow, on_delete="RESTRICT", index=False)
    paper = ForeignKeyField(PaperRow, on_delete="RESTRICT")
    request_hash = TextField()
    clipped_at = MomentField()
    received_at = MomentField()
    source = TextField()
    page_kind = TextField()
    page_url = TextField(default="")
    digest_kind = TextField(null=True)
    digest_day = DayField(null=True)
    rank = IntegerField(null=True)
    upvotes = IntegerField(null=True)
    comments = IntegerField(null=True)

    class Meta:
        table_name = "clip"


class MergeRow(Row):
    """What one merge of two papers moved, so that it can be undone."""

    absorbed = ForeignKeyField(PaperRow, on_delete="RESTRICT", primary_key=True)
    survivor = ForeignKeyField(PaperRow, on_delete="RESTRICT", index=False)
    record = MapField()
    merged_at = MomentField()

    class Meta:
        table_name = "merge"


class AnnotationRow(Row):
    id = TextField(primary_key=True)
    library = ForeignKeyField(LibraryRow, on_delete="RESTRICT", index=False)
    paper = ForeignKeyField(PaperRow, on_delete="RESTRICT")
    changed = IntegerField()
    kind = TextField()
    body = TextField(default="")
    exact = TextField(null=True)
    prefix = TextField(default="")
    suffix = TextField(default="")
    start = IntegerField(null=True)
    end = IntegerField(null=True)
    colour = TextField(null=True)
    source_url = TextField(default="")
    arxiv_version = IntegerField(null=True)
    made_in = TextField(default="")
    created_at = MomentField()
    modified_at = MomentField()
    deleted_at = MomentField(null=True)

    class Meta:
        table_name = "annotation"
        indexes = ((("library", "changed"), True),)


class TagRow(Row):
    id = TextField(primary_key=True)
    library = ForeignKeyField(LibraryRow, on_delete="RESTRICT", index=False)
    changed = IntegerField()
    name = TextField()
    folded = TextField()

    class Meta:
        table_name = "tag"
        indexes = ((("library", "changed"), True), (("library", "folded"), True))


class PaperTagRow(Row):
    paper = ForeignKeyField(PaperRow, on_delete="CASCADE", index=False)
    tag = ForeignKeyField(TagRow, on_delete="CASCADE")

    class Meta:
        table_name = "paper_tag"
        primary_key = CompositeKey("paper", "tag")


class SightingRow(Row):
    """The latest per paper, page and day."""

    paper = ForeignKeyField(PaperRow, on_delete="CASCADE", index=False)
    page_kind = TextField()
    day = DayField()
    seen_at = MomentField()
    upvotes = IntegerField(null=True)
    comments = IntegerField(null=True)

    class Meta:
        table_name = "sighting"
        primary_key = CompositeKey("paper", "page_kind", "day")


class DecisionRow(Row):
    """A withdrawn decision stays as a row without one, so that `GET /changes` can tell of it."""

    paper = ForeignKeyField(PaperRow, on_delete="CASCADE", index=False)
    day = DayField()
    library = ForeignKeyField(LibraryRow, on_delete="RESTRICT", index=False)
    changed = IntegerField()
    decision = TextField(null=True)
    decided_at = MomentField()

    class Meta:
        table_name = "day_decision"
        primary_key = CompositeKey("paper", "day")
        indexes = ((("library", "changed"), True), (("library", "day"), False))


class TokenRow(Row):
    """Only the SHA-256 of a secret is kept: it is 256 random bits, so a slow hash would guard nothing more."""

    id = TextField(primary_key=True)
    library = ForeignKeyField(LibraryRow, on_delete="RESTRICT", index=False)
    name = TextField()
    secret_hash = TextField(unique=True)
    scopes = WordsField()
    origin = TextField(null=True, index=True)
    created_at = MomentField()
    last_used_at = MomentField(null=True)
    revoked_at = MomentField(null=True)

    class Meta:
        table_name = "token"


class PairingRow(Row):
    id = TextField(primary_key=True)
    library = ForeignKeyField(LibraryRow, null=True, on_delete="RESTRICT", index=False)
    client_name = TextField()
    origin = TextField()
    challenge = TextField()
    words = WordsField()
    created_at = MomentField(index=True)
    expires_at = MomentField()
    state = TextField()

    class Meta:
        table_name = "pairing"


class SessionRow(Row):
    secret_hash = TextField(primary_key=True)
    library = ForeignKeyField(LibraryRow, on_delete="RESTRICT", index=False)
    created_at = MomentField()
    last_seen_at = MomentField()
    expires_at = MomentField()

    class Meta:
        table_name = "session"


class SignInCodeRow(Row):
    code_hash = TextField(primary_key=True)
    library = ForeignKeyField(LibraryRow, on_delete="RESTRICT", index=False)
    expires_at = MomentField()

    class Meta:
        table_name = "sign_in_code"


TABLES: tuple[type[Row], ...] = (
    InstanceRow,
    LibraryRow,
    PaperRow,
    IdentifierRow,
    ClipRow,
    MergeRow,
    AnnotationRow,
    TagRow,
    PaperTagRow,
    SightingRow,
    DecisionRow,
    TokenRow,
    PairingRow,
    SessionRow,
    SignInCodeRow,
)
