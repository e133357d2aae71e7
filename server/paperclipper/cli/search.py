"""The command `index`."""

from pathlib import Path

import click

from paperclipper.cli import options
from paperclipper.errors import IndexUnavailableError
from paperclipper.model import Position


@click.group()
def index() -> None:
    """Look after the search index, which is made from the library and may be deleted at any time."""


@index.command()
@options.library_option
@options.data_option
def status(data: Path | None, library: str | None) -> None:
    """Say how the index stands."""
    from paperclipper.services.search import indexing

    with options.open_library(data, library) as (_, library_id):
        found, behind = indexing.status(library_id), indexing.behind(library_id)
    state = "current" if not behind else f"behind by {behind} papers"
    click.echo(f"{found.papers} papers in {found.segments} segments, {state}.")


@index.command()
@options.library_option
@options.data_option
def rebuild(data: Path | None, library: str | None) -> None:
    """Make the index anew; the present one answers meanwhile."""
    from paperclipper.services.search import indexing

    with options.open_library(data, library) as (_, library_id):
        indexing.rebuild(library_id, _show_position)
    click.echo("The index is made anew.")


@index.command()
@click.option("--deep", is_flag=True, help="Compare every term of every paper, not only its stamp.")
@options.library_option
@options.data_option
def verify(deep: bool, data: Path | None, library: str | None) -> None:
    """Compare the index with the library; status 1 where they differ."""
    from paperclipper.services.search import indexing

    with options.open_library(data, library) as (_, library_id):
        differences = indexing.verify(library_id, deep=deep)
    for difference in differences:
        click.echo(f"{difference.paper_id} {difference.what}")
    if differences:
        raise IndexUnavailableError(
            f"{len(differences)} papers differ. Make it anew: paperclipper index rebuild."
        )
    click.echo("The index holds what the library has.")


@index.command(name="catch-up")
@options.data_option
def catch_up(data: Path | None) -> None:
    """Bring the index up to the library now; else the server does it by itself."""
    from paperclipper.services.search import indexing
    from paperclipper.services.trash import purging

    with options.open_library(data):
        done = indexing.catch_up_all(_show_position) and purging.clean_files()
    click.echo("The index is up to date." if done else "Another process is at it already.")


def _show_position(done: Position, head: Position) -> None:
    options.show_progress(f"at stamp {done.stamp} of {head.stamp}")
