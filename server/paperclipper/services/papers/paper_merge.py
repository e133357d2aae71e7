"""Undoable merges of papers, requested by the reader or caused by a clip with identifiers of both."""

import math
from collections.abc import Sequence
from uuid import uuid4

from paperclipper.errors import ConflictError
from paperclipper.model import Action, ActionKind, Paper
from paperclipper.services.papers import fact_merge, lookup
from paperclipper.services.transactions import change
from paperclipper.store import actions
from paperclipper.store.papers import merges, papers


def merge(library_id: str, ref: str, into: str) -> tuple[Paper, Action | None]:
    """Merge a paper into another. Return the survivor and the action, or None if both are the same paper.

    Raise NotFoundError if either paper does not exist.
    """
    with change():
        absorbed_id, survivor_id = lookup.paper_id(library_id, ref), lookup.paper_id(library_id, into)
        action = None if absorbed_id == survivor_id else absorb(library_id, survivor_id, absorbed_id)
        return papers.get(library_id, survivor_id), action


def merge_all(library_id: str, paper_ids: Sequence[str]) -> str:
    """Merge papers into the one clipped first and return its id. Must be called inside a transaction."""
    if len(paper_ids) == 1:
        return paper_ids[0]
    survivor_id, *others = sorted(paper_ids, key=_first_clipped)
    for absorbed_id in others:
        absorb(library_id, survivor_id, absorbed_id)
    return survivor_id


def _first_clipped(paper_id: str) -> float:
    first = papers.stored_facts(paper_id).first_clipped_at
    return first.timestamp() if first else math.inf


def absorb(library_id: str, survivor_id: str, absorbed_id: str) -> Action:
    """Merge one paper into another and return the action. Must be called inside a transaction."""
    survivor, absorbed = papers.stored_facts(survivor_id), papers.stored_facts(absorbed_id)
    columns = fact_merge.merged_columns(
        survivor, absorbed.facts, absorbed.sources, absorbed.newest_arxiv_version
    )
    times = [at for at in (survivor.first_clipped_at, absorbed.first_clipped_at) if at]
    columns["first_clipped_at"] = min(times, default=None)
    columns |= merges.reader_columns(survivor_id, absorbed_id)
    record = merges.merge(library_id, survivor_id, absorbed_id, columns)
    action_id = str(uuid4())
    title = f"Merged two papers: “{absorbed.facts.title}”"
    actions.add(library_id, action_id, ActionKind.MERGE_PAPERS, title, record)
    return actions.get(library_id, action_id)


def undo(library_id: str, action: Action) -> None:
    """Undo a merge. Must be called inside a transaction.

    Raise ConflictError if the survivor has since been merged into another paper.
    """
    if not merges.is_merged(action.record["absorbed"], action.record["survivor"]):
        raise ConflictError("This paper has since been merged again. Undo the later merge first.")
    merges.unmerge(library_id, action.record)
