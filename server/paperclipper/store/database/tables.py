"""The store's tables. They are private to `store`, and rows are never returned from it.

A process uses one database at a time, which `database.open_database` sets in the proxy.
"""

from peewee import (
    SQL,
    BlobField,
    BooleanField,
    CompositeKey,
    DatabaseProxy,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
)

from paperclipper.store.database.columns import DayField, JsonObjectField, TextListField, TimestampField

proxy = DatabaseProxy()


class Row(Model):
    """The base of all tables."""

    class Meta:
        database = proxy
        strict_tables = True
        legacy_table_names = False


class InstanceRow(Row):
    """This installation (a single row). Its id survives restores, so paired extensions stay connected.

    `links_version` is the parser version used to extract links from notes, or null if none were extracted.
    """

    id = IntegerField(primary_key=True)
    instance_id = TextField()
    links_version = IntegerField(null=True)

    class Meta:
        table_name = "instance"


class LibraryRow(Row):
    id = TextField(primary_key=True)
    name = TextField(unique=True)
    epoch = TextField()
    clock = IntegerField(default=0)
    password_hash = TextField(null=True)

    class Meta:
        table_name = "library"


class PaperRow(Row):
    """A paper.

    `sources` maps each non-empty fact to its source, which may be the reader (services/papers/fact_merge.py).

    `first_clipped_at` is null for a paper that was skipped and never clipped. The row of a merged paper keeps
    its texts so that the merge can be undone; the row of a purged paper contains no text.
    """

    id = TextField(primary_key=True)
    library = ForeignKeyField(LibraryRow, on_delete="RESTRICT", index=False)
    changed = IntegerField()
    index_stamp = IntegerField()
    title = TextField()
    folded_title = TextField()
    abstract = TextField(default="")
    authors = TextListField(default=())
    author_count = IntegerField(null=True)
    published = DayField(null=True)
    published_inferred = BooleanField(default=False)
    arxiv_version = IntegerField(null=True)
    newest_arxiv_version = IntegerField(null=True)
    organisation = TextField(default="")
    keywords = TextListField(default=())
    ai_summary = TextField(default="")
    thumbnail_url = TextField(default="")
    code_url = TextField(default="")
    project_url = TextField(default="")
    sources = JsonObjectField(default=dict)
    status = TextField(default="unread")
    starred = BooleanField(default=False)
    rating = IntegerField(null=True)
    first_clipped_at = TimestampField(null=True)
    modified_at = TimestampField()
    deleted_at = TimestampField(null=True)
    merged_into = ForeignKeyField("self", null=True, on_delete="RESTRICT", index=False)
    venue = TextField(default="", constraints=[SQL("DEFAULT ''")])
    code_seen_at = TimestampField(null=True)
    purged_at = TimestampField(null=True)

    class Meta:
        table_name = "paper"
        indexes = (
            (("library", "changed"), True),
            (("library", "index_stamp"), True),
            (("library", "folded_title"), False),
        )


