"""The `token` and `library` commands."""

import shlex
from pathlib import Path

import click

from paperclipper.cli import options
from paperclipper.errors import NotFoundError
from paperclipper.model import Scope


@click.group()
def token() -> None:
    """Manage API tokens, which give programs access to the library."""


@token.command(name="create")
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    type=click.Choice([scope.value for scope in Scope]),
    multiple=True,
    required=True,
    help="A permission of the token. Can be given several times.",
)
@options.library_option
@options.data_option
def create_token(name: str, scopes: tuple[str, ...], data: Path | None, library: str | None) -> None:
    """Create an API token and print it. It cannot be shown again."""
    from paperclipper.services.access import tokens

    with options.open_library(data, library) as (_, library_id):
        _, secret = tokens.create(library_id, name, [Scope(scope) for scope in scopes])
    click.echo(secret)


@token.command(name="list")
@options.library_option
@options.data_option
def list_tokens(data: Path | None, library: str | None) -> None:
    """List the API tokens, newest first.

    The tab-separated columns are id, scopes, last use, state and name.
    """
    from paperclipper.services.access import tokens

    with options.open_library(data, library) as (_, library_id):
        for each in tokens.list_tokens(library_id):
            used = f"used {each.last_used_at:%Y-%m-%d}" if each.last_used_at else "never used"
            state = "revoked" if each.revoked_at else "live"
            click.echo("\t".join((each.id, ",".join(sorted(each.scopes)), used, state, each.name)))


@token.command(name="revoke")
@click.argument("token_id", metavar="ID")
@options.library_option
@options.data_option
def revoke_token(token_id: str, data: Path | None, library: str | None) -> None:
    """Revoke an API token immediately."""
    from paperclipper.services.access import tokens

    with options.open_library(data, library) as (_, library_id):
        if all(each.id != token_id for each in tokens.list_tokens(library_id)):
            raise NotFoundError("API token", token_id)
        tokens.revoke(library_id, token_id)


@click.group()
def library() -> None:
    """Manage the libraries on this server. Add libraries if several people use it."""


@library.command(name="add")
@click.argument("name")
@options.data_option
def add_library(name: str, data: Path | None) -> None:
    """Create an empty library."""
    from paperclipper.services.access import libraries

    with options.open_library(data):
        added = libraries.add(name)
    click.echo(f"Added “{added.name}”. Open it with: paperclipper open --library {shlex.quote(added.name)}")


@library.command(name="list")
@options.data_option
def list_libraries(data: Path | None) -> None:
    """List the libraries. The tab-separated columns are name and id."""
    from paperclipper.services.access import libraries

    with options.open_library(data):
        for each in libraries.list_libraries():
            click.echo(f"{each.name}\t{each.id}")


@library.command()
@click.argument("name")
@click.option("--remove", is_flag=True, help="Remove the password, so that signing in requires a link.")
@options.data_option
def password(name: str, remove: bool, data: Path | None) -> None:
    """Set or remove the sign-in password of a library. All browsers are signed out."""
    from paperclipper.services.access import passwords

    with options.open_library(data, name) as (_, library_id):
        typed = None if remove else click.prompt("Password", hide_input=True, confirmation_prompt=True)
        passwords.set_password(library_id, typed)
    click.echo("Password removed." if remove else "Password set.")
