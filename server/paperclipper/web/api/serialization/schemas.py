"""marshmallow schemas for request bodies and queries, and their conversion to model objects.

Unknown fields are rejected, so that a misspelt field is an error rather than silently ignored.
"""

import uuid
from typing import Any

from marshmallow import Schema, fields, validate

from paperclipper.errors import InvalidInputError
from paperclipper.identifiers import identify
from paperclipper.model import (
    AnnotationDraft,
    AnnotationKind,
    ClipRequest,
    Colour,
    Decision,
    DigestKind,
    PageKind,
    PaperFacts,
    Sort,
    Source,
    SourcePage,
    Status,
    TextQuote,
)
from paperclipper.services.papers.editing import PaperEdit
from paperclipper.web.http.fields import StrictBoolean, StrictInteger, Text, Timestamp, UnvalidatedObject, Url

REF = "The id of a paper or one of its clips, or an identifier: `arxiv:2401.12345`, `doi:10.1000/182`, a URL."
MAX_TITLE, MAX_ABSTRACT, MAX_NOTE, MAX_AUTHORS, MAX_REF = 1000, 20_000, 100_000, 5000, 2100


def one_of(kind: Any, **kwargs: Any) -> fields.Field[Any]:
    """Return a field that accepts an enum's values."""
    return fields.Enum(kind, by_value=fields.String(), **kwargs)


def described(description: str) -> dict[str, str]:
    """Return the metadata that describes a field in the OpenAPI document."""
    return {"description": description}


class PageSchema(Schema):
    """The source page of a clip."""

    kind = one_of(PageKind, required=True, validate=validate.NoneOf([PageKind.PASTE]))
    url = Url(load_default="")


class DigestSchema(Schema):
    """The paper's position in the digest."""

    kind = one_of(DigestKind, required=True)
    day = fields.Date(load_default=None, allow_none=True)
    rank = StrictInteger(
        1, load_default=None, allow_none=True, metadata=described("The position of the card, starting at 1.")
    )


class FactsSchema(Schema):
    """The facts about a paper shown on a page."""

    title = Text(MAX_TITLE, 1, required=True)
    abstract = Text(MAX_ABSTRACT, load_default="")
    authors = fields.List(Text(300, 1), load_default=list, validate=validate.Length(max=MAX_AUTHORS))
    author_count = StrictInteger(load_default=None, allow_none=True)
    published = fields.Date(load_default=None, allow_none=True)
    arxiv_id = Text(64, load_default="", metadata=described("For example `2401.12345` or `hep-th/9901001`."))
    arxiv_version = StrictInteger(1, 999, load_default=None, allow_none=True)
    doi = Text(300, load_default="")
    url = Url(load_default="")
    organisation = Text(300, load_default="")
    keywords = fields.List(Text(200, 1), load_default=list, validate=validate.Length(max=100))
    ai_summary = Text(MAX_ABSTRACT, load_default="")
    thumbnail_url = Url(load_default="")
    code_url = Url(load_default="")
    project_url = Url(load_default="")
    venue = Text(300, load_default="")


class ClipSchema(Schema):
    """A paper saved from a page."""

    clipped_at = Timestamp(required=True)
    source = one_of(
        Source,
        required=True,
        validate=validate.OneOf([Source.TEXT, Source.CARD, Source.DATA]),
        metadata=described("How the page was read: plain text, the visible card, or its embedded data."),
    )
    page = fields.Nested(PageSchema, required=True)
    digest = fields.Nested(DigestSchema, load_default=None, allow_none=True)
    upvotes = StrictInteger(load_default=None, allow_none=True)
    comments = StrictInteger(load_default=None, allow_none=True)
    paper = fields.Nested(FactsSchema, required=True)


class NamedClipSchema(ClipSchema):
    """A clip with a UUIDv7 chosen by the client."""

    id = Text(36, 36, required=True)


class ClipsSchema(Schema):
    """Several clips, which are validated individually."""

    clips = fields.List(
        UnvalidatedObject(NamedClipSchema), required=True, validate=validate.Length(min=1, max=100)
    )


class PaperEditSchema(Schema):
    """Changes to a paper. Omitted fields stay unchanged. Later clips do not overwrite edited facts."""

    status = one_of(Status)
    starred = StrictBoolean()
    rating = StrictInteger(1, 5, allow_none=True)
    title = Text(MAX_TITLE, 1)
    abstract = Text(MAX_ABSTRACT)
    authors = fields.List(Text(300, 1), validate=validate.Length(max=MAX_AUTHORS))
    published = fields.Date(allow_none=True)
    organisation = Text(300)
    keywords = fields.List(Text(200, 1), validate=validate.Length(max=100))
    venue = Text(300)
    code_url = Url()
    project_url = Url()


