"""The `paperclipper` command: a face of the services, as the web room is.

What a command needs is imported inside it, so that help and mistakes answer at once.
"""

import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from paperclipper import config
from paperclipper.errors import DataFolderError, IndexUnavailableError, NotFoundError, PaperclipperError
from paperclipper.model import Position, Scope

_File = click.Path(dir_okay=False, path_type=Path)
_Folder = click.Path(file_okay=False, path_type=Path)


class _Commands(click.Group):
    """Commands whose foreseen failures are one line on stderr and status 1, never a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except PaperclipperError as error:
            raise click.ClickException(str(error)) from error
        except OSError as error:
            if error.filename is None:
                raise
            raise click.ClickException(f"{error.filename}: {error.strerror}.") from error


def _library_option(command: Callable[..., None]) -> Callable[..., None]:
    return click.option("--library", metavar="NAME", help="Which library, where there are several.")(command)


def _data_option(command: Callable[..., None]) -> Callable[..., None]:
    return click.option(
        "--data",
        type=_Folder,
        metavar="DIR",
        help="The data folder; else that of PAPERCLIPPER_DATA, else the one this system keeps for programs.",
    )(command)


def _address_options(command: Callable[..., None]) -> Callable[..., None]:
    told = "The https address by which your other devices reach it, through a proxy on this machine."
    command = click.option("--public-url", "public", metavar="URL", help=told)(command)
    port = click.IntRange(1, 65535)
    return click.option("--port", type=port, default=config.DEFAULT_PORT, show_default=True)(command)


@contextmanager
def _library(data: Path | None, name: str | None = None) -> Iterator[tuple[config.Settings, str]]:
    """The settings and the library's id, with its database and index ready, for the time of the block."""
    from paperclipper import data_folder
    from paperclipper.services.access import libraries
    from paperclipper.services.annotations import note_links
    from paperclipper.services.papers import lookup
    from paperclipper.services.search import indexing
    from paperclipper.store.database import database

    settings = config.read(data)
    with config.private_folder(settings):
        data_folder.open_beside(settings)
        indexing.use_folder(settings.data)
        database.call_after_change(indexing.wake)
        with database.connection():
            note_links.renew()
            default = lookup.default_library_id()
            yield settings, libraries.by_name(name).id if name else default


def _say_progress(what: str) -> None:
    """On stderr: one line that moves on where a person looks, else a line each."""
    click.echo(what + ("\r" if sys.stderr.isatty() else "\n"), err=True, nl=False)


def _count(what: str) -> Callable[[int], None]:
    """Progress that says every hundredth."""
    return lambda done: None if done % 100 else _say_progress(f"{done} {what}")


@click.group(cls=_Commands)
@click.version_option(package_name="paperclipper")
def main() -> None:
    """Clip papers from the Daily Papers digest, find them by any word, take them away as Markdown."""


@main.command()
@_data_option
@_address_options
@click.option("--no-browser", is_flag=True, help="Only print the sign-in link.")
def serve(data: Path | None, port: int, public: str | None, no_browser: bool) -> None:
    """Serve this machine until Ctrl-C, and open the personal page."""
    from paperclipper import server

    server.serve(config.read(data, port, public), with_browser=not no_browser)


@main.command(name="open")
@_library_option
@_data_option
def open_page(data: Path | None, library: str | None) -> None:
    """Print a fresh sign-in link to the running server, and open it where there is a browser."""
    from paperclipper import data_folder, server

    with _library(data, library) as (settings, library_id):
        holder = data_folder.holder(settings.data)
        if holder is None or holder.port is None:
            raise DataFolderError(f"No server runs on {settings.data}. Start it first: paperclipper serve.")
        link = server.sign_in_link(replace(settings, port=holder.port, public=holder.public), library_id)
    click.echo(link)
    server.open_in_browser(link)


@main.group()
def token() -> None:
    """Make, list and revoke tokens: rights for programs to use the library."""


@token.command(name="create")
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    type=click.Choice([scope.value for scope in Scope]),
    multiple=True,
    required=True,
    help="What it may do; repeat it.",
)
@_library_option
@_data_option
def create_token(name: str, scopes: tuple[str, ...], data: Path | None, library: str | None) -> None:
    """Make a token and print it, this once."""
    from paperclipper.services.access import tokens

    with _library(data, library) as (_, library_id):
        _, secret = tokens.make_token(library_id, name, [Scope(scope) for scope in scopes])
    click.echo(secret)


