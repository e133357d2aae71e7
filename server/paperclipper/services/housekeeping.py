"""What is done by itself, about once an hour: what has waited in the trash for 30 days goes.

Each worker does it, and none waits for another: what one did, the next finds done.
"""

import logging
import threading
import time

from paperclipper.errors import StoreError
from paperclipper.services import purging
from paperclipper.store import database, libraries

_EVERY_SECONDS = 3600
_log = logging.getLogger(__name__)


def start() -> None:
    """Begin, in a thread that ends with its process. To be called after the fork."""
    threading.Thread(target=_keep_on, name="housekeeping", daemon=True).start()


def _keep_on() -> None:
    while True:
        try:
            keep_house()
        except StoreError as error:
            _log.warning("Housekeeping: %s", error)
        time.sleep(_EVERY_SECONDS)


def keep_house() -> None:
    """Do once what is due. Raises StoreError."""
    with database.connection():
        for library in libraries.every():
            gone = purging.purge_old(library.id)
            if gone:
                _log.info("%s papers and notes left the trash of “%s”", gone, library.name)
