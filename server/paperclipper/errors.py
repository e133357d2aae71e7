"""The program's own exceptions. They are independent of HTTP: web/http/problems.py maps them to status codes.

PaperclipperError
├── NotFoundError              no such paper, clip, annotation, tag, token or pairing
├── InvalidInputError          invalid input, with a JSON pointer to the invalid part
│   └── QueryError             an invalid search query, with the position of the error
├── ConflictError              the id is already used for another object
├── PreconditionRequiredError  an edit without the version it is based on
├── StaleVersionError          an edit based on an outdated version
├── GoneError                  a version or cursor from another epoch, or an ended pairing
├── ForbiddenError             authenticated, but not allowed
├── TooManyRequestsError       too many requests, with the time to wait in seconds
├── StoreError                 the database failed
│   ├── StoreBusyError         another process kept the database locked for too long
│   ├── StoreFullError         the disk is full
│   └── StoreDamagedError      the file is damaged or was written by a newer version
├── IndexUnavailableError      the search index failed; saving still works
└── DataFolderError            the data folder cannot be used (in use, read-only or unsuitable)

Messages are complete sentences for the user that state the problem, then the solution.
"""


class PaperclipperError(Exception):
    """The base class of the program's exceptions."""


class NotFoundError(PaperclipperError):
    """The requested object does not exist."""

    def __init__(self, kind: str, ref: str, where: str = "in this library") -> None:
        super().__init__(f"There is no {kind} {ref} {where}.")
        self.kind, self.ref = kind, ref


class InvalidInputError(PaperclipperError):
    """Invalid input. `pointer` is an RFC 6901 JSON pointer to the invalid part, or empty for the whole."""

    def __init__(self, message: str, pointer: str = "") -> None:
        super().__init__(message)
        self.pointer = pointer


class QueryError(InvalidInputError):
    """An invalid search query. `position` is the character offset of the error, from 0."""

    def __init__(self, message: str, position: int = 0) -> None:
        super().__init__(message, "/q")
        self.position = position


class ConflictError(PaperclipperError):
    """The id is already used for another object, or the current state does not allow the request."""


class PreconditionRequiredError(PaperclipperError):
    """An edit without the version it is based on (RFC 6585, status 428)."""


class StaleVersionError(PaperclipperError):
    """An edit based on an outdated version. `current` is the current model object (RFC 9110, status 412)."""

    def __init__(self, message: str, current: object = None) -> None:
        super().__init__(message)
        self.current = current


class GoneError(PaperclipperError):
    """A version or cursor from another epoch, or an ended pairing."""


class ForbiddenError(PaperclipperError):
    """The client is authenticated but not authorised."""


class TooManyRequestsError(PaperclipperError):
    """Too many requests. The client may retry after `retry_after` seconds."""

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class StoreError(PaperclipperError):
    """The database failed."""


class StoreBusyError(StoreError):
    """Another process kept the database locked for too long. The request can be retried."""


class StoreFullError(StoreError):
    """The disk is full. Nothing was written."""


class StoreDamagedError(StoreError):
    """The database file is damaged, or was written by a newer version of this program."""


class IndexUnavailableError(PaperclipperError):
    """The search index is temporarily unreadable or unwritable. Saved data is not affected."""


class DataFolderError(PaperclipperError):
    """The data folder cannot be used."""
