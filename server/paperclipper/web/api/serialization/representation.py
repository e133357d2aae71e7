"""JSON representations of model objects."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from flask import request

from paperclipper.model import (
    Action,
    Annotation,
    Backlink,
    Backup,
    Change,
    Clip,
    DayDecision,
    Pairing,
    Paper,
    PaperState,
    Revision,
    Sighting,
    SourcePage,
    Tag,
    TextQuote,
    Token,
)
from paperclipper.services.papers.since_clipped import CountChange, SinceClipped
from paperclipper.services.papers.stubs import PastedLine
from paperclipper.services.system.health import Health
from paperclipper.services.transfer.backups import BackupStatus
from paperclipper.services.trash.purging import PurgeState


def editable(thing: object) -> dict[str, Any]:
    """Represent an editable resource."""
    renderers: dict[type, Callable[[Any], dict[str, Any]]] = {Annotation: annotation, Paper: paper, Tag: tag}
    return renderers[type(thing)](thing)


def timestamp(at: datetime | None) -> str | None:
    """Format a UTC timestamp with millisecond precision (RFC 3339)."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z") if at else None


def paper_url(paper_id: str) -> str:
    """Return the URL of a paper's page."""
    return f"{request.host_url}papers/{paper_id}"


def paper(it: Paper) -> dict[str, Any]:
    """Represent a paper. Only values covered by its version are included, so its ETag identifies them."""
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
        "venue": facts.venue,
        "sealed": sorted(it.sealed),
        "stub": it.is_stub,
        "status": it.status.value,
        "starred": it.starred,
        "rating": it.rating,
        "tags": [t.name for t in it.tags],
        "clips": [clip(c) for c in it.clips],
        "clipped_at": timestamp(it.clipped_at),
        "modified_at": timestamp(it.modified_at),
        "deleted_at": timestamp(it.deleted_at),
        "mine": it.is_mine,
    }


def clip(it: Clip) -> dict[str, Any]:
    """Represent a clip."""
    return {
        "id": it.id,
        "paper_id": it.paper_id,
        "clipped_at": timestamp(it.clipped_at),
        "source": it.source.value,
        "page": {"kind": it.page.page_kind.value, "url": it.page.page_url},
        "digest": _digest(it.page),
        "upvotes": it.page.upvotes,
        "comments": it.page.comments,
    }


def _digest(page: SourcePage) -> dict[str, Any] | None:
    if page.digest_kind is None:
        return None
    day = page.digest_day.isoformat() if page.digest_day else None
    return {"kind": page.digest_kind.value, "day": day, "rank": page.rank}


def paper_state(it: PaperState) -> dict[str, Any]:
    """Represent the state of a paper as shown on list pages."""
    return {
        "id": it.id,
        "version": str(it.version),
        "page_url": paper_url(it.id),
        "status": it.status.value,
        "starred": it.starred,
        "tags": list(it.tags),
        "notes": it.notes,
        "highlights": it.highlights,
        "clipped_at": timestamp(it.clipped_at),
        "mine": it.is_mine,
        "stub": it.is_stub,
        "skipped_on": [day.isoformat() for day in it.skipped_on],
    }


def annotation(it: Annotation) -> dict[str, Any]:
    """Represent a note or highlight."""
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
        "created_at": timestamp(it.created_at),
        "modified_at": timestamp(it.modified_at),
        "deleted_at": timestamp(it.deleted_at),
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
    """Represent a tag with its number of papers."""
    version = str(it.version) if it.version else None
    return {"id": it.id, "version": version, "name": it.name, "colour": it.colour, "papers": it.paper_count}


def _tag_without_count(it: Tag) -> dict[str, Any]:
    """Represent a tag by the values that its version covers."""
    return {name: value for name, value in tag(it).items() if name != "papers"}


def revision(it: Revision) -> dict[str, Any]:
    """Represent an earlier version of an annotation or a paper."""
    return {
        "version": str(it.version),
        "saved_at": timestamp(it.saved_at),
        "content": it.content.get("columns", it.content),
    }


def action(it: Action) -> dict[str, Any]:
    """Represent an action."""
    return {
        "id": it.id,
        "kind": it.kind.value,
        "title": it.title,
        "made_at": timestamp(it.made_at),
        "undone_at": timestamp(it.undone_at),
    }


