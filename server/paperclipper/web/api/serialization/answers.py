"""What the API's answers look like, one shape a thing, as representation.py makes them.

For the document alone. tests/web/test_contract.py asks the real server for each and compares.
"""

from paperclipper.model import (
    ActionKind,
    AnnotationKind,
    Colour,
    Decision,
    DigestKind,
    PageKind,
    PairingState,
    Scope,
    Source,
    Status,
)
from paperclipper.services.papers.stubs import PasteOutcome
from paperclipper.web.api.serialization.shapes import (
    ID,
    NAMED,
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

_PAGE_URL = url(f"http://127.0.0.1:8377/papers/{ID}", "Its place on the personal page.")
FIELD_ERROR = record(
    pointer=text(
        "/paper/title", "A JSON pointer (RFC 6901) to the part of the body, or `/` and a name in the query."
    ),
    detail=text("Missing data for required field.", "A sentence for a person."),
)
_VERSION = text("0123456789ab-42", "What `ETag` carries, and what an edit sends in `If-Match`.")
_ARXIV_VERSION = nullable(integer(1, minimum=1), "The version of the e-print that was read.")
_UPVOTES, _COMMENTS = nullable(integer(12)), nullable(integer(3))
_TOKEN_ID = "5c0d8b1e-3a30-4e2c-9b7b-2c3d4e5f6071"  # noqa: S105
_ANNOTATION_ID = "7b1f1d3e-5a52-4a4e-9d9b-0a1f5d0c9a11"
_INSTANCE = uuid(
    "This installation; it stays through backup and restore.", "0b8e2c1d-6f3a-4f7e-9a51-7c2d1e0f9b88"
)


def listing(item: Shape, **more: Shape) -> Shape:
    """A list that is not long."""
    return record(items=array(item), **more)


def page(item: Shape, cursor: Shape, **more: Shape) -> Shape:
    """One page of a long list."""
    return record(items=array(item), next=cursor, **more)


# Papers

CLIP = named(
    "Clip",
    "One act of clipping.",
    id=uuid("The UUIDv7 that its client chose.", "019cd1c6-5a40-7c3e-8f21-4b5a6c7d8e9f"),
    paper_id=uuid(),
    clipped_at=timestamp(),
    source=enum_of(Source, "data", "How the page's facts were read, weakest first."),
    page=record(
        "The page it was made on.",
        kind=enum_of(PageKind, "digest"),
        url=text("https://huggingface.co/papers"),
    ),
    digest=nullable(
        record(
            kind=enum_of(DigestKind, "day"),
            day=nullable(date("2026-03-09")),
            rank=nullable(integer(3, minimum=1)),
        ),
        "Where on the digest.",
    ),
    upvotes=_UPVOTES,
    comments=_COMMENTS,
)
PAPER = named(
    "Paper",
    "What a library knows of a paper. Empty texts, and null, mean that no page said it.",
    id=uuid(),
    version=_VERSION,
    page_url=_PAGE_URL,
    identifiers=array(text("arxiv:2603.01234"), "As `arxiv:…`, `doi:…` or `url:…`, most telling first."),
    title=text("Folding Paper Boats with Diffusion"),
    abstract=text("We fold boats out of noise, one crease at a time."),
    authors=array(text("Ada Paper")),
    author_count=nullable(integer(2), "How many there are, where the page names only some."),
    published=nullable(date("2026-03-05")),
    published_inferred=boolean(False, "Whether the year was not on the page."),
    arxiv_version=_ARXIV_VERSION,
    newest_arxiv_version=nullable(integer(2, minimum=1), "The newest version that a page spoke of."),
    organisation=text("Harbour Lab"),
    keywords=array(text("boats")),
    ai_summary=text("Boats, folded."),
    thumbnail_url=text(""),
    code_url=text("https://boats.example/code"),
    project_url=text(""),
    venue=text(""),
    sealed=array(text("title"), "The facts that the reader wrote: no page replaces them."),
    stub=boolean(False, "Whether nothing but an identifier is known yet."),
    status=enum_of(Status, "reading"),
    starred=boolean(True),
    rating=nullable(integer(4, minimum=1, maximum=5)),
    tags=array(text("boats/paper"), "Their names."),
    clips=array(CLIP, "Newest first."),
    clipped_at=nullable(timestamp(), "When it was first clipped."),
    modified_at=null_example(timestamp(), "When the reader last changed it."),
    deleted_at=null_example(timestamp(), "When it was put into the trash."),
    mine=boolean(True, "False for a paper that was dismissed and never clipped."),
)
SAVED_CLIP = record(
    "Both null where the paper was purged since.",
    clip=nullable(CLIP, "Null where it was merged away."),
    paper=nullable(PAPER),
)
_SENT_ID = {"description": "As it was sent.", "examples": ["019cd1c6-5a40-7c3e-8f21-4b5a6c7d8e9f"]}
SAVED_CLIPS = listing(
    {
        "description": "The result of the clip at the same place; `status` is what a PUT of it would have.",
        "anyOf": [
            record(id=_SENT_ID, status=integer(201, enum=[200, 201]), paper_id=uuid()),
            record(id=_SENT_ID, status=integer(422, enum=[409, 422]), errors=array(FIELD_ERROR)),
        ],
    }
)
PAPER_STATES = listing(
    record(
        identifier=text("arxiv:2603.01234", "As it was asked."),
        paper=nullable(
            named(
                "PaperState",
                "What a list page needs to mark a paper.",
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
                skipped_on=array(date("2026-03-10"), "The digest days on which it was dismissed."),
            ),
            "Null where it names no paper here.",
        ),
    )
)
STUB_RESULTS = listing(
    record(
        line=text("2603.01234"),
        outcome=enum_of(PasteOutcome, "added"),
        paper_id=nullable(uuid()),
        page_url=nullable(_PAGE_URL),
        reason=text("", "Why a line could not be read."),
    )
)

# Annotations, history, what became of a paper

_QUOTE = record(
    "W3C TextQuoteSelector, with a TextPositionSelector in code points as a hint.",
    exact=text("one crease"),
    prefix=text("noise, "),
    suffix=text(" at a time"),
    start=nullable(integer(28)),
    end=nullable(integer(38)),
)
ANNOTATION = named(
    "Annotation",
    "A note or a highlight.",
    id=uuid("The UUID that its client chose.", _ANNOTATION_ID),
    paper_id=uuid(),
    version=_VERSION,
    kind=enum_of(AnnotationKind, "highlight"),
    body=text("Look here.", "Markdown, with formulas between dollar signs."),
    quote=nullable(_QUOTE, "Null for a note."),
    colour=nullable(enum_of(Colour, "green")),
    source_url=text("https://arxiv.org/abs/2603.01234"),
    arxiv_version=_ARXIV_VERSION,
    made_in=text("extension", "The kind of client that made it."),
    created_at=timestamp(),
    modified_at=timestamp(),
    deleted_at=null_example(timestamp(), "When it was put into the trash."),
)
ANNOTATIONS = listing(ANNOTATION)
TRASH = page(
    PAPER,
    null_example(integer(20), "The `cursor` of the next page; null on the last."),
    annotations=array(
        ANNOTATION, "Notes and highlights that were deleted by themselves; on the first page alone."
    ),
)
REVISIONS = listing(
    named(
        "Revision",
        "What was said before a save.",
        version=_VERSION,
        saved_at=timestamp(),
        content={
            "type": "object",
            "description": "An annotation's `body`, `quote` and `colour`; of a paper, facts that were written anew.",
            "examples": [{"body": "Look here.", "quote": None, "colour": None}],
        },
    )
)
BACKLINKS = listing(
    record(
        paper=record(
            "The paper that the note stands on.", id=uuid(), title=text("Cranes"), page_url=_PAGE_URL
        ),
        annotation_id=uuid(example=_ANNOTATION_ID),
        body=text("Compare [[2603.01234]]."),
    )
)
_COUNT = record(then=integer(12), then_at=timestamp(), now=integer(155), now_at=timestamp())
THEN_AND_NOW = record(
    upvotes=nullable(_COUNT, "Null where nothing newer was seen."),
    comments=null_example(_COUNT),
    code_seen_at=null_example(timestamp(), "When a link to code appeared after the first clip."),
    eprint=nullable(
        record(read=integer(1), newest=integer(2)), "Null where no newer e-print version is known."
    ),
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

# Tags and acts on many rows

ACTION = named(
    "Action",
    "An act on many rows, which can be undone.",
    id=uuid(example="3e1c7a0f-2b2f-4d1b-8a6c-3d4e5f607183"),
    kind=enum_of(ActionKind, "bulk"),
    title=text("2 papers: tagged “boats”", "What was done, in words."),
    made_at=timestamp(),
    undone_at=null_example(timestamp()),
)
ACTIONS = listing(ACTION)
OPTIONAL_ACTION = record(action=nullable(ACTION, "Null where there was nothing to do."))
MERGED_PAPER = record(paper=PAPER, action=nullable(ACTION, "Null where it was done before."))
_TAG_FIELDS = {
    "id": uuid(example=_TOKEN_ID),
    "version": _VERSION,
    "name": text("boats/paper"),
    "colour": nullable(enum_of(Colour, "green")),
}
TAG = named(
    "Tag", "A label; `a/b` is nested in `a`.", **_TAG_FIELDS, papers=integer(3, "How many papers carry it.")
)
TAGS = listing(TAG)
CHANGED_TAG = record(
    tag=TAG, action=nullable(ACTION, "What can be undone; null where nothing was renamed or merged.")
)

# Days

DECISION = named(
    "DayDecision",
    "Dismissed or done, for one paper on one digest day.",
    paper_id=uuid(),
    day=date("2026-03-09"),
    decision=enum_of(Decision, "skipped"),
    decided_at=timestamp(),
)
DECISIONS = listing(DECISION)
DECIDED_PAPER = record(paper_id=uuid())
STORED_SIGHTINGS = record(stored=integer(1, "How many of the papers are here."))

# Following the library, letting go, how it is

CHANGES = page(
    named(
        "Change",
        "One step of the library's history, with the thing as it is now; of the four, the one of its `kind`.",
        stamp=integer(42, "Later changes have higher ones."),
        kind=text("paper", enum=["paper", "annotation", "tag", "decision"]),
        id=text(ID, "Its id; of a decision, its paper's."),
        gone=boolean(False, "Merged, purged, or deleted for good: forget it."),
        merged_into=null_example(uuid(), "The survivor of a merge."),
        paper=nullable(PAPER),
        annotation=null_example(ANNOTATION),
        tag=null_example(record(**_TAG_FIELDS)),
        decision=null_example(DECISION),
    ),
    text("0123456789ab-42", "The `since` to go on from, now or later."),
    more=boolean(False, "Whether there are more already."),
)
PURGE = named(
    "Purge",
    "Papers and annotations that were let go of for good.",
    id=uuid(example="2f1c7a0f-2b2f-4d1b-8a6c-3d4e5f607184"),
    made_at=timestamp(),
    papers=integer(1),
    annotations=integer(0),
    done=boolean(False, "Whether no file of the library holds the texts any more."),
    backups=array(
        record(
            id=uuid(example="1a1c7a0f-2b2f-4d1b-8a6c-3d4e5f607185"),
            path=text("/home/ada/papers.backup"),
            made_at=timestamp(),
        ),
        "Copies that still hold them.",
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
        papers=integer(64), behind=integer(0, "How many papers it has still to read."), segments=integer(2)
    ),
    disk=record(free_bytes=integer(52_428_800_000)),
    backed_up_at=nullable(timestamp(), "When a copy was last made here."),
    backups=nullable(
        record(
            count=integer(7, "How many copies that were made by themselves are kept."),
            folder=text("/home/ada/.local/share/paperclipper/backups"),
            overdue=boolean(False, "Whether the last copy is older than two days, or there is none."),
        ),
        "The copies that are made each day; null where the database cannot tell.",
    ),
)
ZIP: Shape = {"type": "string", "contentMediaType": "application/zip", "description": "A zip archive."}

# Who may use it

HELLO = record(
    app=text("paperclipper", const="paperclipper"),
    api_version=integer(1, const=1),
    version=text("0.2.0"),
    extension_version=text("0.2.0", "The extension that fits it."),
    instance_id=_INSTANCE,
)
_WORDS = array(text("harbour"), "The three words to compare.") | {"minItems": 3, "maxItems": 3}
_WORDS["examples"] = [["harbour", "lemon", "violin"]]
_PAIRING_ID = uuid(example="4d1c7a0f-2b2f-4d1b-8a6c-3d4e5f607182")
PAIRING_REQUEST = record(
    id=_PAIRING_ID,
    words=_WORDS,
    instance_id=_INSTANCE,
    expires_at=timestamp(),
    approve_url=url(
        "http://127.0.0.1:8377/pair/4d1c7a0f-2b2f-4d1b-8a6c-3d4e5f607182", "Open it for the reader."
    ),
)
_SCOPES = array(enum_of(Scope, "read")) | {"examples": [["clip", "read"]]}
_SECRET = text("pcl_5c0d8b1e_…", "The secret: in this answer and nowhere else.")
CLAIMED_TOKEN = record(
    token=_SECRET,
    scopes=_SCOPES,
    instance_id=_INSTANCE,
    library=record(id=uuid(), name=text("Library")),
)
WAITING_PAIRING = record(state=text("waiting", const="waiting"))
PAIRING = named(
    "Pairing",
    "A browser that asks to be connected.",
    id=_PAIRING_ID,
    client_name=text("Firefox on the laptop"),
    origin=text("moz-extension://0f6d0b0e-1111-4222-8333-444455556666"),
    words=_WORDS,
    state=enum_of(PairingState, "waiting"),
    created_at=timestamp(),
    expires_at=timestamp(),
)
PAIRINGS = listing(PAIRING)
TOKEN = named(
    "Token",
    "A right to use the library's API.",
    id=uuid(example=_TOKEN_ID),
    name=text("A script"),
    scopes=_SCOPES,
    origin=null_example(text(""), "The only Origin that it may come from: that of a connected extension."),
    created_at=timestamp(),
    last_used_at=null_example(timestamp()),
    revoked_at=null_example(timestamp()),
)
TOKENS = listing(TOKEN)
NEW_TOKEN = named("NewToken", "A token with its secret.", **NAMED["Token"]["properties"], token=_SECRET)
