"""The commands `import`, `export`, `backup` and `restore`."""

from pathlib import Path

import click

from paperclipper import config, data_folder
from paperclipper.cli import options


@click.command(name="import")
@click.argument("file", type=options.FILE)
@click.option("--year", type=click.IntRange(1000, 9999), help="For dates printed without a year.")
@options.library_option
@options.data_option
def import_papers(file: Path, year: int | None, data: Path | None, library: str | None) -> None:
    """Save every paper that FILE names, and say for each row what became of it.

    FILE is the digest's list page saved as plain text, an answer of its API, or JSON lines of papers.
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
    """Write one Markdown file a paper into DIR; again, it rewrites only our part of what changed."""
    from paperclipper.services.transfer import exporting

    # Into a folder of the reader's, under the rights that their shell gives.
    with (
        data_folder.umask(data_folder.PRIVATE_UMASK) as own_umask,
        options.open_library(data, library) as (_, library_id),
        data_folder.umask(own_umask),
    ):
        report = exporting.export_markdown(library_id, folder, progress=options.count_progress("papers done"))
    for path, reason in report.left_alone:
        click.echo(f"{path}: left alone: {reason}")
    click.echo(
        f"{report.written} written, {report.unchanged} unchanged, {len(report.left_alone)} left alone."
    )


@click.command()
@click.argument("file", type=options.FILE)
@options.data_option
def backup(file: Path, data: Path | None) -> None:
    """Copy everything into one FILE, which is checked; the server may go on."""
    from paperclipper.services.transfer import backups

    with options.open_library(data) as (settings, _):
        papers = backups.backup(settings, file)
    click.echo(f"{file}: {papers} papers.")


@click.command()
@click.argument("file", type=options.FILE)
@options.data_option
def restore(file: Path, data: Path | None) -> None:
    """Put the backup FILE in the library's place; what it replaces is kept beside. Stop the server first."""
    from paperclipper.services.transfer import backups

    settings = config.read(data)
    with data_folder.private_folder(settings):
        restored = backups.restore(settings, file)
    click.echo(f"Restored {restored.papers} papers.")
    if restored.previous:
        click.echo(f"What was there before is kept in {restored.previous}.")
