"""Everything that can go wrong on purpose. Knows no HTTP: web/problems.py maps these to statuses.

PaperclipperError
├── NotFoundError              no such paper, clip, annotation, tag, token, pairing
├── InvalidInputError          what was given cannot be; carries a JSON pointer to the part
│   └── QueryError             a search that cannot be read; carries the place
├── ConflictError              the same id was used for something else
├── PreconditionRequiredError  an edit came without the version it began from
├── StaleVersionError          an edit began from an older version; carries the present one
├── GoneError                  a version or cursor of another epoch; a pairing that has ended
├── ForbiddenError             known, but not allowed
├── TooManyRequestsError       ask again later; carries the seconds
├── StoreError                 the database would not
│   ├── StoreBusyError         another process held it too long
│   ├── StoreFullError         the disk is full
│   └── StoreDamagedError      the file is not sound, or is newer than this program
├── IndexUnavailableError      the search index would not; saving goes on
└── DataFolderError            the data folder cannot be used (taken, read-only, unfit)

Messages are sentences for a person: what is, then what to do.
"""


class PaperclipperError(Exception):
    """The base of all of them."""


class NotFoundError(PaperclipperError):
    """No such thing in this library."""

    def __init__(self, kind: str, ref: str, where: str = "in this library") -> None:
        super().__init__(f"There is no {kind} {ref} {where}.")
        self.kind, self.ref = kind, ref


class InvalidInputError(PaperclipperError):
    """What was given cannot be. `pointer` is an RFC 6901 JSON pointer to the part, or empty for the whole."""

    def __init__(self, message: str, pointer: str = "") -> None:
        super().__init__(message)
        self.pointer = pointer


class QueryError(InvalidInputError):
    """A search that cannot be read; `position` counts characters from 0."""

    def __init__(self, message: str, position: int = 0) -> None:
        super().__init__(message, "/q")
        self.position = position


class ConflictError(PaperclipperError):
    """The same id was used before, for something else."""


class PreconditionRequiredError(PaperclipperError):
    """An edit came without the version it began from (RFC 6585, 428)."""


class StaleVersionError(PaperclipperError):
    """An edit began from an older version; `current` is the model object as it is now (RFC 9110, 412)."""

    def __init__(self, message: str, current: object = None) -> None:
        super().__init__(message)
        self.current = current


class GoneError(PaperclipperError):
    """A cursor of another epoch, or a pairing that has ended."""


class ForbiddenError(PaperclipperError):
    """Known, but not allowed."""


class TooManyRequestsError(PaperclipperError):
    """Asked too often; try again after `retry_after` seconds."""

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class StoreError(PaperclipperError):
    """The database would not."""


class StoreBusyError(StoreError):
    """Another process held the database too long; the same request may be sent again."""


class StoreFullError(StoreError):
    """The disk is full; nothing was written."""


class StoreDamagedError(StoreError):
    """The database file is not sound, or was written by a newer version of this program."""


class IndexUnavailableError(PaperclipperError):
    """The search index cannot be read or written now; what was saved is safe."""


class DataFolderError(PaperclipperError):
    """The data folder cannot be used."""
