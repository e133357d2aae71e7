"""Saving clips. Requests are idempotent: a clip is saved only once.

Saving a clip takes these steps: look up the matching papers (lookup.py), merge them if there are several
(paper_merge.py), merge the clip's facts into the paper (fact_merge.py), then store and return both.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from paperclipper.errors import ConflictError, NotFoundError
from paperclipper.identifiers import fold_title
from paperclipper.model import Clip, ClipRequest, PageKind, Paper, PaperFacts, Source
from paperclipper.services.papers import fact_merge, lookup, paper_merge, request_hash
from paperclipper.services.transactions import change
from paperclipper.store.database import timestamps
from paperclipper.store.papers import clips, identifiers, papers


@dataclass(frozen=True)
class SavedIds:
    """The ids of a saved clip and its paper, and whether each was created by this call."""

    clip_id: str
    paper_id: str
    created: bool
    paper_created: bool


@dataclass(frozen=True)
class SavedClip(SavedIds):
    """A saved clip and its paper. Both are None if the paper was purged after the clip was first saved."""

    paper: Paper | None
    clip: Clip | None


def save(library_id: str, request: ClipRequest) -> SavedClip:
    """Save a clip durably and return it with its paper.

    Raise ConflictError if the id was used for another clip.
    """
    (saved,) = save_many(library_id, [request])
    try:
        paper = papers.get(library_id, saved.paper_id)
    except NotFoundError:
        return SavedClip(**vars(saved), paper=None, clip=None)
    clip = next((clip for clip in paper.clips if clip.id == request.id), None)
    return SavedClip(**vars(saved), paper=paper, clip=clip)


def save_many(library_id: str, requests: Sequence[ClipRequest]) -> list[SavedIds]:
    """Save several clips in one transaction: either all or none are saved.

    Raise ConflictError if an id was used for another clip.
    """
    with change():
        return [_save(library_id, request) for request in requests]


def save_each(library_id: str, requests: Sequence[ClipRequest]) -> list[SavedIds | ConflictError]:
    """Save several clips in one transaction.

    If a clip's id is already used by another clip, it is not saved and its result is the ConflictError.
    """
    with change():
        return [_save_or_conflict(library_id, request) for request in requests]


def _save_or_conflict(library_id: str, request: ClipRequest) -> SavedIds | ConflictError:
    try:
        return _save(library_id, request)
    except ConflictError as error:  # nothing has been written yet
        return error


def _save(library_id: str, request: ClipRequest) -> SavedIds:
    hash_ = request_hash.of(request)
    recorded = clips.find_request(request.id)
    if recorded:
        return _repeated(library_id, request, hash_, recorded)
    matches = lookup.matching_papers(library_id, request.facts)
    if matches:
        paper_id = paper_merge.merge_all(library_id, matches)
        _update_paper(library_id, paper_id, request)
    else:
        paper_id = _add_paper(library_id, request)
    clips.add(library_id, paper_id, request, hash_, timestamps.now())
    return SavedIds(request.id, paper_id, created=True, paper_created=not matches)


def _repeated(library_id: str, request: ClipRequest, hash_: str, recorded: clips.StoredRequest) -> SavedIds:
    """Return the ids of an already saved clip, without changing anything."""
    # Importing a file again repeats the same rows with a later time.
    is_same = recorded.request_hash == hash_ or request.page.page_kind is PageKind.IMPORT
    if recorded.library_id != library_id or not is_same:
        raise ConflictError(f"The id {request.id} is already used by another clip. Use a new id.")
    survivor_id = papers.survivor(library_id, recorded.paper_id)
    return SavedIds(request.id, survivor_id, created=False, paper_created=False)


def _add_paper(library_id: str, request: ClipRequest) -> str:
    sources = fact_merge.sources_of(request.facts, request.source)
    return papers.add(library_id, request.facts, fold_title(request.facts.title), sources, request.clipped_at)


def _update_paper(library_id: str, paper_id: str, request: ClipRequest) -> None:
    """Merge the clip's facts into those of the paper, and restore it from the trash."""
    stored = papers.stored_facts(paper_id)
    facts, sources = request.facts, fact_merge.sources_of(request.facts, request.source)
    columns = fact_merge.merged_columns(stored, facts, sources, facts.arxiv_version)
    columns["first_clipped_at"] = stored.first_clipped_at or request.clipped_at
    columns["deleted_at"] = None
    if _code_appeared(stored, facts):
        columns["code_seen_at"] = request.clipped_at
    papers.update(library_id, paper_id, **columns)
    identifiers.add_missing(library_id, paper_id, facts.identifiers)


def _code_appeared(stored: papers.StoredFacts, facts: PaperFacts) -> bool:
    """Return whether these facts link to code, although the page of an earlier clip did not."""
    if stored.facts.code_url or not facts.code_url:
        return False
    earlier = clips.of_papers([stored.id])[stored.id]
    return any(clip.source is Source.DATA and clip.page.page_kind in _CODE_PAGES for clip in earlier)


# Pages whose data includes the link to the paper's code, if there is one.
_CODE_PAGES = (PageKind.DIGEST, PageKind.PAPER)