def purge(it: PurgeState) -> dict[str, Any]:
    """Represent a purge and its progress."""
    return {
        "id": it.purge.id,
        "made_at": timestamp(it.purge.made_at),
        "papers": len(it.purge.paper_ids),
        "annotations": len(it.purge.annotation_ids),
        "done": it.is_done,
        "backups": [backup(each) for each in it.backups],
    }


def backup(it: Backup) -> dict[str, Any]:
    """Represent a backup."""
    return {"id": it.id, "path": str(it.path), "made_at": timestamp(it.made_at)}


def backlink(it: Backlink) -> dict[str, Any]:
    """Represent a note that links to a paper."""
    return {
        "paper": {"id": it.paper_id, "title": it.paper_title, "page_url": paper_url(it.paper_id)},
        "annotation_id": it.annotation_id,
        "body": it.body,
    }


def then_and_now(it: SinceClipped) -> dict[str, Any]:
    """Represent the changes since a paper was clipped."""
    newer = {"read": it.read_arxiv_version, "newest": it.newest_arxiv_version}
    return {
        "upvotes": _count(it.upvotes),
        "comments": _count(it.comments),
        "code_seen_at": timestamp(it.code_seen_at),
        "eprint": newer if it.newest_arxiv_version else None,
    }


def _count(it: CountChange | None) -> dict[str, Any] | None:
    if it is None:
        return None
    return {"then": it.then, "then_at": timestamp(it.then_at), "now": it.now, "now_at": timestamp(it.now_at)}


def sighting(it: Sighting) -> dict[str, Any]:
    """Represent the counts shown on a list page."""
    return {
        "page": it.page_kind.value,
        "day": it.day.isoformat(),
        "seen_at": timestamp(it.seen_at),
        "upvotes": it.upvotes,
        "comments": it.comments,
    }


def stub_result(it: PastedLine) -> dict[str, Any]:
    """Represent the result of a pasted line."""
    page_url = paper_url(it.paper_id) if it.paper_id else None
    return {
        "line": it.line,
        "outcome": it.outcome,
        "paper_id": it.paper_id,
        "page_url": page_url,
        "reason": it.reason,
    }


def health(it: Health) -> dict[str, Any]:
    """Represent the health of the library. Sizes are in bytes."""
    return {
        "healthy": it.is_well,
        "database": {
            "problem": it.problem or None,
            "papers": it.papers,
            "bytes": it.database_bytes,
            "log_bytes": it.log_bytes,
        },
        "index": {"papers": it.index_papers, "behind": it.index_behind, "segments": it.index_segments},
        "disk": {"free_bytes": it.free_bytes},
        "backed_up_at": timestamp(it.backups.newest_at) if it.backups else None,
        "backups": daily_backups(it.backups) if it.backups else None,
    }


def daily_backups(it: BackupStatus) -> dict[str, Any]:
    """Represent the automatic backups."""
    return {"count": it.count, "folder": str(it.folder), "overdue": it.is_overdue}


def pairing(it: Pairing) -> dict[str, Any]:
    """Represent a pairing."""
    return {
        "id": it.id,
        "client_name": it.client_name,
        "origin": it.origin,
        "words": list(it.words),
        "state": it.state.value,
        "created_at": timestamp(it.created_at),
        "expires_at": timestamp(it.expires_at),
    }


def token(it: Token) -> dict[str, Any]:
    """Represent a token, without its secret."""
    return {
        "id": it.id,
        "name": it.name,
        "scopes": sorted(it.scopes),
        "origin": it.origin,
        "created_at": timestamp(it.created_at),
        "last_used_at": timestamp(it.last_used_at),
        "revoked_at": timestamp(it.revoked_at),
    }


def decision(it: DayDecision) -> dict[str, Any]:
    """Represent a decision."""
    return {
        "paper_id": it.paper_id,
        "day": it.day.isoformat(),
        "decision": it.decision.value,
        "decided_at": timestamp(it.decided_at),
    }


def change(it: Change) -> dict[str, Any]:
    """Represent a change, with the current state of the changed resource."""
    return {
        "stamp": it.stamp,
        "kind": it.kind,
        "id": it.id,
        "gone": it.gone,
        "merged_into": it.merged_into,
        "paper": paper(it.paper) if it.paper else None,
        "annotation": annotation(it.annotation) if it.annotation else None,
        "tag": _tag_without_count(it.tag) if it.tag else None,
        "decision": decision(it.decision) if it.decision else None,
    }
