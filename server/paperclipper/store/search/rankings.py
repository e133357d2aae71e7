"""Search rankings, stored for an hour so that pagination stays consistent while papers are saved.

Losing a ranking in a power failure is harmless.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from paperclipper.store.database import timestamps
from paperclipper.store.database.database import unsynced_transaction
from paperclipper.store.database.queries import Query, insert_row, parameter
from paperclipper.store.database.tables import RankingRow

MAX_IDS = 1000
LIFETIME = timedelta(hours=1)
_ID_BYTES = 16
_DELETE_OLD: Query[tuple[str]] = Query(
    RankingRow.delete()
    .where((RankingRow.id == parameter("ranking")) | (RankingRow.made_at < parameter("before")))
    .returning(RankingRow.id)
)


@dataclass(frozen=True)
class Ranking:
    """The top results of a search, best first, and the total number of results."""

    ids: tuple[str, ...]
    total: int


def save(ranking_id: str, library_id: str, ids: Sequence[str], total: int) -> None:
    """Store the top results of a search, and delete expired rankings."""
    packed, now = bytes.fromhex("".join(ids[:MAX_IDS]).replace("-", "")), timestamps.now()
    with unsynced_transaction():
        _DELETE_OLD.rows(ranking=ranking_id, before=timestamps.to_text(now - LIFETIME))
        insert_row(RankingRow, id=ranking_id, library=library_id, ids=packed, total=total, made_at=now)


def get(ranking_id: str, library_id: str) -> Ranking | None:
    """Return the ranking with this id, or None if it expired or does not exist."""
    same = (RankingRow.id == ranking_id) & (RankingRow.library == library_id)
    row = RankingRow.get_or_none(same & (RankingRow.made_at > timestamps.now() - LIFETIME))
    if row is None:
        return None
    packed = bytes(row.ids)
    ids = (str(UUID(bytes=packed[at : at + _ID_BYTES])) for at in range(0, len(packed), _ID_BYTES))
    return Ranking(tuple(ids), row.total)
