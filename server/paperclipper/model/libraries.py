"""Libraries, and the versions and positions used to detect changes."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Version:
    """The version of a row: the library's epoch and the row's stamp (`changed`). Used in ETags."""

    epoch: str
    changed: int

    def __str__(self) -> str:
        return f"{self.epoch}-{self.changed}"


@dataclass(frozen=True)
class Position:
    """The position of an index: it contains all changes up to `stamp` in this epoch."""

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
