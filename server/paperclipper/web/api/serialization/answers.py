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
    address,
    day,
    flag,
    many,
    maybe,
    moment,
    nothing_yet,
    number,
    record,
    text,
    thing,
    uuid,
    word,
)

_PAGE_URL = address(f"http://127.0.0.1:8377/papers/{ID}", "Its place on the personal page.")
INVALID = record(
    pointer=text(
        "/paper/title", "A JSON pointer (RFC 6901) to the part of the body, or `/` and a name in the query."
    ),
    detail=text("Missing data for required field.", "A sentence for a person."),
)
_VERSION = text("0123456789ab-42", "What `ETag` carries, and what an edit sends in `If-Match`.")
_ARXIV_VERSION = maybe(number(1, minimum=1), "The version of the e-print that was read.")
_UPVOTES, _COMMENTS = maybe(number(12)), maybe(number(3))
_TOKEN_ID = "5c0d8b1e-3a30-4e2c-9b7b-2c3d4e5f6071"  # noqa: S105
_ANNOTATION_ID = "7b1f1d3e-5a52-4a4e-9d9b-0a1f5d0c9a11"
_INSTANCE = uuid(
    "This installation; it stays through backup and restore.", "0b8e2c1d-6f3a-4f7e-9a51-7c2d1e0f9b88"
)


def listing(item: Shape, **more: Shape) -> Shape:
    """A list that is not long."""
    return record(items=many(item), **more)


def page(item: Shape, cursor: Shape, **more: Shape) -> Shape:
    """One page of a long list."""
    return record(items=many(item), next=cursor, **more)


# Papers

CLIP = thing(
    "Clip",
    "One act of clipping.",
    id=uuid("The UUIDv7 that its client chose.", "019cd1c6-5a40-7c3e-8f21-4b5a6c7d8e9f"),
    paper_id=uuid(),
    clipped_at=moment(),
    source=word(Source, "data", "How the page's facts were read, weakest first."),
    page=record(
        "The page it was made on.", kind=word(PageKind, "digest"), url=text("https://huggingface.co/papers")
    ),
    digest=maybe(
        record(kind=word(DigestKind, "day"), day=maybe(day("2026-03-09")), rank=maybe(number(3, minimum=1))),
        "Where on the digest.",
    ),
    upvotes=_UPVOTES,
    comments=_COMMENTS,
)
PAPER = thing(
    "Paper",
    "What a library knows of a paper. Empty texts, and null, mean that no page said it.",
    id=uuid(),
    version=_VERSION,
    page_url=_PAGE_URL,
    identifiers=many(text("arxiv:2603.01234"), "As `arxiv:…`, `doi:…` or `url:…`, most telling first."),
    title=text("Folding Paper Boats with Diffusion"),
    abstract=text("We fold boats out of noise, one crease at a time."),
    authors=many(text("Ada Paper")),
    author_count=maybe(number(2), "How many there are, where the page names only some."),
    published=maybe(day("2026-03-05")),
    published_inferred=flag(False, "Whether the year was not on the page."),
    arxiv_version=_ARXIV_VERSION,
    newest_arxiv_version=maybe(number(2, minimum=1), "The newest version that a page spoke of."),
    organisation=text("Harbour Lab"),
    keywords=many(text("boats")),
    ai_summary=text("Boats, folded."),
    thumbnail_url=text(""),
    code_url=text("https://boats.example/code"),
    project_url=text(""),
    venue=text(""),
    sealed=many(text("title"), "The facts that the reader wrote: no page replaces them."),
    stub=flag(False, "Whether nothing but an identifier is known yet."),
    status=word(Status, "reading"),
    starred=flag(True),
    rating=maybe(number(4, minimum=1, maximum=5)),
    tags=many(text("boats/paper"), "Their names."),
    clips=many(CLIP, "Newest first."),
    clipped_at=maybe(moment(), "When it was first clipped."),
    modified_at=nothing_yet(moment(), "When the reader last changed it."),
    deleted_at=nothing_yet(moment(), "When it was put into the trash."),
    mine=flag(True, "False for a paper that was dismissed and never clipped."),
)
SAVED_CLIP = record(
    "Both null where the paper was purged since.",
    clip=maybe(CLIP, "Null where it was merged away."),
    paper=maybe(PAPER),
)
_SENT_ID = {"description": "As it was sent.", "examples": ["019cd1c6-5a40-7c3e-8f21-4b5a6c7d8e9f"]}
SAVED_CLIPS = listing(
    {
        "description": "The result of the clip at the same place; `status` is what a PUT of it would have.",
        "anyOf": [
            record(id=_SENT_ID, status=number(201, enum=[200, 201]), paper_id=uuid()),
            record(id=_SENT_ID, status=number(422, enum=[409, 422]), errors=many(INVALID)),
        ],
    }
)
STATES = listing(
    record(
        identifier=text("arxiv:2603.01234", "As it was asked."),
        paper=maybe(
            thing(
                "PaperState",
                "What a list page needs to mark a paper.",
                id=uuid(),
                version=_VERSION,
                page_url=_PAGE_URL,
                status=word(Status, "reading"),
                starred=flag(True),
                tags=many(text("boats/paper")),
                notes=number(1),
                highlights=number(0),
                clipped_at=maybe(moment()),
                mine=flag(True),
                stub=flag(False),
                skipped_on=many(day("2026-03-10"), "The digest days on which it was dismissed."),
            ),
            "Null where it names no paper here.",
        ),
    )
)
PASTED = listing(
    record(
        line=text("2603.01234"),
        outcome=word(PasteOutcome, "added"),
        paper_id=maybe(uuid()),
        page_url=maybe(_PAGE_URL),
        reason=text("", "Why a line could not be read."),
    )
)

