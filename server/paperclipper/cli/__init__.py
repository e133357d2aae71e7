"""The `paperclipper` command: a face of the services, as the web room is.

What a command needs is imported inside it, so that help and mistakes answer at once.
"""

from typing import Any

import click

from paperclipper.cli import access, search, system, transfer
from paperclipper.errors import PaperclipperError


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


@click.group(cls=_Commands)
@click.version_option(package_name="paperclipper")
def main() -> None:
    """Clip papers from the Daily Papers digest, find them by any word, take them away as Markdown."""


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
