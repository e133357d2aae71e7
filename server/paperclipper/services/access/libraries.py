"""More than one reader on one server: libraries by name, each with a password where others reach the server."""

from paperclipper.errors import ConflictError, InvalidInputError, NotFoundError
from paperclipper.model import Library
from paperclipper.store.access import libraries
from paperclipper.store.database import database

MAX_NAME = 100


def add(name: str) -> Library:
    """A new library. Raises ConflictError for a name that is taken, InvalidInputError for one that is none."""
    tidied = " ".join(name.split())
    if not tidied or len(tidied) > MAX_NAME or not tidied.isprintable():
        raise InvalidInputError(f"A library's name is 1 to {MAX_NAME} characters.", "/name")
    with database.transaction():
        if libraries.find(tidied):
            raise ConflictError(f"There is a library “{tidied}” already.")
        return libraries.create(tidied)


def list_libraries() -> list[Library]:
    """All libraries, by name."""
    return libraries.list_all()


def by_name(name: str) -> Library:
    """The library of this name. Raises NotFoundError."""
    found = libraries.find(name)
    if found is None:
        raise NotFoundError("library", f"“{name}”", "on this server")
    return found


def instance_id() -> str:
    """The id of this installation."""
    return libraries.instance_id()


def get(library_id: str) -> Library:
    """The library that a token or session opens."""
    return libraries.get(library_id)


def default_id() -> str:
    """The id of the library that is used unless another one is named."""
    return libraries.default().id
