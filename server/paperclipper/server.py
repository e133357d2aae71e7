"""Running gunicorn over one data folder, reached from this machine alone. Must not know what is served.

Nothing is left open before the fork: a SQLite connection must not cross it.
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
    """Serve until SIGINT, SIGTERM or the end of the terminal; does not return but exits.

    Raises DataFolderError where another server holds the folder or the port, StoreError where the database cannot be
    used.
    """
    _log_to_stderr()
    try:
        with data_folder.private_folder(settings):
            _run(settings, with_browser=with_browser)
    except KeyboardInterrupt:  # before gunicorn has taken the signals over
        _print_stopped()


def _run(settings: Settings, *, with_browser: bool) -> None:
    with data_folder.lock(settings.data, settings.port, settings.public):
        listener = _listen(settings.port)
        database.open_database(settings.database)
        with database.connection():
            note_links.rebuild()
        # Made here, where a database that takes no writing is one line; a worker would end with all others.
        link = sign_in_link(settings)
        _Arbiter(_Application(settings, listener, link, with_browser=with_browser)).run()


def sign_in_link(settings: Settings, library_id: str | None = None) -> str:
    """An address that opens a library's personal page once, within CODE_LIFETIME; None: the default library's."""
    with database.connection():
        code = sessions.create_sign_in_code(library_id or libraries.default_id())
    return f"{settings.origin}/sign-in#{code}"


def open_in_browser(link: str) -> None:
    """Open the link where there is a screen to show it on; a text browser would take the terminal over."""
    if sys.platform == "darwin" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        webbrowser.open(link)


def _log_to_stderr() -> None:
    """What our own modules log, each line with the name of its request."""
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
                f"Another program uses port {port}. Stop it, or choose another port with --port."
            ) from error
        raise DataFolderError(
            f"Port {port} cannot be used: {error.strerror}. Choose another with --port."
        ) from error


class _Application(BaseApplication):  # type: ignore[misc]
    """The application and gunicorn's settings; its command line, environment and configuration file are not read."""

    def __init__(self, settings: Settings, listener: socket.socket, link: str, *, with_browser: bool) -> None:
        self._settings = settings
        self._listener = listener
        self._link = link
        self._with_browser = with_browser
        super().__init__()

    def load_config(self) -> None:
        settings = {
            # A socket of our own: gunicorn would try a taken port for five seconds, and take $PORT for a default.
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
        """In each worker; the first, which now can answer, says so."""
        housekeeping.start(self._settings.data)
        try:
            # Kept as long as the worker lives: SQLite would clear away with its last connection what the next one, on
            # a disk that is full by then, has no room to make again; and nothing could be read.
            with database.lasting_connection():
                indexing.open_all()
        except StoreError as error:
            # Each request is told so; a worker that ended would take the others with it.
            _log.warning("Starting a worker: %s", error)
        # What a worker begins with stays; looking it all through for garbage now and then would stop its requests.
        gc.freeze()
        if worker.age == 1:
            indexing.wake()  # what an earlier server left undone
            self._announce()

    def _announce(self) -> None:
        click.echo(f"Paperclipper is at {self._settings.origin}/")
        click.echo(f"Sign in, once and within ten minutes: {self._link}")
        if self._with_browser:
            # Some browsers do not return until they are closed.
            threading.Thread(target=open_in_browser, args=(self._link,), daemon=True).start()


class _Arbiter(Arbiter):  # type: ignore[misc]
    """Gunicorn's master, ending as a foreground program does: with its terminal, and never killing a request for it.

    Under nohup it goes on. A second Ctrl-C does not wait for the requests under way.
    """

    def init_signals(self) -> None:
        at_hangup = signal.getsignal(signal.SIGHUP)
        super().init_signals()
        if at_hangup is signal.SIG_IGN:
            signal.signal(signal.SIGHUP, signal.SIG_IGN)

    def handle_hup(self) -> None:
        raise StopIteration

    handle_int = handle_hup


def _print_stopped(_: Any = None) -> None:
    click.echo("Stopped.")
