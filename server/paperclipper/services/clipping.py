"""Clipping: one act of the reader becomes one clip of one paper, however often it is sent."""

import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, is_dataclass
from typing import Any

from paperclipper.errors import ConflictError
from paperclipper.identifiers import fold_title
from paperclipper.model import ClipRequest, PageKind, PaperFacts
from paperclipper.services import finding, merging
from paperclipper.services.transactions import change
from paperclipper.store import clips, merges, papers


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


def _save(library_id: str, request: ClipRequest) -> Saved:
    request_hash = _hash(request)
    earlier = clips.recorded(request.id)
    if earlier:
        return _again(library_id, request, request_hash, earlier)
    paper_ids = finding.same_papers(library_id, request.facts)
    if paper_ids:
        paper_id = _unite(library_id, paper_ids)
        _merge_into(library_id, paper_id, request)
    else:
        paper_id = _add(library_id, request)
    clips.add(library_id, paper_id, request, request_hash, papers.now())
    return Saved(paper_id, created=True, paper_created=not paper_ids)


def _hash(request: ClipRequest) -> str:
    canonical = json.dumps(request, sort_keys=True, default=_plain, ensure_ascii=False)
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def _plain(value: object) -> object:
    return vars(value) if is_dataclass(value) else str(value)


def _again(library_id: str, request: ClipRequest, request_hash: str, earlier: tuple[str, str, str]) -> Saved:
    """The same clip once more: nothing is created, whatever became of its paper since."""
    of_library, paper_id, recorded_hash = earlier
    # A file read in twice says the same rows at another time.
    same = recorded_hash == request_hash or request.place.page_kind is PageKind.IMPORT
    if of_library != library_id or not same:
        raise ConflictError(f"The id {request.id} was used for another clip. Give a new clip an id of its own.")
    return Saved(papers.survivor(library_id, paper_id), created=False, paper_created=False)


def _add(library_id: str, request: ClipRequest) -> str:
    sources = merging.sources_of(request.facts, request.source)
    return papers.add(library_id, request.facts, fold_title(request.facts.title), sources, request.clipped_at)


def _merge_into(library_id: str, paper_id: str, request: ClipRequest) -> None:
    known = papers.known(paper_id)
    new_sources = merging.sources_of(request.facts, request.source)
    columns = _merged_columns(known, request.facts, new_sources, request.facts.arxiv_version)
    first = known.first_clipped_at or request.clipped_at
    papers.update(library_id, paper_id, **columns, first_clipped_at=first, deleted_at=None)
    papers.add_identifiers(library_id, paper_id, request.facts.identifiers)


def _merged_columns(
    known: papers.Known, facts: PaperFacts, sources: dict[str, str], newest: int | None
) -> dict[str, Any]:
    merged, merged_sources = merging.merge(known.facts, known.sources, facts, sources)
    columns = papers.fact_columns(merged)
    return columns | {
        "sources": merged_sources,
        "folded_title": fold_title(merged.title),
        "newest_arxiv_version": merging.newest(known.newest_arxiv_version, newest),
    }


def _unite(library_id: str, paper_ids: Sequence[str]) -> str:
    """Make one paper of those that a clip's identifiers turned out to be: the one clipped first."""
    if len(paper_ids) == 1:
        return paper_ids[0]
    survivor_id, *others = sorted(paper_ids, key=_first_clipped)
    for absorbed_id in others:
        _absorb(library_id, survivor_id, absorbed_id)
    return survivor_id


def _first_clipped(paper_id: str) -> float:
    first = papers.known(paper_id).first_clipped_at
    return first.timestamp() if first else math.inf


def _absorb(library_id: str, survivor_id: str, absorbed_id: str) -> None:
    survivor, absorbed = papers.known(survivor_id), papers.known(absorbed_id)
    columns = _merged_columns(survivor, absorbed.facts, absorbed.sources, absorbed.newest_arxiv_version)
    times = [t for t in (survivor.first_clipped_at, absorbed.first_clipped_at) if t]
    columns |= {"first_clipped_at": min(times, default=None), **papers.reader_columns(survivor_id, absorbed_id)}
    moved = papers.absorb(library_id, survivor_id, absorbed_id)
    papers.update(library_id, survivor_id, **columns)
    before = {name: str(value) for name, value in papers.fact_columns(survivor.facts).items()}
    merges.record(survivor_id, absorbed_id, moved | {"survivor_before": before})
