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
    """The id of this installation, made at first use. It lies in the database, so a restore keeps it."""
    row = _INSTANCE.row()
    if row is None:
        with transaction():
            InstanceRow.get_or_create(id=1, defaults={"instance_id": str(uuid4())})
        return instance_id()
    return row[0]


def set_instance_id(named: str) -> None:
    """Make this the id of this installation: a restore brings in a database that may be another's."""
    instance_id()
    InstanceRow.update(instance_id=named).execute()


def get(library_id: str) -> Library:
    """The library as it is now. Raises NotFoundError."""
    row = LibraryRow.get_or_none(LibraryRow.id == library_id)
    if row is None:
        raise NotFoundError("library", library_id)
    return _library(row)


def list_all() -> list[Library]:
    """All libraries, oldest name first."""
    return [_library(row) for row in LibraryRow.select().order_by(LibraryRow.name)]


def default() -> Library:
    """The one library there is by default, made at first use."""
    with transaction():
        return find(_DEFAULT) or create(_DEFAULT)


def create(name: str) -> Library:
    """A new, empty library."""
    return _library(LibraryRow.create(id=str(uuid4()), name=name, epoch=_new_epoch()))


def find(name: str) -> Library | None:
    """The library of this name, or None."""
    row = LibraryRow.get_or_none(LibraryRow.name == name)
    return _library(row) if row else None


def password_hash(library_id: str) -> str | None:
    """The hash of the library's password; None where it has none."""
    found: str | None = (
        LibraryRow.select(LibraryRow.password_hash).where(LibraryRow.id == library_id).scalar()
    )
    return found


def set_password_hash(library_id: str, hashed: str | None) -> None:
    """Give the library a password, or take it away."""
    LibraryRow.update(password_hash=hashed).where(LibraryRow.id == library_id).execute()


def any_password() -> bool:
    """Whether any library has a password."""
    return bool(LibraryRow.select().where(LibraryRow.password_hash.is_null(False)).exists())


def renew_epochs() -> None:
    """After a restore: versions and cursors given out before must mean nothing any more."""
    with transaction():
        for row in LibraryRow.select(LibraryRow.id):
            LibraryRow.update(epoch=_new_epoch()).where(LibraryRow.id == row.id).execute()


def _new_epoch() -> str:
    return uuid4().hex[:12]


def _library(row: LibraryRow) -> Library:
    return Library(row.id, row.name, row.epoch, row.clock)