PaperRow.add_index(
    PaperRow.library,
    PaperRow.first_clipped_at,
    PaperRow.id,
    name="paper_live",
    where=PaperRow.deleted_at.is_null() & PaperRow.merged_into.is_null() & PaperRow.purged_at.is_null(),
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
    """A clip. `request_hash` distinguishes a retry from another request with the same id."""

    id = TextField(primary_key=True)
    library = ForeignKeyField(LibraryRow, on_delete="RESTRICT", index=False)
    paper = ForeignKeyField(PaperRow, on_delete="RESTRICT")
    request_hash = TextField()
    clipped_at = TimestampField()
    received_at = TimestampField()
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
    created_at = TimestampField()
    modified_at = TimestampField()
    deleted_at = TimestampField(null=True)
    purged_at = TimestampField(null=True)

    class Meta:
        table_name = "annotation"
        indexes = ((("library", "changed"), True),)


class RevisionRow(Row):
    """An annotation, or the edited fields of a paper, in the earlier version with stamp `changed`."""

    library = ForeignKeyField(LibraryRow, on_delete="RESTRICT", index=False)
    subject = TextField()
    subject_id = TextField()
    changed = IntegerField()
    content = JsonObjectField()
    saved_at = TimestampField()

    class Meta:
        table_name = "revision"
        indexes = ((("subject_id", "changed"), False),)


class LinkRow(Row):
    """A note's link to a paper. `target` is text because the paper may be saved after the note."""

    annotation = ForeignKeyField(AnnotationRow, on_delete="CASCADE", index=False)
    target = TextField(index=True)

    class Meta:
        table_name = "link"
        indexes = ((("annotation", "target"), True),)


class ActionRow(Row):
    """An undoable action, with the data needed to undo it."""

    id = TextField(primary_key=True)
    library = ForeignKeyField(LibraryRow, on_delete="RESTRICT", index=False)
    kind = TextField()
    title = TextField()
    record = JsonObjectField()
    made_at = TimestampField()
    undone_at = TimestampField(null=True)

    class Meta:
        table_name = "act"
        indexes = ((("library", "made_at"), False),)


class PurgeRow(Row):
    """A purge. `clean_at` is null until the purged texts are removed from all of the library's files."""

    id = TextField(primary_key=True)
    library = ForeignKeyField(LibraryRow, on_delete="RESTRICT", index=False)
    record = JsonObjectField()
    made_at = TimestampField()
    clean_at = TimestampField(null=True)

    class Meta:
        table_name = "purge"


class BackupRow(Row):
    """A backup of the database made by this program."""

    id = TextField(primary_key=True)
    path = TextField(unique=True)
    made_at = TimestampField()

    class Meta:
        table_name = "backup"


class TagRow(Row):
    """A tag. A deleted tag's row remains without a name, so that `GET /changes` can report the deletion."""

    id = TextField(primary_key=True)
    library = ForeignKeyField(LibraryRow, on_delete="RESTRICT", index=False)
    changed = IntegerField()
    name = TextField()
    folded = TextField()
    colour = TextField(null=True)
    gone_at = TimestampField(null=True)
    merged_into = TextField(null=True)

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
    """The latest sighting of a paper per page and day."""

    paper = ForeignKeyField(PaperRow, on_delete="CASCADE", index=False)
    page_kind = TextField()
    day = DayField()
    seen_at = TimestampField()
    upvotes = IntegerField(null=True)
    comments = IntegerField(null=True)

    class Meta:
        table_name = "sighting"
        primary_key = CompositeKey("paper", "page_kind", "day")


class DecisionRow(Row):
    """A day decision. It is null if withdrawn, so that `GET /changes` can report the withdrawal."""

    paper = ForeignKeyField(PaperRow, on_delete="CASCADE", index=False)
    day = DayField()
    library = ForeignKeyField(LibraryRow, on_delete="RESTRICT", index=False)
    changed = IntegerField()
    decision = TextField(null=True)
    decided_at = TimestampField()

    class Meta:
        table_name = "day_decision"
        primary_key = CompositeKey("paper", "day")
        indexes = ((("library", "changed"), True), (("library", "day"), False))


class TokenRow(Row):
    """An API token. Only the SHA-256 of its 256 random bits is stored: a slow hash adds no protection."""

    id = TextField(primary_key=True)
    library = ForeignKeyField(LibraryRow, on_delete="RESTRICT", index=False)
    name = TextField()
    secret_hash = TextField(unique=True)
    scopes = TextListField()
    origin = TextField(null=True, index=True)
    created_at = TimestampField()
    last_used_at = TimestampField(null=True)
    revoked_at = TimestampField(null=True)

    class Meta:
        table_name = "token"


class PairingRow(Row):
    id = TextField(primary_key=True)
    library = ForeignKeyField(LibraryRow, null=True, on_delete="RESTRICT", index=False)
    client_name = TextField()
    origin = TextField()
    challenge = TextField()
    words = TextListField()
    created_at = TimestampField(index=True)
    expires_at = TimestampField()
    state = TextField()

    class Meta:
        table_name = "pairing"


class SessionRow(Row):
    secret_hash = TextField(primary_key=True)
    library = ForeignKeyField(LibraryRow, on_delete="RESTRICT", index=False)
    created_at = TimestampField()
    last_seen_at = TimestampField()
    expires_at = TimestampField()

    class Meta:
        table_name = "session"


class SignInCodeRow(Row):
    code_hash = TextField(primary_key=True)
    library = ForeignKeyField(LibraryRow, on_delete="RESTRICT", index=False)
    expires_at = TimestampField()

    class Meta:
        table_name = "sign_in_code"


class AttemptRow(Row):
    """A failed authentication attempt. Attempts are stored to limit their rate across all workers."""

    kind = TextField()
    at = TimestampField(index=True)

    class Meta:
        table_name = "attempt"


class RankingRow(Row):
    """The top results of a search, stored for an hour as the concatenated bytes of the paper ids."""

    id = TextField(primary_key=True)
    library = ForeignKeyField(LibraryRow, on_delete="RESTRICT", index=False)
    ids = BlobField()
    total = IntegerField()
    made_at = TimestampField(index=True)

    class Meta:
        table_name = "ranking"


TABLES: tuple[type[Row], ...] = (
    InstanceRow,
    LibraryRow,
    PaperRow,
    IdentifierRow,
    ClipRow,
    AnnotationRow,
    RevisionRow,
    LinkRow,
    ActionRow,
    PurgeRow,
    BackupRow,
    TagRow,
    PaperTagRow,
    SightingRow,
    DecisionRow,
    TokenRow,
    PairingRow,
    SessionRow,
    SignInCodeRow,
    AttemptRow,
    RankingRow,
)
