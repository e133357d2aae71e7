"""Making one paper of two that are the same: a clip shows it, or the reader says so. It can be undone."""

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
    """Make the paper that `ref` names part of the one that `into` names; the survivor, and the act.

    Two names of one paper are no error and no act: it was done before. Raises NotFoundError.
    """
    with change():
        absorbed_id, survivor_id = lookup.paper_id(library_id, ref), lookup.paper_id(library_id, into)
        action = None if absorbed_id == survivor_id else absorb(library_id, survivor_id, absorbed_id)
        return papers.get(library_id, survivor_id), action


def merge_all(library_id: str, paper_ids: Sequence[str]) -> str:
    """Make one paper of those that a clip's identifiers turned out to be: the one clipped first; its id."""
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
    """Make one paper of two, within the caller's transaction."""
    survivor, absorbed = papers.stored_facts(survivor_id), papers.stored_facts(absorbed_id)
    columns = fact_merge.merged_columns(
        survivor, absorbed.facts, absorbed.sources, absorbed.newest_arxiv_version
    )
    times = [t for t in (survivor.first_clipped_at, absorbed.first_clipped_at) if t]
    columns |= {
        "first_clipped_at": min(times, default=None),
        **merges.reader_columns(survivor_id, absorbed_id),
    }
    record = merges.merge(library_id, survivor_id, absorbed_id, columns)
    action_id = str(uuid4())
    actions.add(
        library_id,
        action_id,
        ActionKind.MERGE_PAPERS,
        f"Made one paper of two: “{absorbed.facts.title}”",
        record,
    )
    return actions.get(library_id, action_id)


def undo(library_id: str, action: Action) -> None:
    """Make two papers again. Raises ConflictError where the survivor is not what it was any more."""
    if not merges.is_merged(action.record["absorbed"], action.record["survivor"]):
        raise ConflictError("That paper was merged again since. Undo the later merge first.")
    merges.unmerge(library_id, action.record)
