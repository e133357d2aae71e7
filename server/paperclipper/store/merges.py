"""The record of merged papers: what one merge moved, so that it can be undone."""

from typing import Any

from paperclipper.store import papers
from paperclipper.store.tables import MergeRow


def record(survivor_id: str, absorbed_id: str, moved: dict[str, Any]) -> None:
    """Keep what was moved."""
    MergeRow.insert(absorbed=absorbed_id, survivor=survivor_id, record=moved, merged_at=papers.now()).execute()