@token.command(name="list")
@_library_option
@_data_option
def list_tokens(data: Path | None, library: str | None) -> None:
    """List the tokens, newest first: id, scopes, last use, state, name, separated by tabs."""
    from paperclipper.services.access import tokens

    with _library(data, library) as (_, library_id):
        for each in tokens.list_tokens(library_id):
            used = f"used {each.last_used_at:%Y-%m-%d}" if each.last_used_at else "never used"
            state = "revoked" if each.revoked_at else "live"
            click.echo("\t".join((each.id, ",".join(sorted(each.scopes)), used, state, each.name)))


@token.command(name="revoke")
@click.argument("token_id", metavar="ID")
@_library_option
@_data_option
def revoke_token(token_id: str, data: Path | None, library: str | None) -> None:
    """End a token, at once."""
    from paperclipper.services.access import tokens

    with _library(data, library) as (_, library_id):
        if all(each.id != token_id for each in tokens.list_tokens(library_id)):
            raise NotFoundError("token", token_id)
        tokens.revoke(library_id, token_id)


@main.command()
@click.argument("folder", type=_Folder, metavar="DIR")
@_data_option
def extension(folder: Path, data: Path | None) -> None:
    """Put the browser extension into DIR, to be loaded from there; again, it is brought up to date."""
    from paperclipper.services.system import extension_folder

    target = extension_folder.put(folder.expanduser(), config.read(data))
    click.echo(f"The extension, version {extension_folder.version()}, is in {target}.")
    click.echo(extension_folder.HOW_TO_LOAD)


@main.command()
@click.option("--port", type=click.IntRange(1, 65535), default=config.DEFAULT_PORT)
@_data_option
def doctor(data: Path | None, port: int) -> None:
    """Check all that can be wrong, and say what cures it; status 1 where something is bad."""
    from paperclipper.services.system import doctor as doctoring

    found = list(doctoring.examine(config.read(data, port)))
    for finding in found:
        click.echo(f"{finding.verdict:10} {finding.about}: {finding.said}")
        if finding.cure:
            click.echo(f"           -> {finding.cure}")
    if any(finding.verdict is doctoring.Verdict.BAD for finding in found):
        sys.exit(1)


@main.group()
def service() -> None:
    """Have the system run the server: from login on, and again after a crash."""


@service.command(name="install")
@_address_options
@_data_option
def install_service(data: Path | None, port: int, public: str | None) -> None:
    """Start it now and at each login."""
    from paperclipper.services.system import service_manager

    settings = config.read(data, port, public)
    file = service_manager.install(settings)
    click.echo(f"Installed as {file}. It is at {settings.origin}/; sign in with: paperclipper open")


@service.command(name="remove")
@_data_option
def remove_service(data: Path | None) -> None:
    """Stop it, and start it no more. Your papers stay."""
    from paperclipper.services.system import service_manager

    click.echo("Removed; your papers stay." if service_manager.remove() else "It was not installed.")


@service.command(name="status")
@_data_option
def service_status(data: Path | None) -> None:
    """Say whether it runs, and where its log is."""
    from paperclipper.services.system import service_manager

    click.echo(service_manager.status())


@main.group()
def library() -> None:
    """Look after the libraries of this server: one by default, more where several people read."""


@library.command(name="add")
@click.argument("name")
@_data_option
def add_library(name: str, data: Path | None) -> None:
    """Make a new, empty library."""
    from paperclipper.services.access import libraries

    with _library(data):
        added = libraries.add(name)
    click.echo(f"Added “{added.name}”. Open it: paperclipper open --library {shlex.quote(added.name)}")


@library.command(name="list")
@_data_option
def list_libraries(data: Path | None) -> None:
    """List the libraries: name and id, separated by tabs."""
    from paperclipper.services.access import libraries

    with _library(data):
        for each in libraries.every():
            click.echo(f"{each.name}\t{each.id}")


@library.command()
@click.argument("name")
@click.option("--remove", is_flag=True, help="Take the password away: only links sign in then.")
@_data_option
def password(name: str, remove: bool, data: Path | None) -> None:
    """Set the password that opens the library from the sign-in page. Its open sessions end."""
    from paperclipper.services.access import passwords

    with _library(data, name) as (_, library_id):
        typed = None if remove else click.prompt("Password", hide_input=True, confirmation_prompt=True)
        passwords.set_password(library_id, typed)
    click.echo("The password is gone." if remove else "The password is set.")