class OtherPaperSchema(Schema):
    """The paper to merge into."""

    paper = Text(MAX_REF, 1, required=True, metadata=described(REF))


class StubsSchema(Schema):
    """Links or ids, one per line."""

    lines = Text(500 * 2100, 1, required=True)


class BulkSchema(Schema):
    """A change to several papers: those in `papers` (ids or identifiers) or all results of the query `q`."""

    papers = fields.List(Text(MAX_REF, 1), load_default=list, validate=validate.Length(max=5000))
    q = Text(256, load_default="")
    add_tags = fields.List(Text(300, 1), load_default=list, validate=validate.Length(max=20))
    remove_tags = fields.List(Text(300, 1), load_default=list, validate=validate.Length(max=20))
    status = one_of(Status, load_default=None, allow_none=True)
    starred = StrictBoolean(load_default=None, allow_none=True)
    trash = StrictBoolean(load_default=False)


class TagEditSchema(Schema):
    """Changes to a tag. Omitted fields stay unchanged."""

    name = Text(300, 1)
    colour = one_of(Colour, allow_none=True)


class OtherTagSchema(Schema):
    """The tag to merge into."""

    tag = Text(64, 1, required=True)


class PurgeSchema(Schema):
    """The items to delete permanently: papers and annotations in the trash, or `everything` in it."""

    papers = fields.List(Text(MAX_REF, 1), load_default=list, validate=validate.Length(max=1000))
    annotations = fields.List(Text(64, 1), load_default=list, validate=validate.Length(max=1000))
    everything = StrictBoolean(load_default=False)


class QuoteSchema(Schema):
    """A W3C TextQuoteSelector, with a TextPositionSelector's start and end, in code points, as a hint."""

    exact = Text(10_000, 1, required=True)
    prefix = Text(1000, load_default="")
    suffix = Text(1000, load_default="")
    start = StrictInteger(load_default=None, allow_none=True)
    end = StrictInteger(load_default=None, allow_none=True)


class AnnotationSchema(Schema):
    """A note or highlight."""

    paper = Text(MAX_REF, 1, required=True, metadata=described(REF))
    kind = one_of(AnnotationKind, required=True)
    body = Text(
        MAX_NOTE, load_default="", metadata=described("Markdown, with formulas between `$` characters.")
    )
    quote = fields.Nested(QuoteSchema, load_default=None, allow_none=True)
    colour = one_of(Colour, load_default=None, allow_none=True)
    source_url = Url(load_default="")
    arxiv_version = StrictInteger(1, 999, load_default=None, allow_none=True)
    made_in = Text(50, load_default="", metadata=described("The kind of client, for example `extension`."))


class LookupSchema(Schema):
    """Identifiers (`arxiv:…`, `doi:…` or `url:…`) or links."""

    identifiers = fields.List(Text(MAX_REF, 1), required=True, validate=validate.Length(max=500))


class SeenSchema(Schema):
    """The upvote and comment counts of a paper."""

    identifier = Text(MAX_REF, 1, required=True)
    upvotes = StrictInteger(load_default=None, allow_none=True)
    comments = StrictInteger(load_default=None, allow_none=True)


class SightingsSchema(Schema):
    """The upvote and comment counts shown on a list page."""

    page = fields.Nested(PageSchema, required=True)
    day = fields.Date(required=True)
    items = fields.List(fields.Nested(SeenSchema), required=True, validate=validate.Length(max=500))


class DecisionSchema(Schema):
    """A decision for a paper, identified by the facts on its card."""

    decision = one_of(Decision, required=True)
    title = Text(MAX_TITLE, 1, required=True)
    arxiv_id = Text(64, load_default="")
    doi = Text(300, load_default="")
    url = Url(load_default="")


class PairingSchema(Schema):
    """A pairing request; `challenge` is BASE64URL(SHA256(verifier)) (RFC 7636, S256)."""

    client_name = Text(100, 1, required=True)
    challenge = fields.String(required=True, validate=validate.Regexp(r"[A-Za-z0-9_-]{43}\Z"))


class VerifierSchema(Schema):
    """The code verifier for the challenge (RFC 7636, 4.1)."""

    verifier = fields.String(required=True, validate=validate.Regexp(r"[A-Za-z0-9._~-]{43,128}\Z"))


