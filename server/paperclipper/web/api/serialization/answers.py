"""The JSON Schemas of the API's responses, for the OpenAPI document.

representation.py builds the responses; tests/web/api/openapi/test_contract.py checks that they match.
"""

from paperclipper.model import (
    ActionKind,
    AnnotationKind,
    Colour,
    Decision,
    DigestKind,
    PageKind,
    Source,
    Status,
)
from paperclipper.services.papers.stubs import PasteOutcome
from paperclipper.web.api.serialization.shapes import (
    ID,
    Shape,
    array,
    boolean,
    date,
    enum_of,
    integer,
    named,
    null_example,
    nullable,
    record,
    text,
    timestamp,
    url,
    uuid,
)

_PAGE_URL = url(f"http://127.0.0.1:8377/papers/{ID}", "The URL of the paper's page.")
FIELD_ERROR = record(
    pointer=text(
        "/paper/title",
        "A JSON pointer (RFC 6901) to the invalid value. For a query parameter: `/` and its name.",
    ),
    detail=text("Missing data for required field.", "A human-readable explanation of the error."),
)
_VERSION = text("0123456789ab-42", "The current version, which is also the `ETag`. Send it in `If-Match`.")
_ARXIV_VERSION = nullable(integer(1, minimum=1), "The arXiv version that was read.")
_UPVOTES, _COMMENTS = nullable(integer(12)), nullable(integer(3))
_TAG_ID = "5c0d8b1e-3a30-4e2c-9b7b-2c3d4e5f6071"
_ANNOTATION_ID = "7b1f1d3e-5a52-4a4e-9d9b-0a1f5d0c9a11"


def listing(item: Shape, **more: Shape) -> Shape:
    """Return the schema of an unpaginated list."""
    return record(items=array(item), **more)


def page(item: Shape, cursor: Shape, **more: Shape) -> Shape:
    """Return the schema of one page of a paginated list."""
    return record(items=array(item), next=cursor, **more)


# Papers

CLIP = named(
    "Clip",
    "A paper saved from a page.",
    id=uuid("The UUIDv7 chosen by the client.", "019cd1c6-5a40-7c3e-8f21-4b5a6c7d8e9f"),
    paper_id=uuid(),
    clipped_at=timestamp(),
    source=enum_of(Source, "data", "How the facts were read, from least to most reliable."),
    page=record(
        "The source page.",
        kind=enum_of(PageKind, "digest"),
        url=text("https://huggingface.co/papers"),
    ),
    digest=nullable(
        record(
            kind=enum_of(DigestKind, "day"),
            day=nullable(date("2026-03-09")),
            rank=nullable(integer(3, minimum=1)),
        ),
        "The position in the digest.",
    ),
    upvotes=_UPVOTES,
    comments=_COMMENTS,
)
PAPER = named(
    "Paper",
    "A paper in the library. Unknown values are empty strings or null.",
    id=uuid(),
    version=_VERSION,
    page_url=_PAGE_URL,
    identifiers=array(text("arxiv:2603.01234"), "As `arxiv:…`, `doi:…` or `url:…`, most specific first."),
    title=text("Folding Paper Boats with Diffusion"),
    abstract=text("We fold boats out of noise, one crease at a time."),
    authors=array(text("Ada Paper")),
    author_count=nullable(integer(2), "The total number of authors, if the page listed only some."),
    published=nullable(date("2026-03-05")),
    published_inferred=boolean(False, "Whether the year was inferred because the page did not show one."),
    arxiv_version=_ARXIV_VERSION,
    newest_arxiv_version=nullable(integer(2, minimum=1), "The newest version seen on any page."),
    organisation=text("Harbour Lab"),
    keywords=array(text("boats")),
    ai_summary=text("Boats, folded."),
    thumbnail_url=text(""),
    code_url=text("https://boats.example/code"),
    project_url=text(""),
    venue=text(""),
    sealed=array(text("title"), "The names of the facts edited by the reader. Clips do not overwrite them."),
    stub=boolean(False, "Whether only an identifier is known so far."),
    status=enum_of(Status, "reading"),
    starred=boolean(True),
    rating=nullable(integer(4, minimum=1, maximum=5)),
    tags=array(text("boats/paper"), "The names of the tags."),
    clips=array(CLIP, "Newest first."),
    clipped_at=nullable(timestamp(), "Time of the first clip."),
    modified_at=null_example(timestamp(), "Time of the last change by the reader."),
    deleted_at=null_example(timestamp(), "Time of deletion, if the paper is in the trash."),
    mine=boolean(True, "False for a paper that was skipped and never clipped."),
)
SAVED_CLIP = record(
    "Both are null if the paper has been purged.",
    clip=nullable(CLIP, "Null if the clip was removed by a merge."),
    paper=nullable(PAPER),
)
_SENT_ID = {"description": "As sent by the client.", "examples": ["019cd1c6-5a40-7c3e-8f21-4b5a6c7d8e9f"]}
SAVED_CLIPS = listing(
    {
        "description": "The result for the clip at the same index, with the `status` a PUT would return.",
        "anyOf": [
            record(id=_SENT_ID, status=integer(201, enum=[200, 201]), paper_id=uuid()),
            record(id=_SENT_ID, status=integer(422, enum=[409, 422]), errors=array(FIELD_ERROR)),
        ],
    }
)
PAPER_STATES = listing(
    record(
        identifier=text("arxiv:2603.01234", "As in the request."),
        paper=nullable(
            named(
                "PaperState",
                "The state of a paper, as shown on a list page.",
                id=uuid(),
                version=_VERSION,
                page_url=_PAGE_URL,
                status=enum_of(Status, "reading"),
                starred=boolean(True),
                tags=array(text("boats/paper")),
                notes=integer(1),
                highlights=integer(0),
                clipped_at=nullable(timestamp()),
                mine=boolean(True),
                stub=boolean(False),
                skipped_on=array(date("2026-03-10"), "The digest days on which the paper was skipped."),
            ),
            "Null if the paper is not in the library.",
        ),
    )
)
STUB_RESULTS = listing(
    record(
        line=text("2603.01234"),
        outcome=enum_of(PasteOutcome, "added"),
        paper_id=nullable(uuid()),
        page_url=nullable(_PAGE_URL),
        reason=text("", "Why the line is invalid."),
    )
)

