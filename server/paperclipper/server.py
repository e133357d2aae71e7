"""The server: gunicorn serving one data folder on the loopback interface.

No database connection is open when gunicorn forks its workers, because SQLite connections must not be carried
across a fork.
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

    Raise DataFolderError if the data folder or the port cannot be used, and StoreError if the database cannot
    be used.
    """
    _log_to_stderr()
    try:
        with data_folder.private_folder(settings):
            _run(settings, with_browser=with_browser)
    except KeyboardInterrupt:  # before gunicorn has installed its signal handlers
        _print_stopped()


def _run(settings: Settings, *, with_browser: bool) -> None:
    with data_folder.lock(settings.data, settings.port, settings.public):
        listener = _listen(settings.port)
        database.open_database(settings.database)
        with database.connection():
            note_links.rebuild()
        # Created before the workers start, so that an unwritable database is reported once, in one line.
        link = sign_in_link(settings)
        _Arbiter(_Application(settings, listener, link, with_browser=with_browser)).run()


def sign_in_link(settings: Settings, library_id: str | None = None) -> str:
    """Return a single-use sign-in link, valid for CODE_LIFETIME. Use the default library if none is given."""
    with database.connection():
        code = sessions.create_sign_in_code(library_id or libraries.default_id())
    return f"{settings.origin}/sign-in#{code}"


def open_in_browser(link: str) -> None:
    """Open the link in a browser if there is a graphical display.

    Without one, a text-mode browser would take over the terminal.
    """
    if sys.platform == "darwin" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        webbrowser.open(link)


def _log_to_stderr() -> None:
    """Log messages from our own modules to stderr, with the request id."""
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
    """The application and its gunicorn settings. Gunicorn's own configuration sources are ignored."""

    def __init__(self, settings: Settings, listener: socket.socket, link: str, *, with_browser: bool) -> None:
        self._settings = settings
        self._listener = listener
        self._link = link
        self._with_browser = with_browser
        super().__init__()

    def load_config(self) -> None:
        settings = {
            # Pass our own socket: gunicorn would retry a busy port for five seconds and listen on $PORT.
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
        """Initialise a worker. The first worker announces the server, which can now accept requests."""
        housekeeping.start(self._settings.data)
        try:
            # Keep one connection open for the worker's lifetime. SQLite deletes its log files when the last
            # connection closes. On a full disk, they could not be recreated, and every read would fail.
            with database.lasting_connection():
                indexing.open_all()
        except StoreError as error:
            # Each request will report the error. If the worker exited, the whole server would stop.
            _log.warning("The database could not be opened when a worker started: %s", error)
        # Exclude all existing objects from garbage collection, because scanning them would delay requests.
        gc.freeze()
        if worker.age == 1:
            indexing.wake()  # finish the work that an earlier server left
            self._announce()

    def _announce(self) -> None:
        click.echo(f"Paperclipper is at {self._settings.origin}/")
        click.echo(f"Sign in with this link (valid once, for ten minutes): {self._link}")
        if self._with_browser:
            # With some browsers, the call blocks until the browser is closed.
            threading.Thread(target=open_in_browser, args=(self._link,), daemon=True).start()


class _Arbiter(Arbiter):  # type: ignore[misc]
    """Gunicorn's master process. It stops gracefully on Ctrl-C and on SIGHUP, unless run under nohup.

    A second Ctrl-C stops it without waiting for open requests.
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
