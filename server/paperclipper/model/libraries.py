"""A library, and the stamps by which its rows, its readers and its index keep step."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Version:
    """A state of one row: the library's epoch and the row's own stamp (`changed`). It is what an ETag carries."""

    epoch: str
    changed: int

    def __str__(self) -> str:
        return f"{self.epoch}-{self.changed}"


@dataclass(frozen=True)
class Position:
    """How far an index has folded a library: everything stamped up to `stamp`, in this epoch."""

    library_id: str
    epoch: str
    stamp: int


@dataclass(frozen=True)
class Library:
    """One reader's collection."""

    id: str
    name: str
    epoch: str
    clock: int
