"""Hourly background tasks: making the daily backup, and purging items trashed more than 30 days ago.

Every worker schedules the tasks. A lock allows one worker at a time, and the others find nothing left to do.
"""

import logging
import threading
import time
from datetime import datetime
from pathlib import Path

from paperclipper.errors import StoreError
from paperclipper.file_lock import locked
from paperclipper.services.transfer import backups
from paperclipper.services.trash import purging
from paperclipper.store.access import libraries
from paperclipper.store.database import database

_INTERVAL_SECONDS = 3600
_log = logging.getLogger(__name__)


def start(data: Path) -> None:
    """Start housekeeping in a daemon thread. Must be called after forking."""
    threading.Thread(target=_run_forever, args=(data,), name="housekeeping", daemon=True).start()


def _run_forever(data: Path) -> None:
    while True:
        try:
            run_once(data)
        except (StoreError, OSError) as error:
            _log.warning("Housekeeping: %s", error)
        time.sleep(_INTERVAL_SECONDS)


def run_once(data: Path) -> None:
    """Run the due tasks, unless another process is running them. Raise StoreError or OSError on failure."""
    locks = data / "locks"
    locks.mkdir(exist_ok=True, mode=0o700)
    with locked(locks / "housekeeping.lock", 0) as alone, database.connection():
        if not alone:
            return
        for library in libraries.list_all():
            gone = purging.purge_old(library.id)
            if gone:
                _log.info("Purged %s papers and notes from the trash of “%s”", gone, library.name)
        backups.make_daily_backup(datetime.now().astimezone().date())