class TokenSchema(Schema):
    """The name and scopes of a new token."""

    name = Text(100, 1, required=True)
    scopes = fields.List(fields.String(validate=validate.OneOf(["read", "clip", "write"])), required=True)


class SearchQuerySchema(Schema):
    """A search query and its pagination parameters."""

    q = Text(
        256,
        load_default="",
        metadata=described("The query, in search box syntax. If empty, all papers match."),
    )
    limit = fields.Integer(
        load_default=20, validate=validate.Range(1, 100), metadata=described("The maximum number of results.")
    )
    cursor = Text(
        64,
        load_default="",
        metadata=described("The `next` cursor of the previous page. Keep all other parameters the same."),
    )
    sort = one_of(
        Sort,
        metadata=described("The order. Defaults to that in `q` (`sort:upvotes`), else best match or newest."),
    )


class ListQuerySchema(Schema):
    """Pagination parameters."""

    limit = fields.Integer(
        load_default=20, validate=validate.Range(1, 100), metadata=described("The maximum number of results.")
    )
    cursor = fields.Integer(
        load_default=0,
        validate=validate.Range(0, 100_000),
        metadata=described("The `next` cursor of the previous page."),
    )


class ChangesQuerySchema(Schema):
    """Pagination parameters of the change feed."""

    since = Text(
        64,
        load_default="",
        metadata=described("The `next` cursor of an earlier response. If empty, all changes are listed."),
    )
    limit = fields.Integer(
        load_default=100,
        validate=validate.Range(1, 500),
        metadata=described("The maximum number of results."),
    )


class TagQuerySchema(Schema):
    """A prefix of tag names."""

    prefix = Text(100, load_default="", metadata=described("The prefix of the names, case-insensitive."))
    limit = fields.Integer(
        load_default=100,
        validate=validate.Range(1, 1000),
        metadata=described("The maximum number of results."),
    )


def clip_request(clip_id: str, body: dict[str, Any]) -> ClipRequest:
    """Convert a clip to the model. Raise InvalidInputError if the id or an identifier is invalid."""
    digest = body["digest"] or {}
    page = SourcePage(
        page_kind=body["page"]["kind"],
        page_url=body["page"]["url"],
        digest_kind=digest.get("kind"),
        digest_day=digest.get("day"),
        rank=digest.get("rank"),
        upvotes=body["upvotes"],
        comments=body["comments"],
    )
    return ClipRequest(uuid_of(clip_id, 7), body["clipped_at"], body["source"], page, facts(body["paper"]))


def facts(paper: dict[str, Any]) -> PaperFacts:
    """Convert a clip's `paper` to facts. Raise InvalidInputError if an identifier or the title is invalid."""
    named = {name: paper[name] for name in ("arxiv_id", "doi", "url")}
    try:
        found = identify(**named)
    except InvalidInputError as error:
        raise InvalidInputError(str(error), "/paper" + error.pointer) from error
    rest = {name: value for name, value in paper.items() if name not in named}
    rest |= {"title": " ".join(paper["title"].split()), "identifiers": found}
    rest |= {"authors": tuple(paper["authors"]), "keywords": tuple(paper["keywords"])}
    if not rest["title"]:
        raise InvalidInputError("The title must not be blank.", "/paper/title")
    return PaperFacts(**rest)


def paper_edit(body: dict[str, Any]) -> PaperEdit:
    """Convert a request body to an edit of the fields it contains."""
    values: dict[str, Any] = {
        n: tuple(value) if isinstance(value, list) else value for n, value in body.items()
    }
    if "title" in values:
        values["title"] = " ".join(values["title"].split())
    return PaperEdit(frozenset(body), **values)


def annotation_draft(body: dict[str, Any]) -> AnnotationDraft:
    """Convert a request body to an annotation draft."""
    quote = TextQuote(**body["quote"]) if body["quote"] else None
    rest = {name: value for name, value in body.items() if name not in ("paper", "quote")}
    return AnnotationDraft(quote=quote, **rest)


def uuid_of(text: str, version: int | None = None) -> str:
    """Return the canonical form of a UUID (RFC 9562). Raise InvalidInputError if it is invalid."""
    try:
        found = uuid.UUID(text)
    except ValueError:
        found = uuid.UUID(int=0)
    if not found.int or (version and found.version != version) or str(found) != text.lower():
        raise InvalidInputError(f"The id in the path must be a UUID{f'v{version}' if version else ''}.")
    return str(found)
