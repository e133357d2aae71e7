"""What the commands share: their options, the library that they work on, and how they show progress."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from paperclipper import config, data_folder
from paperclipper.errors import DataFolderError

FILE = click.Path(dir_okay=False, path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)


def library_option(command: Callable[..., None]) -> Callable[..., None]:
    """Add --library: the library that the command works on."""
    return click.option("--library", metavar="NAME", help="Which library, where there are several.")(command)


def data_option(command: Callable[..., None]) -> Callable[..., None]:
    """Add --data: the data folder that the command works on."""
    return click.option(
        "--data",
        type=FOLDER,
        metavar="DIR",
        help="The data folder; else that of PAPERCLIPPER_DATA, else the one this system keeps for programs.",
    )(command)


def address_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add --port and --public-url: the addresses of the server."""
    help_text = "The https address by which your other devices reach it, through a proxy on this machine."
    command = click.option("--public-url", "public", metavar="URL", help=help_text)(command)
    port = click.IntRange(1, 65535)
    return click.option("--port", type=port, default=config.DEFAULT_PORT, show_default=True)(command)


@contextmanager
def open_library(data: Path | None, name: str | None = None) -> Iterator[tuple[config.Settings, str]]:
    """The settings and the library's id, with its database and index ready, for the time of the block."""
    from paperclipper.services.access import libraries
    from paperclipper.services.annotations import note_links
    from paperclipper.services.search import indexing
    from paperclipper.store.database import database

    settings = config.read(data)
    with data_folder.private_folder(settings):
        _open_database_beside_server(settings)
        indexing.use_folder(settings.data)
        database.call_after_change(indexing.wake)
        with database.connection():
            note_links.rebuild()
            default = libraries.default_id()
            yield settings, libraries.by_name(name).id if name else default


def _open_database_beside_server(settings: config.Settings) -> None:
    """Open the database for a command that may run beside the server.

    Raises DataFolderError where a server of an older version is still running: its tables must not change under it.
    """
    from paperclipper.store.database import database

    server = data_folder.lock_holder(settings.data)
    if server and server.port and settings.database.exists() and database.needs_migration(settings.database):
        raise DataFolderError(
            f"The server that runs ({server}) is of an older version than this command. Start it anew: that brings "
            "the database up to date."
        )
    database.open_database(settings.database)


def show_progress(what: str) -> None:
    """On stderr: one line that moves on where a person looks, else a line each."""
    click.echo(what + ("\r" if sys.stderr.isatty() else "\n"), err=True, nl=False)


def count_progress(what: str) -> Callable[[int], None]:
    """Progress that says every hundredth."""
    return lambda done: None if done % 100 else show_progress(f"{done} {what}")