@main.command(name="import")
@click.argument("file", type=_File)
@click.option("--year", type=click.IntRange(1000, 9999), help="For dates printed without a year.")
@_library_option
@_data_option
def import_papers(file: Path, year: int | None, data: Path | None, library: str | None) -> None:
    """Save every paper that FILE names, and say for each row what became of it.

    FILE is the digest's list page saved as plain text, an answer of its API, or JSON lines of papers.
    """
    from paperclipper.services.transfer import importing

    with _library(data, library) as (_, library_id):
        report = importing.import_file(library_id, file, year=year, progress=_count("rows read"))
    for row in report.rows:
        click.echo(f"{row.number}\t{row.outcome}\t{row.title}" + (f"\t{row.reason}" if row.reason else ""))
    counts = ", ".join(f"{report.count(outcome)} {outcome}" for outcome in importing.Outcome)
    click.echo(f"{len(report.rows)} rows: {counts}.")


@main.command()
@click.argument("folder", type=_Folder, metavar="DIR")
@click.option("--format", "form", type=click.Choice(["markdown"]), required=True)
@_library_option
@_data_option
def export(folder: Path, form: str, data: Path | None, library: str | None) -> None:
    """Write one Markdown file a paper into DIR; again, it rewrites only our part of what changed."""
    from paperclipper.services.transfer import exporting

    # Into a folder of the reader's, under the rights that their shell gives.
    with config.umask(config.PRIVATE) as own, _library(data, library) as (_, library_id), config.umask(own):
        report = exporting.export_markdown(library_id, folder, progress=_count("papers done"))
    for path, reason in report.left_alone:
        click.echo(f"{path}: left alone: {reason}")
    click.echo(
        f"{report.written} written, {report.unchanged} unchanged, {len(report.left_alone)} left alone."
    )


@main.command()
@click.argument("file", type=_File)
@_data_option
def backup(file: Path, data: Path | None) -> None:
    """Copy everything into one FILE, which is checked; the server may go on."""
    from paperclipper.services.transfer import backups

    with _library(data) as (settings, _):
        papers = backups.backup(settings, file)
    click.echo(f"{file}: {papers} papers.")


@main.command()
@click.argument("file", type=_File)
@_data_option
def restore(file: Path, data: Path | None) -> None:
    """Put the backup FILE in the library's place; what it replaces is kept beside. Stop the server first."""
    from paperclipper.services.transfer import backups

    settings = config.read(data)
    with config.private_folder(settings):
        restored = backups.restore(settings, file)
    click.echo(f"Restored {restored.papers} papers.")
    if restored.kept:
        click.echo(f"What was there before is kept in {restored.kept}.")


@main.group()
def index() -> None:
    """Look after the search index, which is made from the library and may be deleted at any time."""


@index.command()
@_library_option
@_data_option
def status(data: Path | None, library: str | None) -> None:
    """Say how the index stands."""
    from paperclipper.services.search import indexing

    with _library(data, library) as (_, library_id):
        found, behind = indexing.status(library_id), indexing.behind(library_id)
    state = "current" if not behind else f"behind by {behind} papers"
    click.echo(f"{found.papers} papers in {found.segments} segments, {state}.")


@index.command()
@_library_option
@_data_option
def rebuild(data: Path | None, library: str | None) -> None:
    """Make the index anew; the present one answers meanwhile."""
    from paperclipper.services.search import indexing

    with _library(data, library) as (_, library_id):
        indexing.rebuild(library_id, _say_position)
    click.echo("The index is made anew.")


@index.command()
@click.option("--deep", is_flag=True, help="Compare every term of every paper, not only its stamp.")
@_library_option
@_data_option
def verify(deep: bool, data: Path | None, library: str | None) -> None:
    """Compare the index with the library; status 1 where they differ."""
    from paperclipper.services.search import indexing

    with _library(data, library) as (_, library_id):
        differences = indexing.verify(library_id, deep=deep)
    for each in differences:
        click.echo(f"{each.paper_id} {each.what}")
    if differences:
        raise IndexUnavailableError(
            f"{len(differences)} papers differ. Make it anew: paperclipper index rebuild."
        )
    click.echo("The index holds what the library has.")


@index.command(name="catch-up")
@_data_option
def catch_up(data: Path | None) -> None:
    """Bring the index up to the library now; else the server does it by itself."""
    from paperclipper.services.search import indexing
    from paperclipper.services.trash import purging

    with _library(data):
        done = indexing.catch_up_all(_say_position) and purging.clean_files()
    click.echo("The index is up to date." if done else "Another process is at it already.")


def _say_position(done: Position, head: Position) -> None:
    _say_progress(f"at stamp {done.stamp} of {head.stamp}")
