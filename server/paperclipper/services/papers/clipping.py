"""Clipping: one act of the reader becomes one clip of one paper, however often it is sent."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, is_dataclass

from paperclipper.errors import ConflictError
from paperclipper.identifiers import fold_title
from paperclipper.model import ClipRequest, PageKind, Source
from paperclipper.services.papers import fact_merge, lookup, paper_merge
from paperclipper.services.transactions import change
from paperclipper.store.database import timestamps
from paperclipper.store.papers import clips, identifiers, papers


@dataclass(frozen=True)
class Saved:
    """What became of a clip: its paper, whether this call made the clip, and whether it made the paper."""

    paper_id: str
    created: bool
    paper_created: bool


def save(library_id: str, request: ClipRequest) -> Saved:
    """Save one clip; when this returns it is on disk. Raises ConflictError for a used id."""
    return save_many(library_id, [request])[0]


def save_many(library_id: str, requests: Sequence[ClipRequest]) -> list[Saved]:
    """Save several clips in one transaction: all or none."""
    with change():
        return [_save(library_id, request) for request in requests]


def save_each(library_id: str, requests: Sequence[ClipRequest]) -> list[Saved | ConflictError]:
    """Save several clips in one transaction, but for those whose id was used for something else."""

    def saved(request: ClipRequest) -> Saved | ConflictError:
        try:
            return _save(library_id, request)
        except ConflictError as error:  # raised before anything is written
            return error

    with change():
        return [saved(request) for request in requests]


def _save(library_id: str, request: ClipRequest) -> Saved:
    request_hash = _hash(request)
    earlier = clips.recorded(request.id)
    if earlier:
        return _again(library_id, request, request_hash, earlier)
    paper_ids = lookup.same_papers(library_id, request.facts)
    if paper_ids:
        paper_id = paper_merge.unite(library_id, paper_ids)
        _merge_into(library_id, paper_id, request)
    else:
        paper_id = _add(library_id, request)
    clips.add(library_id, paper_id, request, request_hash, timestamps.now())
    return Saved(paper_id, created=True, paper_created=not paper_ids)


def _hash(request: ClipRequest) -> str:
    canonical = json.dumps(request, sort_keys=True, default=_plain, ensure_ascii=False)
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


# Fields that came after the first hashes were kept: left empty, they are no part of a request.
_LATER = frozenset({"venue"})


# Fields that had another name when the first hashes were stored.
_HASHED_NAMES = {"page": "place"}


def _plain(value: object) -> object:
    if not is_dataclass(value):
        return str(value)
    fields = {name: part for name, part in vars(value).items() if part or name not in _LATER}
    return {_HASHED_NAMES.get(name, name): part for name, part in fields.items()}


def _again(library_id: str, request: ClipRequest, request_hash: str, earlier: tuple[str, str, str]) -> Saved:
    """The same clip once more: nothing is created, whatever became of its paper since."""
    of_library, paper_id, recorded_hash = earlier
    # A file read in twice says the same rows at another time.
    same = recorded_hash == request_hash or request.page.page_kind is PageKind.IMPORT
    if of_library != library_id or not same:
        raise ConflictError(
            f"The id {request.id} was used for another clip. Give a new clip an id of its own."
        )
    return Saved(papers.survivor(library_id, paper_id), created=False, paper_created=False)


def _add(library_id: str, request: ClipRequest) -> str:
    sources = fact_merge.sources_of(request.facts, request.source)
    return papers.add(library_id, request.facts, fold_title(request.facts.title), sources, request.clipped_at)


def _merge_into(library_id: str, paper_id: str, request: ClipRequest) -> None:
    known = papers.known(paper_id)
    new_sources = fact_merge.sources_of(request.facts, request.source)
    columns = paper_merge.merged_columns(known, request.facts, new_sources, request.facts.arxiv_version)
    columns |= {"first_clipped_at": known.first_clipped_at or request.clipped_at, "deleted_at": None}
    if request.facts.code_url and not known.facts.code_url and _told_of_no_code(paper_id):
        columns["code_seen_at"] = request.clipped_at
    papers.update(library_id, paper_id, **columns)
    identifiers.add_missing(library_id, paper_id, request.facts.identifiers)


def _told_of_no_code(paper_id: str) -> bool:
    """Whether an earlier clip came from a page that would have said where the code is."""
    earlier = clips.of_papers([paper_id])[paper_id]
    return any(
        c.source is Source.DATA and c.page.page_kind in (PageKind.DIGEST, PageKind.PAPER) for c in earlier
    )
