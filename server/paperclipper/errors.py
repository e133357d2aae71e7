"""The program's own errors. They do not know of HTTP: web/http/problems.py maps them to statuses.

PaperclipperError
├── NotFoundError              no such paper, clip, annotation, tag, token or pairing
├── InvalidInputError          invalid input; has a JSON pointer to the invalid part
│   └── QueryError             an invalid search query; has the position
├── ConflictError              the id was used for something else
├── PreconditionRequiredError  an edit without the version that it is based on
├── StaleVersionError          an edit based on an older version; has the current one
├── GoneError                  a version or cursor of another epoch; an ended pairing
├── ForbiddenError             authenticated, but not allowed
├── TooManyRequestsError       too many requests; has the seconds to wait
├── StoreError                 the database failed
│   ├── StoreBusyError         another process locked it for too long
│   ├── StoreFullError         the disk is full
│   └── StoreDamagedError      the file is damaged, or is newer than this program
├── IndexUnavailableError      the search index failed; saving still works
└── DataFolderError            the data folder cannot be used (in use, read-only, unsuitable)

Messages are sentences for the user: what is wrong, then what to do.
"""


class PaperclipperError(Exception):
    """The base of the program's errors."""


class NotFoundError(PaperclipperError):
    """There is no such thing in this library."""

    def __init__(self, kind: str, ref: str, where: str = "in this library") -> None:
        super().__init__(f"There is no {kind} {ref} {where}.")
        self.kind, self.ref = kind, ref


class InvalidInputError(PaperclipperError):
    """Invalid input. `pointer` is an RFC 6901 JSON pointer to the invalid part, or empty for the whole."""

    def __init__(self, message: str, pointer: str = "") -> None:
        super().__init__(message)
        self.pointer = pointer


class QueryError(InvalidInputError):
    """An invalid search query; `position` counts characters from 0."""

    def __init__(self, message: str, position: int = 0) -> None:
        super().__init__(message, "/q")
        self.position = position


class ConflictError(PaperclipperError):
    """The id was used before, for something else."""


class PreconditionRequiredError(PaperclipperError):
    """An edit without the version that it is based on (RFC 6585, 428)."""


class StaleVersionError(PaperclipperError):
    """An edit based on an older version; `current` is the current model object (RFC 9110, 412)."""

    def __init__(self, message: str, current: object = None) -> None:
        super().__init__(message)
        self.current = current


class GoneError(PaperclipperError):
    """A version or cursor of another epoch, or an ended pairing."""


class ForbiddenError(PaperclipperError):
    """Authenticated, but not allowed."""


class TooManyRequestsError(PaperclipperError):
    """Too many requests; try again after `retry_after` seconds."""

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class StoreError(PaperclipperError):
    """The database failed."""


class StoreBusyError(StoreError):
    """Another process locked the database for too long; the same request may be sent again."""


class StoreFullError(StoreError):
    """The disk is full; nothing was written."""


class StoreDamagedError(StoreError):
    """The database file is damaged, or was written by a newer version of this program."""


class IndexUnavailableError(PaperclipperError):
    """The search index cannot be read or written now; saved data is safe."""


class DataFolderError(PaperclipperError):
    """The data folder cannot be used."""
