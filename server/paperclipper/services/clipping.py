"""Clipping: one act of the reader becomes one clip of one paper, however often it is sent."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from paperclipper.errors import ConflictError
from paperclipper.identifiers import fold_title
from paperclipper.model import ClipRequest, PageKind, PaperFacts
from paperclipper.services import merging
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
    paper_ids = _same_papers(library_id, request.facts)
    if paper_ids:
        paper_id = _unite(library_id, paper_ids)
        _merge_into(library_id, paper_id, request)
    else:
        paper_id = _add(library_id, request)
    clips.add(library_id, paper_id, request, request_hash, papers.now())
    return Saved(paper_id, created=True, paper_created=not paper_ids)


def _hash(request: ClipRequest) -> str:
    canonical = json.dumps(asdict(request), sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def _again(library_id: str, request: ClipRequest, request_hash: str, earlier: tuple[str, str, str]) -> Saved:
    """The same clip once more: nothing is created, whatever became of its paper since."""
    of_library, paper_id, recorded_hash = earlier
    # A file read in twice says the same rows at another time.
    same = recorded_hash == request_hash or request.place.page_kind is PageKind.IMPORT
    if of_library != library_id or not same:
        raise ConflictError(f"The id {request.id} was used for another clip. Give a new clip an id of its own.")
    return Saved(papers.survivor(library_id, paper_id), created=False, paper_created=False)


def _same_papers(library_id: str, facts: PaperFacts) -> list[str]:
    """The papers that these facts name: by identifier, else by folded title.

    A clip with an identifier is the same as a paper of its title only if that paper has none.
    """
    named = papers.find(library_id, facts.identifiers)
    if named:
        return named
    titled = papers.find_by_title(library_id, fold_title(facts.title), only_unnamed=bool(facts.identifiers))
    return _choose_by_date(titled, facts.published)


def _choose_by_date(titled: list[tuple[str, date | None]], published: date | None) -> list[str]:
    if len(titled) <= 1:
        return [paper_id for paper_id, _ in titled]
    return [paper_id for paper_id, printed in titled if printed == published and printed is not None][:1]


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
    survivor_id, *others = paper_ids
    for absorbed_id in others:
        _absorb(library_id, survivor_id, absorbed_id)
    return survivor_id


def _absorb(library_id: str, survivor_id: str, absorbed_id: str) -> None:
    survivor, absorbed = papers.known(survivor_id), papers.known(absorbed_id)
    columns = _merged_columns(survivor, absorbed.facts, absorbed.sources, absorbed.newest_arxiv_version)
    times = [t for t in (survivor.first_clipped_at, absorbed.first_clipped_at) if t]
    columns |= {"first_clipped_at": min(times, default=None), **papers.reader_columns(survivor_id, absorbed_id)}
    moved = papers.absorb(library_id, survivor_id, absorbed_id)
    papers.update(library_id, survivor_id, **columns)
    before = {name: str(value) for name, value in papers.fact_columns(survivor.facts).items()}
    merges.record(survivor_id, absorbed_id, moved | {"survivor_before": before})
