"""Merging papers, on the reader's command or because a clip has identifiers of both. It can be undone."""

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
    """Merge a paper into another. Return the survivor and the action, or None if the two were the same paper.

    Raise NotFoundError if there is no such paper.
    """
    with change():
        absorbed_id, survivor_id = lookup.paper_id(library_id, ref), lookup.paper_id(library_id, into)
        action = None if absorbed_id == survivor_id else absorb(library_id, survivor_id, absorbed_id)
        return papers.get(library_id, survivor_id), action


def merge_all(library_id: str, paper_ids: Sequence[str]) -> str:
    """Merge papers into the one clipped first and return its id. The caller opens the transaction."""
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
    """Merge one paper into another and return the action. The caller opens the transaction."""
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
    """Separate two merged papers within the caller's transaction.

    Raise ConflictError if the survivor has been merged into another paper since.
    """
    if not merges.is_merged(action.record["absorbed"], action.record["survivor"]):
        raise ConflictError("That paper has been merged again since. Undo the later merge first.")
    merges.unmerge(library_id, action.record)