# Annotations, earlier versions, changes since the clip

_QUOTE = record(
    "A W3C TextQuoteSelector, with a TextPositionSelector (in code points) as a hint.",
    exact=text("one crease"),
    prefix=text("noise, "),
    suffix=text(" at a time"),
    start=nullable(integer(28)),
    end=nullable(integer(38)),
)
ANNOTATION = named(
    "Annotation",
    "A note or a highlight.",
    id=uuid("The UUID chosen by the client.", _ANNOTATION_ID),
    paper_id=uuid(),
    version=_VERSION,
    kind=enum_of(AnnotationKind, "highlight"),
    body=text("Look here.", "Markdown, with formulas between `$` characters."),
    quote=nullable(_QUOTE, "Null for a note."),
    colour=nullable(enum_of(Colour, "green")),
    source_url=text("https://arxiv.org/abs/2603.01234"),
    arxiv_version=_ARXIV_VERSION,
    made_in=text("extension", "The kind of client that created it."),
    created_at=timestamp(),
    modified_at=timestamp(),
    deleted_at=null_example(timestamp(), "Time of deletion, if the annotation is in the trash."),
)
ANNOTATIONS = listing(ANNOTATION)
TRASH = page(
    PAPER,
    null_example(integer(20), "The `cursor` of the next page. Null on the last page."),
    annotations=array(
        ANNOTATION, "Notes and highlights that were deleted individually. Only on the first page."
    ),
)
REVISIONS = listing(
    named(
        "Revision",
        "An earlier version.",
        version=_VERSION,
        saved_at=timestamp(),
        content={
            "type": "object",
            "description": "An annotation's `body`, `quote` and `colour`, or a paper's edited facts.",
            "examples": [{"body": "Look here.", "quote": None, "colour": None}],
        },
    )
)
BACKLINKS = listing(
    record(
        paper=record("The paper with the note.", id=uuid(), title=text("Cranes"), page_url=_PAGE_URL),
        annotation_id=uuid(example=_ANNOTATION_ID),
        body=text("Compare [[2603.01234]]."),
    )
)
_COUNT = record(then=integer(12), then_at=timestamp(), now=integer(155), now_at=timestamp())
THEN_AND_NOW = record(
    upvotes=nullable(_COUNT, "Null if there are no newer counts."),
    comments=null_example(_COUNT),
    code_seen_at=null_example(timestamp(), "When a link to code first appeared after the first clip."),
    eprint=nullable(record(read=integer(1), newest=integer(2)), "Null if no newer arXiv version is known."),
)
SIGHTINGS = listing(
    record(
        page=enum_of(PageKind, "digest"),
        day=date("2026-03-09"),
        seen_at=timestamp(),
        upvotes=_UPVOTES,
        comments=_COMMENTS,
    )
)

