"""The server: gunicorn on one data folder, listening on the loopback interface only.

No connection is open when gunicorn forks its workers: SQLite connections must not be used across a fork.
"""

import errno
import gc
import logging
import os
import signal
import socket
import sys
import threading
import webbrowser
from typing import Any

import click
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter

from paperclipper import data_folder
from paperclipper.config import HOST, Settings
from paperclipper.errors import DataFolderError, StoreError
from paperclipper.services.access import libraries, sessions
from paperclipper.services.annotations import note_links
from paperclipper.services.search import indexing
from paperclipper.services.system import housekeeping
from paperclipper.store.database import database
from paperclipper.web.app import create_app
from paperclipper.web.http.request_ids import RequestIdFilter

WORKERS = 3
THREADS = 4
_BACKLOG = 128
_log = logging.getLogger(__name__)


def serve(settings: Settings, *, with_browser: bool) -> None:
    """Run the server until SIGINT, SIGTERM or SIGHUP, then exit the process.

    Raise DataFolderError if the data folder or the port is in use, StoreError if the database cannot be used.
    """
    _log_to_stderr()
    try:
        with data_folder.private_folder(settings):
            _run(settings, with_browser=with_browser)
    except KeyboardInterrupt:  # before gunicorn installed its signal handlers
        _print_stopped()


def _run(settings: Settings, *, with_browser: bool) -> None:
    with data_folder.lock(settings.data, settings.port, settings.public):
        listener = _listen(settings.port)
        database.open_database(settings.database)
        with database.connection():
            note_links.rebuild()
        # Created before the workers start, so that a database that cannot be written is reported in one line.
        link = sign_in_link(settings)
        _Arbiter(_Application(settings, listener, link, with_browser=with_browser)).run()


def sign_in_link(settings: Settings, library_id: str | None = None) -> str:
    """Return a link that signs in to a library (default: the default one) once, within CODE_LIFETIME."""
    with database.connection():
        code = sessions.create_sign_in_code(library_id or libraries.default_id())
    return f"{settings.origin}/sign-in#{code}"


def open_in_browser(link: str) -> None:
    """Open the link if there is a graphical display. A text browser would take over the terminal."""
    if sys.platform == "darwin" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        webbrowser.open(link)


def _log_to_stderr() -> None:
    """Log messages of our own modules to stderr, with the id of the request."""
    handler = logging.StreamHandler()
    handler.addFilter(RequestIdFilter())
    handler.setFormatter(
        logging.Formatter("%(asctime)s [%(process)d] %(levelname)s %(request_id)s %(message)s")
    )
    logger = logging.getLogger("paperclipper")
    logger.addHandler(handler)
    logger.propagate = False


def _listen(port: int) -> socket.socket:
    try:
        return socket.create_server((HOST, port), backlog=_BACKLOG)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise DataFolderError(
                f"Port {port} is in use by another program. Stop it, or choose another port with --port."
            ) from error
        raise DataFolderError(
            f"Port {port} cannot be used: {error.strerror}. Choose another port with --port."
        ) from error


class _Application(BaseApplication):  # type: ignore[misc]
    """The application with its gunicorn settings. Gunicorn's own configuration sources are not read."""

    def __init__(self, settings: Settings, listener: socket.socket, link: str, *, with_browser: bool) -> None:
        self._settings = settings
        self._listener = listener
        self._link = link
        self._with_browser = with_browser
        super().__init__()

    def load_config(self) -> None:
        settings = {
            # Our own socket: gunicorn would retry a port in use for five seconds, and would listen on $PORT.
            "bind": f"fd://{self._listener.fileno()}",
            "workers": WORKERS,
            "worker_class": "gthread",
            "threads": THREADS,
            "timeout": 30,
            "graceful_timeout": 10,
            "preload_app": True,
            "forwarded_allow_ips": "",
            "control_socket_disable": True,
            "loglevel": "warning",
            "post_worker_init": self._start_worker,
            "on_exit": _print_stopped,
        }
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return create_app(self._settings)

    def _start_worker(self, worker: Any) -> None:
        """Prepare a worker. The first one announces the server, because it can answer now."""
        housekeeping.start(self._settings.data)
        try:
            # Keep one connection for the worker's lifetime. When the last one closes, SQLite deletes its log
            # files; on a full disk the next one could not create them, and nothing could be read.
            with database.lasting_connection():
                indexing.open_all()
        except StoreError as error:
            # Each request reports the error. A worker that exits would stop the whole server.
            _log.warning("The database failed at the start of a worker: %s", error)
        # Exclude all current objects from garbage collection: scanning them would pause requests.
        gc.freeze()
        if worker.age == 1:
            indexing.wake()  # finish the work of an earlier server
            self._announce()

    def _announce(self) -> None:
        click.echo(f"Paperclipper is at {self._settings.origin}/")
        click.echo(f"Sign in with this link, once, within ten minutes: {self._link}")
        if self._with_browser:
            # With some browsers, the call returns only when they are closed.
            threading.Thread(target=open_in_browser, args=(self._link,), daemon=True).start()


class _Arbiter(Arbiter):  # type: ignore[misc]
    """Gunicorn's master process: stops gracefully on Ctrl-C and when its terminal closes (not under nohup).

    A second Ctrl-C does not wait for open requests.
    """

    def init_signals(self) -> None:
        hangup_handler = signal.getsignal(signal.SIGHUP)
        super().init_signals()
        if hangup_handler is signal.SIG_IGN:
            signal.signal(signal.SIGHUP, signal.SIG_IGN)

    def handle_hup(self) -> None:
        raise StopIteration

    handle_int = handle_hup


def _print_stopped(_: Any = None) -> None:
    click.echo("Stopped.")
