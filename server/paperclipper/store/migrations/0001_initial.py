"""The first tables."""

from typing import Any

from paperclipper.store.tables import TABLES


def up(migrator: Any, db: Any) -> None:
    db.create_tables(TABLES, safe=False)
