"""The `import`, `export`, `backup` and `restore` commands."""

from pathlib import Path

import click

from paperclipper import config, data_folder
from paperclipper.cli import options


@click.command(name="import")
@click.argument("file", type=options.FILE)
@click.option("--year", type=click.IntRange(1000, 9999), help="The year to use for dates without a year.")
@options.library_option
@options.data_option
def import_papers(file: Path, year: int | None, data: Path | None, library: str | None) -> None:
    """Import the papers listed in FILE and print the outcome of each row.

    FILE is a list page of the digest saved as plain text, a response from its API, or papers as JSON Lines.
    """
    from paperclipper.services.transfer import importing

    with options.open_library(data, library) as (_, library_id):
        report = importing.import_file(
            library_id, file, year=year, progress=options.count_progress("rows read")
        )
    for row in report.rows:
        click.echo(f"{row.number}\t{row.outcome}\t{row.title}" + (f"\t{row.reason}" if row.reason else ""))
    counts = ", ".join(f"{report.count(outcome)} {outcome}" for outcome in importing.Outcome)
    click.echo(f"{len(report.rows)} rows: {counts}.")


@click.command()
@click.argument("folder", type=options.FOLDER, metavar="DIR")
@click.option("--format", "file_format", type=click.Choice(["markdown"]), required=True)
@options.library_option
@options.data_option
def export(folder: Path, file_format: str, data: Path | None, library: str | None) -> None:
    """Export each paper to a Markdown file in DIR.

    Exporting again updates only the generated parts of the files.
    """
    from paperclipper.services.transfer import exporting

    # The folder belongs to the reader, so the files are created with the umask of the reader's shell.
    with (
        data_folder.umask(data_folder.PRIVATE_UMASK) as own_umask,
        options.open_library(data, library) as (_, library_id),
        data_folder.umask(own_umask),
    ):
        report = exporting.export_markdown(
            library_id, folder, progress=options.count_progress("papers exported")
        )
    for path, reason in report.left_alone:
        click.echo(f"{path}: skipped: {reason}")
    click.echo(f"{report.written} written, {report.unchanged} unchanged, {len(report.left_alone)} skipped.")


@click.command()
@click.argument("file", type=options.FILE)
@options.data_option
def backup(file: Path, data: Path | None) -> None:
    """Back up the database to FILE and verify the backup. The server can stay running."""
    from paperclipper.services.transfer import backups

    with options.open_library(data) as (settings, _):
        papers = backups.backup(settings, file)
    click.echo(f"{file}: {papers} papers.")


@click.command()
@click.argument("file", type=options.FILE)
@options.data_option
def restore(file: Path, data: Path | None) -> None:
    """Replace the database with the backup FILE. Stop the server first.

    The previous database is kept.
    """
    from paperclipper.services.transfer import backups

    settings = config.read(data)
    with data_folder.private_folder(settings):
        restored = backups.restore(settings, file)
    click.echo(f"Restored {restored.papers} papers.")
    if restored.previous:
        click.echo(f"The previous database is kept as {restored.previous}.")
