"""Add an index of live papers by clip time, to list and count papers without reading their rows.

Never edit this file.
"""

from typing import Any

_LIVE = '((("deleted_at" IS NULL) AND ("merged_into_id" IS NULL)) AND ("purged_at" IS NULL))'


def up(migrator: Any, db: Any) -> None:
    migrator.migrate(migrator.drop_index("paper", "paper_library_id_first_clipped_at"))
    db.execute_sql(
        f'CREATE INDEX "paper_live" ON "paper" ("library_id", "first_clipped_at", "id") WHERE {_LIVE}'
    )
