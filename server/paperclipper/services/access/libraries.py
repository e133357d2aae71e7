"""The libraries of a server, by name."""

from paperclipper.errors import ConflictError, InvalidInputError, NotFoundError
from paperclipper.model import Library
from paperclipper.store.access import libraries
from paperclipper.store.database import database

MAX_NAME = 100


def add(name: str) -> Library:
    """Create a library. Raise ConflictError if the name is taken, or InvalidInputError if it is invalid."""
    tidied = " ".join(name.split())
    if not tidied or len(tidied) > MAX_NAME or not tidied.isprintable():
        raise InvalidInputError(
            f"The name of a library must have 1 to {MAX_NAME} printable characters.", "/name"
        )
    with database.transaction():
        if libraries.find(tidied):
            raise ConflictError(f"There is already a library “{tidied}”.")
        return libraries.create(tidied)


def list_libraries() -> list[Library]:
    """Return all libraries, sorted by name."""
    return libraries.list_all()


def by_name(name: str) -> Library:
    """Return the library with this name. Raise NotFoundError if it does not exist."""
    found = libraries.find(name)
    if found is None:
        raise NotFoundError("library", f"“{name}”", "on this server")
    return found


def instance_id() -> str:
    """Return the id of this installation."""
    return libraries.instance_id()


def get(library_id: str) -> Library:
    """Return the library with this id."""
    return libraries.get(library_id)


def default_id() -> str:
    """Return the id of the default library."""
    return libraries.default().id