# Annotations, history, what became of a paper

_QUOTE = record(
    "W3C TextQuoteSelector, with a TextPositionSelector in code points as a hint.",
    exact=text("one crease"),
    prefix=text("noise, "),
    suffix=text(" at a time"),
    start=maybe(number(28)),
    end=maybe(number(38)),
)
ANNOTATION = thing(
    "Annotation",
    "A note or a highlight.",
    id=uuid("The UUID that its client chose.", _ANNOTATION_ID),
    paper_id=uuid(),
    version=_VERSION,
    kind=word(AnnotationKind, "highlight"),
    body=text("Look here.", "Markdown, with formulas between dollar signs."),
    quote=maybe(_QUOTE, "Null for a note."),
    colour=maybe(word(Colour, "green")),
    source_url=text("https://arxiv.org/abs/2603.01234"),
    arxiv_version=_ARXIV_VERSION,
    made_in=text("extension", "The kind of client that made it."),
    created_at=moment(),
    modified_at=moment(),
    deleted_at=nothing_yet(moment(), "When it was put into the trash."),
)
ANNOTATIONS = listing(ANNOTATION)
TRASH = page(
    PAPER,
    nothing_yet(number(20), "The `cursor` of the next page; null on the last."),
    annotations=many(
        ANNOTATION, "Notes and highlights that were deleted by themselves; on the first page alone."
    ),
)
REVISIONS = listing(
    thing(
        "Revision",
        "What was said before a save.",
        version=_VERSION,
        saved_at=moment(),
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
_COUNT = record(then=number(12), then_at=moment(), now=number(155), now_at=moment())
THEN_AND_NOW = record(
    upvotes=maybe(_COUNT, "Null where nothing newer was seen."),
    comments=nothing_yet(_COUNT),
    code_seen_at=nothing_yet(moment(), "When a link to code appeared after the first clip."),
    eprint=maybe(record(read=number(1), newest=number(2)), "Null where no newer e-print version is known."),
)
SIGHTINGS = listing(
    record(
        page=word(PageKind, "digest"),
        day=day("2026-03-09"),
        seen_at=moment(),
        upvotes=_UPVOTES,
        comments=_COMMENTS,
    )
)

# Tags and acts on many rows

ACTION = thing(
    "Act",
    "An act on many rows, which can be undone.",
    id=uuid(example="3e1c7a0f-2b2f-4d1b-8a6c-3d4e5f607183"),
    kind=word(ActionKind, "bulk"),
    title=text("2 papers: tagged “boats”", "What was done, in words."),
    made_at=moment(),
    undone_at=nothing_yet(moment()),
)
ACTS = listing(ACTION)
ACTION_DONE = record(action=maybe(ACTION, "Null where there was nothing to do."))
MERGED_PAPER = record(paper=PAPER, action=maybe(ACTION, "Null where it was done before."))
_TAG_ITSELF = {
    "id": uuid(example=_TOKEN_ID),
    "version": _VERSION,
    "name": text("boats/paper"),
    "colour": maybe(word(Colour, "green")),
}
TAG = thing(
    "Tag", "A label; `a/b` is nested in `a`.", **_TAG_ITSELF, papers=number(3, "How many papers carry it.")
)
TAGS = listing(TAG)
CHANGED_TAG = record(
    tag=TAG, action=maybe(ACTION, "What can be undone; null where nothing was renamed or merged.")
)

# Days

DECISION = thing(
    "DayDecision",
    "Dismissed or done, for one paper on one digest day.",
    paper_id=uuid(),
    day=day("2026-03-09"),
    decision=word(Decision, "skipped"),
    decided_at=moment(),
)
DECISIONS = listing(DECISION)
DECIDED = record(paper_id=uuid())
STORED = record(stored=number(1, "How many of the papers are here."))

# Following the library, letting go, how it is

CHANGES = page(
    thing(
        "Change",
        "One step of the library's history, with the thing as it is now; of the four, the one of its `kind`.",
        stamp=number(42, "Later changes have higher ones."),
        kind=text("paper", enum=["paper", "annotation", "tag", "decision"]),
        id=text(ID, "Its id; of a decision, its paper's."),
        gone=flag(False, "Merged, purged, or deleted for good: forget it."),
        merged_into=nothing_yet(uuid(), "The survivor of a merge."),
        paper=maybe(PAPER),
        annotation=nothing_yet(ANNOTATION),
        tag=nothing_yet(record(**_TAG_ITSELF)),
        decision=nothing_yet(DECISION),
    ),
    text("0123456789ab-42", "The `since` to go on from, now or later."),
    more=flag(False, "Whether there are more already."),
)
PURGE = thing(
    "Purge",
    "Papers and annotations that were let go of for good.",
    id=uuid(example="2f1c7a0f-2b2f-4d1b-8a6c-3d4e5f607184"),
    made_at=moment(),
    papers=number(1),
    annotations=number(0),
    done=flag(False, "Whether no file of the library holds the texts any more."),
    backups=many(
        record(
            id=uuid(example="1a1c7a0f-2b2f-4d1b-8a6c-3d4e5f607185"),
            path=text("/home/ada/papers.backup"),
            made_at=moment(),
        ),
        "Copies that still hold them.",
    ),
)
HEALTH = record(
    well=flag(True),
    database=record(
        problem=nothing_yet(text("The database is damaged.")),
        papers=number(64),
        bytes=number(1_048_576),
        log_bytes=number(32_768),
    ),
    index=record(
        papers=number(64), behind=number(0, "How many papers it has still to read."), segments=number(2)
    ),
    disk=record(free_bytes=number(52_428_800_000)),
    backed_up_at=maybe(moment(), "When a copy was last made here."),
    backups=maybe(
        record(
            kept=number(7, "How many copies that were made by themselves are kept."),
            folder=text("/home/ada/.local/share/paperclipper/backups"),
            old=flag(False, "Whether the last copy is older than two days, or there is none."),
        ),
        "The copies that are made each day; null where the database cannot tell.",
    ),
)
ZIP: Shape = {"type": "string", "contentMediaType": "application/zip", "description": "A zip archive."}

# Who may use it

HELLO = record(
    app=text("paperclipper", const="paperclipper"),
    api_version=number(1, const=1),
    version=text("0.2.0"),
    extension_version=text("0.2.0", "The extension that fits it."),
    instance_id=_INSTANCE,
)
_WORDS = many(text("harbour"), "The three words to compare.") | {"minItems": 3, "maxItems": 3}
_WORDS["examples"] = [["harbour", "lemon", "violin"]]
_PAIRING_ID = uuid(example="4d1c7a0f-2b2f-4d1b-8a6c-3d4e5f607182")
ASKED = record(
    id=_PAIRING_ID,
    words=_WORDS,
    instance_id=_INSTANCE,
    expires_at=moment(),
    approve_url=address(
        "http://127.0.0.1:8377/pair/4d1c7a0f-2b2f-4d1b-8a6c-3d4e5f607182", "Open it for the reader."
    ),
)
_SCOPES = many(word(Scope, "read")) | {"examples": [["clip", "read"]]}
_SECRET = text("pcl_5c0d8b1e_…", "The secret: in this answer and nowhere else.")
GIVEN = record(
    token=_SECRET,
    scopes=_SCOPES,
    instance_id=_INSTANCE,
    library=record(id=uuid(), name=text("Library")),
)
WAITING = record(state=text("waiting", const="waiting"))
PAIRING = thing(
    "Pairing",
    "A browser that asks to be connected.",
    id=_PAIRING_ID,
    client_name=text("Firefox on the laptop"),
    origin=text("moz-extension://0f6d0b0e-1111-4222-8333-444455556666"),
    words=_WORDS,
    state=word(PairingState, "waiting"),
    created_at=moment(),
    expires_at=moment(),
)
PAIRINGS = listing(PAIRING)
TOKEN = thing(
    "Token",
    "A right to use the library's API.",
    id=uuid(example=_TOKEN_ID),
    name=text("A script"),
    scopes=_SCOPES,
    origin=nothing_yet(text(""), "The only Origin that it may come from: that of a connected extension."),
    created_at=moment(),
    last_used_at=nothing_yet(moment()),
    revoked_at=nothing_yet(moment()),
)
TOKENS = listing(TOKEN)
NEW_TOKEN = thing("NewToken", "A token with its secret.", **NAMED["Token"]["properties"], token=_SECRET)
