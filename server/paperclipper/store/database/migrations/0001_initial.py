"""The initial schema. Never edit this file: add a new migration for each change."""

from typing import Any

from peewee import BooleanField, CompositeKey, ForeignKeyField, IntegerField, Model, TextField


class Table(Model):  # type: ignore[misc]  # peewee has no types under our settings (pyproject.toml)
    class Meta:
        strict_tables = True
        legacy_table_names = False


class Instance(Table):
    id = IntegerField(primary_key=True)
    instance_id = TextField()

    class Meta:
        table_name = "instance"


class Library(Table):
    id = TextField(primary_key=True)
    name = TextField(unique=True)
    epoch = TextField()
    clock = IntegerField()

    class Meta:
        table_name = "library"


class Paper(Table):
    id = TextField(primary_key=True)
    library = ForeignKeyField(Library, on_delete="RESTRICT", index=False)
    changed = IntegerField()
    index_stamp = IntegerField()
    title = TextField()
    folded_title = TextField()
    abstract = TextField()
    authors = TextField()
    author_count = IntegerField(null=True)
    published = TextField(null=True)
    published_inferred = BooleanField()
    arxiv_version = IntegerField(null=True)
    newest_arxiv_version = IntegerField(null=True)
    organisation = TextField()
    keywords = TextField()
    ai_summary = TextField()
    thumbnail_url = TextField()
    code_url = TextField()
    project_url = TextField()
    sources = TextField()
    status = TextField()
    starred = BooleanField()
    rating = IntegerField(null=True)
    first_clipped_at = TextField(null=True)
    modified_at = TextField()
    deleted_at = TextField(null=True)
    merged_into = ForeignKeyField("self", null=True, on_delete="RESTRICT")

    class Meta:
        table_name = "paper"
        indexes = (
            (("library", "changed"), True),
            (("library", "index_stamp"), True),
            (("library", "folded_title"), False),
            (("library", "first_clipped_at"), False),
        )


class Identifier(Table):
    library = ForeignKeyField(Library, on_delete="RESTRICT", index=False)
    scheme = TextField()
    value = TextField()
    paper = ForeignKeyField(Paper, on_delete="RESTRICT", backref="identifiers")

    class Meta:
        table_name = "identifier"
        primary_key = CompositeKey("library", "scheme", "value")


class Clip(Table):
    id = TextField(primary_key=True)
    library = ForeignKeyField(Library, on_delete="RESTRICT", index=False)
    paper = ForeignKeyField(Paper, on_delete="RESTRICT")
    request_hash = TextField()
    clipped_at = TextField()
    received_at = TextField()
    source = TextField()
    page_kind = TextField()
    page_url = TextField()
    digest_kind = TextField(null=True)
    digest_day = TextField(null=True)
    rank = IntegerField(null=True)
    upvotes = IntegerField(null=True)
    comments = IntegerField(null=True)

    class Meta:
        table_name = "clip"


class Merge(Table):
    absorbed = ForeignKeyField(Paper, on_delete="RESTRICT", primary_key=True)
    survivor = ForeignKeyField(Paper, on_delete="RESTRICT", index=False)
    record = TextField()
    merged_at = TextField()

    class Meta:
        table_name = "merge"


class Annotation(Table):
    id = TextField(primary_key=True)
    library = ForeignKeyField(Library, on_delete="RESTRICT", index=False)
    paper = ForeignKeyField(Paper, on_delete="RESTRICT")
    changed = IntegerField()
    kind = TextField()
    body = TextField()
    exact = TextField(null=True)
    prefix = TextField()
    suffix = TextField()
    start = IntegerField(null=True)
    end = IntegerField(null=True)
    colour = TextField(null=True)
    source_url = TextField()
    arxiv_version = IntegerField(null=True)
    made_in = TextField()
    created_at = TextField()
    modified_at = TextField()
    deleted_at = TextField(null=True)

    class Meta:
        table_name = "annotation"
        indexes = ((("library", "changed"), True),)


class Tag(Table):
    id = TextField(primary_key=True)
    library = ForeignKeyField(Library, on_delete="RESTRICT", index=False)
    changed = IntegerField()
    name = TextField()
    folded = TextField()

    class Meta:
        table_name = "tag"
        indexes = ((("library", "changed"), True), (("library", "folded"), True))


class PaperTag(Table):
    paper = ForeignKeyField(Paper, on_delete="CASCADE", index=False)
    tag = ForeignKeyField(Tag, on_delete="CASCADE")

    class Meta:
        table_name = "paper_tag"
        primary_key = CompositeKey("paper", "tag")


class Sighting(Table):
    paper = ForeignKeyField(Paper, on_delete="CASCADE", index=False)
    page_kind = TextField()
    day = TextField()
    seen_at = TextField()
    upvotes = IntegerField(null=True)
    comments = IntegerField(null=True)

    class Meta:
        table_name = "sighting"
        primary_key = CompositeKey("paper", "page_kind", "day")


class Decision(Table):
    paper = ForeignKeyField(Paper, on_delete="CASCADE", index=False)
    day = TextField()
    library = ForeignKeyField(Library, on_delete="RESTRICT", index=False)
    changed = IntegerField()
    decision = TextField(null=True)
    decided_at = TextField()

    class Meta:
        table_name = "day_decision"
        primary_key = CompositeKey("paper", "day")
        indexes = ((("library", "changed"), True), (("library", "day"), False))


class Token(Table):
    id = TextField(primary_key=True)
    library = ForeignKeyField(Library, on_delete="RESTRICT", index=False)
    name = TextField()
    secret_hash = TextField(unique=True)
    scopes = TextField()
    origin = TextField(null=True, index=True)
    created_at = TextField()
    last_used_at = TextField(null=True)
    revoked_at = TextField(null=True)

    class Meta:
        table_name = "token"


class Pairing(Table):
    id = TextField(primary_key=True)
    library = ForeignKeyField(Library, null=True, on_delete="RESTRICT", index=False)
    client_name = TextField()
    origin = TextField()
    challenge = TextField()
    words = TextField()
    created_at = TextField(index=True)
    expires_at = TextField()
    state = TextField()

    class Meta:
        table_name = "pairing"


class Session(Table):
    secret_hash = TextField(primary_key=True)
    library = ForeignKeyField(Library, on_delete="RESTRICT", index=False)
    created_at = TextField()
    last_seen_at = TextField()
    expires_at = TextField()

    class Meta:
        table_name = "session"


class SignInCode(Table):
    code_hash = TextField(primary_key=True)
    library = ForeignKeyField(Library, on_delete="RESTRICT", index=False)
    expires_at = TextField()

    class Meta:
        table_name = "sign_in_code"


TABLES = (
    Instance,
    Library,
    Paper,
    Identifier,
    Clip,
    Merge,
    Annotation,
    Tag,
    PaperTag,
    Sighting,
    Decision,
    Token,
    Pairing,
    Session,
    SignInCode,
)


def up(migrator: Any, db: Any) -> None:
    with db.bind_ctx(TABLES):
        db.create_tables(TABLES, safe=False)
