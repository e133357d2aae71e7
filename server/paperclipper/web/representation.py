"""Model objects as the API shows them. One shape for a thing wherever it appears."""

from datetime import UTC, datetime
from typing import Any

from flask import request

from paperclipper.model import (
    Annotation,
    Change,
    Clip,
    DayDecision,
    Paper,
    PaperState,
    Place,
    Tag,
    TextQuote,
    Token,
)


def of(thing: object) -> dict[str, Any]:
    """The representation of an editable thing."""
    return annotation(thing) if isinstance(thing, Annotation) else paper(thing)  # type: ignore[arg-type]


def moment(at: datetime | None) -> str | None:
    """RFC 3339, UTC, to the millisecond."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z") if at else None


def paper_url(paper_id: str) -> str:
    """The paper's place on the personal page."""
    return f"{request.host_url}papers/{paper_id}"


def paper(it: Paper) -> dict[str, Any]:
    """A paper with what hangs on it, but for the annotations' texts."""
    facts = it.facts
    return {
        "id": it.id,
        "version": str(it.version),
        "page_url": paper_url(it.id),
        "identifiers": [str(identifier) for identifier in facts.identifiers],
        "title": facts.title,
        "abstract": facts.abstract,
        "authors": list(facts.authors),
        "author_count": facts.author_count,
        "published": facts.published.isoformat() if facts.published else None,
        "published_inferred": facts.published_inferred,
        "arxiv_version": facts.arxiv_version,
        "newest_arxiv_version": it.newest_arxiv_version,
        "organisation": facts.organisation,
        "keywords": list(facts.keywords),
        "ai_summary": facts.ai_summary,
        "thumbnail_url": facts.thumbnail_url,
        "code_url": facts.code_url,
        "project_url": facts.project_url,
        "status": it.status.value,
        "starred": it.starred,
        "rating": it.rating,
        "tags": [t.name for t in it.tags],
        "notes": len(it.notes),
        "highlights": len(it.highlights),
        "clips": [clip(c) for c in it.clips],
        "clipped_at": moment(it.clipped_at),
        "modified_at": moment(it.modified_at),
        "deleted_at": moment(it.deleted_at),
        "mine": it.is_mine,
    }


def clip(it: Clip) -> dict[str, Any]:
    """One act of clipping."""
    return {
        "id": it.id,
        "paper_id": it.paper_id,
        "clipped_at": moment(it.clipped_at),
        "source": it.source.value,
        "page": {"kind": it.place.page_kind.value, "url": it.place.page_url},
        "digest": _digest(it.place),
        "upvotes": it.place.upvotes,
        "comments": it.place.comments,
    }


def _digest(place: Place) -> dict[str, Any] | None:
    if place.digest_kind is None:
        return None
    day = place.digest_day.isoformat() if place.digest_day else None
    return {"kind": place.digest_kind.value, "day": day, "rank": place.rank}


def state(it: PaperState) -> dict[str, Any]:
    """What a list page needs to mark a paper."""
    return {
        "id": it.id,
        "version": str(it.version),
        "page_url": paper_url(it.id),
        "status": it.status.value,
        "starred": it.starred,
        "tags": list(it.tags),
        "notes": it.notes,
        "highlights": it.highlights,
        "clipped_at": moment(it.clipped_at),
        "mine": it.is_mine,
        "dismissed_on": [day.isoformat() for day in it.dismissed_on],
    }


def annotation(it: Annotation) -> dict[str, Any]:
    """A note or highlight."""
    draft = it.draft
    return {
        "id": it.id,
        "paper_id": it.paper_id,
        "version": str(it.version),
        "kind": draft.kind.value,
        "body": draft.body,
        "quote": _quote(draft.quote),
        "colour": draft.colour.value if draft.colour else None,
        "source_url": draft.source_url,
        "arxiv_version": draft.arxiv_version,
        "made_in": draft.made_in,
        "created_at": moment(it.created_at),
        "modified_at": moment(it.modified_at),
        "deleted_at": moment(it.deleted_at),
    }


def _quote(quote: TextQuote | None) -> dict[str, Any] | None:
    if quote is None:
        return None
    return {
        "exact": quote.exact,
        "prefix": quote.prefix,
        "suffix": quote.suffix,
        "start": quote.start,
        "end": quote.end,
    }


def tag(it: Tag) -> dict[str, Any]:
    """A label and how many papers carry it."""
    return {"id": it.id, "name": it.name, "papers": it.paper_count}


def token(it: Token) -> dict[str, Any]:
    """A token, without its secret."""
    return {
        "id": it.id,
        "name": it.name,
        "scopes": sorted(it.scopes),
        "origin": it.origin,
        "created_at": moment(it.created_at),
        "last_used_at": moment(it.last_used_at),
        "revoked_at": moment(it.revoked_at),
    }


def decision(it: DayDecision) -> dict[str, Any]:
    """A decision on one digest day."""
    return {
        "paper_id": it.paper_id,
        "day": it.day.isoformat(),
        "decision": it.decision.value,
        "decided_at": moment(it.decided_at),
    }


def change(it: Change) -> dict[str, Any]:
    """One step of the library's history, with the thing as it is now."""
    return {
        "stamp": it.stamp,
        "kind": it.kind,
        "id": it.id,
        "gone": it.gone,
        "merged_into": it.merged_into,
        "paper": paper(it.paper) if it.paper else None,
        "annotation": annotation(it.annotation) if it.annotation else None,
        "tag": tag(it.tag) if it.tag else None,
        "decision": decision(it.decision) if it.decision else None,
    }
