"""Acts on many rows, with what undoing them needs."""

from collections.abc import Mapping, Sequence
from typing import Any

from paperclipper.errors import NotFoundError
from paperclipper.model import Act, ActKind
from paperclipper.store.database import timestamps
from paperclipper.store.database.tables import ActRow


def add(library_id: str, act_id: str, kind: ActKind, title: str, record: Mapping[str, Any]) -> None:
    """Record an act that was just done."""
    row = {"kind": kind.value, "title": title, "record": dict(record), "made_at": timestamps.now()}
    ActRow.insert(id=act_id, library=library_id, **row).execute()


def find(library_id: str, act_id: str) -> Act | None:
    """The act, or None."""
    row = ActRow.get_or_none((ActRow.id == act_id) & (ActRow.library == library_id))
    return _act(row) if row else None


def get(library_id: str, act_id: str) -> Act:
    """The act. Raises NotFoundError."""
    found = find(library_id, act_id)
    if found is None:
        raise NotFoundError("act", act_id)
    return found


def newest(library_id: str, limit: int) -> list[Act]:
    """Acts, last done first."""
    query = ActRow.select().where(ActRow.library == library_id).order_by(ActRow.made_at.desc(), ActRow.id)
    return [_act(row) for row in query.limit(limit)]


def set_undone(act_id: str) -> None:
    """Remember that the act was undone."""
    ActRow.update(undone_at=timestamps.now()).where(ActRow.id == act_id).execute()


def purge_merges(library_id: str, paper_ids: Sequence[str]) -> None:
    """Forget the merges that these papers had a part in: their records hold texts."""
    gone = set(paper_ids)
    merges = (ActRow.library == library_id) & (ActRow.kind == ActKind.MERGE_PAPERS.value)
    for row in ActRow.select().where(merges):
        if gone & {row.record["survivor"], row.record["absorbed"]}:
            row.delete_instance()


def _act(row: ActRow) -> Act:
    return Act(row.id, ActKind(row.kind), row.title, row.made_at, row.undone_at, row.record)