# Tags and actions

ACTION = named(
    "Action",
    "A change that can be undone.",
    id=uuid(example="3e1c7a0f-2b2f-4d1b-8a6c-3d4e5f607183"),
    kind=enum_of(ActionKind, "bulk"),
    title=text("2 papers: tagged “boats”", "A description of the change."),
    made_at=timestamp(),
    undone_at=null_example(timestamp()),
)
ACTIONS = listing(ACTION)
OPTIONAL_ACTION = record(action=nullable(ACTION, "Null if nothing changed."))
MERGED_PAPER = record(paper=PAPER, action=nullable(ACTION, "Null if the papers were already merged."))
_TAG_FIELDS = {
    "id": uuid(example=_TAG_ID),
    "version": _VERSION,
    "name": text("boats/paper"),
    "colour": nullable(enum_of(Colour, "green")),
}
TAG = named(
    "Tag",
    "A tag. Use a slash to nest it: `a/b` is nested in `a`.",
    **_TAG_FIELDS,
    papers=integer(3, "The number of papers with this tag."),
)
TAGS = listing(TAG)
CHANGED_TAG = record(
    tag=TAG, action=nullable(ACTION, "The undoable action. Null if nothing was renamed or merged.")
)

# Days

DECISION = named(
    "DayDecision",
    "The decision for a paper on a digest day: skipped or done.",
    paper_id=uuid(),
    day=date("2026-03-09"),
    decision=enum_of(Decision, "skipped"),
    decided_at=timestamp(),
)
DECISIONS = listing(DECISION)
DECIDED_PAPER = record(paper_id=uuid())
STORED_SIGHTINGS = record(stored=integer(1, "The number of papers in the library whose counts were saved."))

# Changes, purges, health

CHANGES = page(
    named(
        "Change",
        "A change. The field named by `kind` contains the current state.",
        stamp=integer(42, "A number that increases with each change."),
        kind=text("paper", enum=["paper", "annotation", "tag", "decision"]),
        id=text(ID, "The id of the changed resource. For a decision: the id of the paper."),
        gone=boolean(False, "Whether the resource no longer exists: it was merged, purged or deleted."),
        merged_into=null_example(uuid(), "The id of the paper or tag it was merged into."),
        paper=nullable(PAPER),
        annotation=null_example(ANNOTATION),
        tag=null_example(record(**_TAG_FIELDS)),
        decision=null_example(DECISION),
    ),
    text("0123456789ab-42", "The `since` cursor for the next request."),
    more=boolean(False, "Whether more changes are available."),
)
PURGE = named(
    "Purge",
    "A permanent deletion of papers and annotations.",
    id=uuid(example="2f1c7a0f-2b2f-4d1b-8a6c-3d4e5f607184"),
    made_at=timestamp(),
    papers=integer(1),
    annotations=integer(0),
    done=boolean(False, "Whether the text has been erased from all files of the library."),
    backups=array(
        record(
            id=uuid(example="1a1c7a0f-2b2f-4d1b-8a6c-3d4e5f607185"),
            path=text("/home/ada/papers.backup"),
            made_at=timestamp(),
        ),
        "Backups that still contain the text.",
    ),
)
HEALTH = record(
    healthy=boolean(True),
    database=record(
        problem=null_example(text("The database is damaged.")),
        papers=integer(64),
        bytes=integer(1_048_576),
        log_bytes=integer(32_768),
    ),
    index=record(
        papers=integer(64), behind=integer(0, "The number of papers not yet indexed."), segments=integer(2)
    ),
    disk=record(free_bytes=integer(52_428_800_000)),
    backed_up_at=nullable(timestamp(), "Time of the last backup."),
    backups=nullable(
        record(
            count=integer(7, "The number of automatic backups."),
            folder=text("/home/ada/.local/share/paperclipper/backups"),
            overdue=boolean(False, "Whether the last backup is missing or older than two days."),
        ),
        "The automatic daily backups. Null if the database is unavailable.",
    ),
)
ZIP: Shape = {"type": "string", "contentMediaType": "application/zip", "description": "A zip archive."}
