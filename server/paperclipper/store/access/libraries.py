"""Libraries, and the id of this installation."""

from uuid import uuid4

from paperclipper.errors import NotFoundError
from paperclipper.model import Library
from paperclipper.store.database.database import transaction
from paperclipper.store.database.queries import Query
from paperclipper.store.database.tables import InstanceRow, LibraryRow

_DEFAULT = "library"
_INSTANCE: Query[tuple[str]] = Query(InstanceRow.select(InstanceRow.instance_id))


def instance_id() -> str:
    """Return the id of this installation, creating it on first use. It survives restores."""
    row = _INSTANCE.row()
    if row is None:
        with transaction():
            InstanceRow.get_or_create(id=1, defaults={"instance_id": str(uuid4())})
        return instance_id()
    return row[0]


def set_instance_id(named: str) -> None:
    """Set the id of this installation. A restored database may contain the id of another installation."""
    instance_id()
    InstanceRow.update(instance_id=named).execute()


def get(library_id: str) -> Library:
    """Return the library with this id. Raise NotFoundError if it does not exist."""
    row = LibraryRow.get_or_none(LibraryRow.id == library_id)
    if row is None:
        raise NotFoundError("library", library_id)
    return _library(row)


def list_all() -> list[Library]:
    """Return all libraries, sorted by name."""
    return [_library(row) for row in LibraryRow.select().order_by(LibraryRow.name)]


def default() -> Library:
    """Return the default library, creating it on first use."""
    with transaction():
        return find(_DEFAULT) or create(_DEFAULT)


def create(name: str) -> Library:
    """Create an empty library."""
    return _library(LibraryRow.create(id=str(uuid4()), name=name, epoch=_new_epoch()))


def find(name: str) -> Library | None:
    """Return the library with this name, or None."""
    row = LibraryRow.get_or_none(LibraryRow.name == name)
    return _library(row) if row else None


def password_hash(library_id: str) -> str | None:
    """Return the hash of the library's password, or None if it has none."""
    found: str | None = (
        LibraryRow.select(LibraryRow.password_hash).where(LibraryRow.id == library_id).scalar()
    )
    return found


def set_password_hash(library_id: str, hashed: str | None) -> None:
    """Set or remove the library's password."""
    LibraryRow.update(password_hash=hashed).where(LibraryRow.id == library_id).execute()


def any_password() -> bool:
    """Return whether any library has a password."""
    return bool(LibraryRow.select().where(LibraryRow.password_hash.is_null(False)).exists())


def renew_epochs() -> None:
    """Start a new epoch in every library, which invalidates versions and cursors from before a restore."""
    with transaction():
        for row in LibraryRow.select(LibraryRow.id):
            LibraryRow.update(epoch=_new_epoch()).where(LibraryRow.id == row.id).execute()


def _new_epoch() -> str:
    return uuid4().hex[:12]


def _library(row: LibraryRow) -> Library:
    return Library(row.id, row.name, row.epoch, row.clock)
