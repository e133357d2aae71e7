"""Merging two papers by moving all data of the absorbed paper to the survivor, and undoing the merge.

The absorbed paper's row remains as a tombstone that refers to the survivor. It keeps its texts so that the
merge can be undone.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from paperclipper.identifiers import parse
from paperclipper.model import Status
from paperclipper.store import tags
from paperclipper.store.annotations import annotations
from paperclipper.store.database import timestamps
from paperclipper.store.database.tables import IdentifierRow, PaperRow
from paperclipper.store.days import day_decisions, sightings
from paperclipper.store.papers import clips, identifiers, papers

# The columns that a merge may change in the survivor's row.
_COLUMNS = (
    *papers.FACTS,
    "sources",
    "folded_title",
    "newest_arxiv_version",
    "code_seen_at",
    "first_clipped_at",
    "starred",
    "rating",
    "status",
    "deleted_at",
)


def reader_columns(survivor_id: str, absorbed_id: str) -> dict[str, Any]:
    """Return the merged star, rating, status and trash state of two papers."""
    survivor, absorbed = PaperRow.get_by_id(survivor_id), PaperRow.get_by_id(absorbed_id)
    either_live = survivor.deleted_at is None or absorbed.deleted_at is None
    return {
        "starred": survivor.starred or absorbed.starred,
        "rating": survivor.rating or absorbed.rating,
        "status": absorbed.status if survivor.status == Status.UNREAD else survivor.status,
        "deleted_at": None if either_live else survivor.deleted_at,
    }


def merge(library_id: str, survivor_id: str, absorbed_id: str, columns: Mapping[str, Any]) -> dict[str, Any]:
    """Merge two papers and set these columns of the survivor. Return the record for `unmerge`."""
    before = papers.json_columns(survivor_id, _COLUMNS)
    record: dict[str, Any] = {
        "survivor": survivor_id,
        "absorbed": absorbed_id,
        "moved": _move(library_id, absorbed_id, survivor_id),
    }
    papers.update(library_id, absorbed_id, merged_into=survivor_id)
    papers.update(library_id, survivor_id, **columns)
    after = papers.json_columns(survivor_id, _COLUMNS)
    changed = [name for name in _COLUMNS if before[name] != after[name]]
    return record | {"before": {n: before[n] for n in changed}, "after": {n: after[n] for n in changed}}


def _move(library_id: str, absorbed_id: str, survivor_id: str) -> dict[str, Any]:
    moved = {
        "identifiers": [str(name) for name in identifiers.of_papers([absorbed_id])[absorbed_id]],
        "clips": clips.move(absorbed_id, survivor_id),
        "annotations": annotations.move(library_id, absorbed_id, survivor_id),
        "had_tags": [tag.id for tag in tags.of_papers([absorbed_id])[absorbed_id]],
        "tags": tags.move(absorbed_id, survivor_id),
        "had_decisions": day_decisions.of_paper(absorbed_id),
        "decisions": day_decisions.move(library_id, absorbed_id, survivor_id),
        "sightings": sightings.move(absorbed_id, survivor_id),
    }
    IdentifierRow.update(paper=survivor_id).where(IdentifierRow.paper == absorbed_id).execute()
    return moved


def is_merged(absorbed_id: str, survivor_id: str) -> bool:
    """Return whether this merge is still in effect and the survivor still exists."""
    absorbed = (PaperRow.id == absorbed_id) & (PaperRow.merged_into == survivor_id)
    survivor = (PaperRow.id == survivor_id) & papers.present()
    return bool(PaperRow.select().where(absorbed).exists() and PaperRow.select().where(survivor).exists())


def unmerge(library_id: str, record: Mapping[str, Any]) -> None:
    """Undo a merge by restoring both papers. Later changes and additions stay with the survivor."""
    survivor_id, absorbed_id, moved = record["survivor"], record["absorbed"], record["moved"]
    _return_identifiers(absorbed_id, survivor_id, moved["identifiers"])
    clips.move(survivor_id, absorbed_id, moved["clips"])
    annotations.move(library_id, survivor_id, absorbed_id, moved["annotations"])
    tags.undo_move(survivor_id, absorbed_id, moved["tags"], moved.get("had_tags", moved["tags"]))
    _return_decisions(library_id, survivor_id, absorbed_id, moved)
    sightings.undo_move(survivor_id, absorbed_id, moved.get("sightings", {}))
    now = papers.json_columns(survivor_id, _COLUMNS)
    untouched = {
        name: value for name, value in record["before"].items() if now[name] == record["after"][name]
    }
    papers.update(library_id, survivor_id, **untouched)
    papers.update(library_id, absorbed_id, merged_into=None)


def _return_identifiers(absorbed_id: str, survivor_id: str, names: Sequence[str]) -> None:
    for name in map(parse, names):
        same = (IdentifierRow.scheme == name.scheme.value) & (IdentifierRow.value == name.value)
        IdentifierRow.update(paper=absorbed_id).where(same & (IdentifierRow.paper == survivor_id)).execute()


def _return_decisions(library_id: str, survivor_id: str, absorbed_id: str, moved: Mapping[str, Any]) -> None:
    for day, decision in moved.get("had_decisions", {}).items():
        day_decisions.put(
            library_id, absorbed_id, date.fromisoformat(day), day_decisions.read(decision), timestamps.now()
        )
    for day in moved["decisions"]:
        day_decisions.put(library_id, survivor_id, date.fromisoformat(day), None, timestamps.now())
