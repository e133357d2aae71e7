"""The `serve`, `open`, `service`, `doctor` and `extension` commands."""

import sys
from dataclasses import replace
from pathlib import Path

import click

from paperclipper import config, data_folder
from paperclipper.cli import options
from paperclipper.errors import DataFolderError


@click.command()
@options.data_option
@options.address_options
@click.option("--no-browser", is_flag=True, help="Print the sign-in link without opening a browser.")
def serve(data: Path | None, port: int, public: str | None, no_browser: bool) -> None:
    """Run the server until Ctrl-C is pressed, and open the library in a browser."""
    from paperclipper import server

    server.serve(config.read(data, port, public), with_browser=not no_browser)


@click.command(name="open")
@options.library_option
@options.data_option
def open_page(data: Path | None, library: str | None) -> None:
    """Print a new sign-in link for the running server, and open it in a browser if possible."""
    from paperclipper import server

    with options.open_library(data, library) as (settings, library_id):
        holder = data_folder.lock_holder(settings.data)
        if holder is None or holder.port is None:
            raise DataFolderError(f"No server is running on {settings.data}. Start one: paperclipper serve.")
        link = server.sign_in_link(replace(settings, port=holder.port, public=holder.public), library_id)
    click.echo(link)
    server.open_in_browser(link)


@click.group()
def service() -> None:
    """Run the server as a service that starts at login and restarts after a crash."""


@service.command(name="install")
@options.address_options
@options.data_option
def install_service(data: Path | None, port: int, public: str | None) -> None:
    """Install and start the service."""
    from paperclipper.services.system import service_manager

    settings = config.read(data, port, public)
    file = service_manager.install(settings)
    click.echo(f"Installed as {file}. The server is at {settings.origin}/. Sign in with: paperclipper open")


@service.command(name="remove")
@options.data_option
def remove_service(data: Path | None) -> None:
    """Stop and remove the service. Your papers are kept."""
    from paperclipper.services.system import service_manager

    click.echo(
        "Removed. Your papers are kept." if service_manager.remove() else "The service is not installed."
    )


@service.command(name="status")
@options.data_option
def service_status(data: Path | None) -> None:
    """Show the state of the service and the location of its log."""
    from paperclipper.services.system import service_manager

    click.echo(service_manager.status())


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), default=config.DEFAULT_PORT)
@options.data_option
def doctor(data: Path | None, port: int) -> None:
    """Check the installation and suggest fixes. Exits with status 1 if there is an error."""
    from paperclipper.services.system.doctor import Status, run_checks

    results = list(run_checks(config.read(data, port)))
    for result in results:
        click.echo(f"{result.status:10} {result.name}: {result.detail}")
        if result.fix:
            click.echo(f"           -> {result.fix}")
    if any(result.status is Status.ERROR for result in results):
        sys.exit(1)


@click.command()
@click.argument("folder", type=options.FOLDER, metavar="DIR")
@options.data_option
def extension(folder: Path, data: Path | None) -> None:
    """Copy the browser extension to DIR, from which browsers can load it, or update it there."""
    from paperclipper.services.system import extension_folder

    target = extension_folder.install(folder.expanduser(), config.read(data))
    click.echo(f"Version {extension_folder.version()} of the extension is in {target}.")
    click.echo(extension_folder.HOW_TO_LOAD)
