"""The `index` command."""

from pathlib import Path

import click

from paperclipper.cli import options
from paperclipper.errors import IndexUnavailableError
from paperclipper.model import Position


@click.group()
def index() -> None:
    """Manage the search index, which can be rebuilt from the library at any time."""


@index.command()
@options.library_option
@options.data_option
def status(data: Path | None, library: str | None) -> None:
    """Show the size of the index and how many papers are not yet indexed."""
    from paperclipper.services.search import indexing

    with options.open_library(data, library) as (_, library_id):
        found, behind = indexing.status(library_id), indexing.behind(library_id)
    state = "up to date" if not behind else f"{behind} papers behind"
    click.echo(f"{found.papers} papers in {found.segments} segments, {state}.")


@index.command()
@options.library_option
@options.data_option
def rebuild(data: Path | None, library: str | None) -> None:
    """Rebuild the index. Searches use the current index until the new one is ready."""
    from paperclipper.services.search import indexing

    with options.open_library(data, library) as (_, library_id):
        indexing.rebuild(library_id, _show_position)
    click.echo("The index was rebuilt.")


@index.command()
@click.option("--deep", is_flag=True, help="Compare all terms of all papers, not only their stamps.")
@options.library_option
@options.data_option
def verify(deep: bool, data: Path | None, library: str | None) -> None:
    """Check the index against the library. Exits with status 1 if they differ."""
    from paperclipper.services.search import indexing

    with options.open_library(data, library) as (_, library_id):
        differences = indexing.verify(library_id, deep=deep)
    for difference in differences:
        click.echo(f"{difference.paper_id} {difference.description}")
    if differences:
        raise IndexUnavailableError(
            f"{len(differences)} papers differ. Rebuild the index: paperclipper index rebuild."
        )
    click.echo("The index matches the library.")


@index.command(name="catch-up")
@options.data_option
def catch_up(data: Path | None) -> None:
    """Update the index now. A running server does this automatically."""
    from paperclipper.services.search import indexing
    from paperclipper.services.trash import purging

    with options.open_library(data):
        done = indexing.catch_up_all(_show_position) and purging.clean_files()
    click.echo("The index is up to date." if done else "Another process is already updating the index.")


def _show_position(done: Position, head: Position) -> None:
    options.show_progress(f"stamp {done.stamp} of {head.stamp}")
