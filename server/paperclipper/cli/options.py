"""Options, database access and progress output shared by the commands."""

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
    """Add the --library option."""
    return click.option("--library", metavar="NAME", help="The library to use if there are several.")(command)


def data_option(command: Callable[..., None]) -> Callable[..., None]:
    """Add the --data option."""
    return click.option(
        "--data",
        type=FOLDER,
        metavar="DIR",
        help="The data folder. Default: $PAPERCLIPPER_DATA, or the system's user data folder if it is unset.",
    )(command)


def address_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the --port and --public-url options."""
    help_text = "The https address at which other devices reach the server through a proxy on this machine."
    command = click.option("--public-url", "public", metavar="URL", help=help_text)(command)
    port = click.IntRange(1, 65535)
    return click.option("--port", type=port, default=config.DEFAULT_PORT, show_default=True)(command)


@contextmanager
def open_library(data: Path | None, name: str | None = None) -> Iterator[tuple[config.Settings, str]]:
    """Open the database and the index for the duration of the block. Yield the settings and the library's id.

    Raise NotFoundError if no library has this name, and DataFolderError if the data folder cannot be used.
    """
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
    """Open the database, which a running server may be using.

    Raise DataFolderError if the server is older than this command and a migration is needed: migrating would
    change the tables while the server uses them.
    """
    from paperclipper.store.database import database

    server = data_folder.lock_holder(settings.data)
    if server and server.port and settings.database.exists() and database.needs_migration(settings.database):
        raise DataFolderError(
            f"The running server ({server}) is older than this command. "
            "Restart the server to migrate the database."
        )
    database.open_database(settings.database)


def show_progress(what: str) -> None:
    """Print progress on stderr. On a terminal, each message overwrites the previous one."""
    click.echo(what + ("\r" if sys.stderr.isatty() else "\n"), err=True, nl=False)


def count_progress(what: str) -> Callable[[int], None]:
    """Return a progress callback that prints the count after every hundredth item."""
    return lambda done: None if done % 100 else show_progress(f"{done} {what}")
