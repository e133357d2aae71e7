"""The `paperclipper` command, a front end to the services like the web application.

Commands import their dependencies when they run, so that `--help` and usage errors are fast.
"""

from typing import Any

import click

from paperclipper.cli import access, search, system, transfer
from paperclipper.errors import PaperclipperError


class _Commands(click.Group):
    """A command group that reports expected errors in one line on stderr and exits with status 1."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except PaperclipperError as error:
            raise click.ClickException(str(error)) from error
        except OSError as error:
            if error.filename is None:
                raise
            raise click.ClickException(f"{error.filename}: {error.strerror}.") from error


@click.group(cls=_Commands)
@click.version_option(package_name="paperclipper")
def main() -> None:
    """Clip papers from the Daily Papers digest, search them by any word, and export them as Markdown."""


for _command in (
    system.serve,
    system.open_page,
    system.service,
    system.doctor,
    system.extension,
    access.token,
    access.library,
    transfer.import_papers,
    transfer.export,
    transfer.backup,
    transfer.restore,
    search.index,
):
    main.add_command(_command)
