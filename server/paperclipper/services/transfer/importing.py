"""Importing papers from a file: saves one clip per row and reports the outcome of every row.

The file is checked completely before anything is saved (import_files.py). The rows are then saved in batches,
with one transaction per batch. The id of a clip is derived from its row, so an interrupted import can be
repeated and continues where it stopped.
"""

import hashlib
import json
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from itertools import islice
from pathlib import Path

from paperclipper.errors import StoreError
from paperclipper.formats.digest import json_lines
from paperclipper.formats.digest.rows import ParsedRow, Row, UnreadableRow
from paperclipper.model import ClipRequest
from paperclipper.services.papers import clipping
from paperclipper.services.transfer import import_files

_BATCH_ROWS = 100

Progress = Callable[[int], None]


class Outcome(StrEnum):
    """The outcome of a row."""

    ADDED = "added"
    MERGED = "merged with existing"
    ALREADY_SAVED = "already saved"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class RowReport:
    """The outcome of a row: its number in the file (from 1), its title and, if unreadable, the reason."""

    number: int
    title: str
    outcome: Outcome
    reason: str = ""


@dataclass
class ImportReport:
    """The outcomes of all rows, in the order of the file."""

    rows: list[RowReport] = field(default_factory=list)

    def count(self, outcome: Outcome) -> int:
        """Return the number of rows with this outcome."""
        return sum(row.outcome is outcome for row in self.rows)


def import_file(
    library_id: str, path: Path, *, year: int | None = None, progress: Progress = lambda done: None
) -> ImportReport:
    """Import all papers from a file. The format is detected from its content.

    `year` is used for printed dates without a year. `progress` is called with the number of processed rows.
    Importing a file again creates nothing. Raise InvalidInputError, without saving anything, if the format is
    unknown or the file is not UTF-8, truncated or too large, and OSError if it cannot be read. Raise
    StoreError if the database fails; the message then includes the number of rows already saved.
    """
    with path.open("rb") as file:
        return _import_rows(library_id, import_files.read_rows(file, year), progress)


def import_lines(
    library_id: str, lines: Iterable[str], *, progress: Progress = lambda done: None
) -> ImportReport:
    """Import papers from JSON Lines, like import_file."""
    return _import_rows(library_id, list(json_lines.read(lines)), progress)


def _import_rows(library_id: str, rows: Iterable[Row], progress: Progress) -> ImportReport:
    report = ImportReport()
    remaining = iter(rows)
    while batch := list(islice(remaining, _BATCH_ROWS)):
        with _reporting_rows_saved(len(report.rows)):
            report.rows += _save(library_id, batch)
        progress(len(report.rows))
    return report


@contextmanager
def _reporting_rows_saved(done: int) -> Iterator[None]:
    try:
        yield
    except StoreError as error:
        if not done:
            raise
        saved_before = f"{done} rows had already been saved. Import the file again: no row is saved twice."
        raise type(error)(f"{error} {saved_before}") from error


def _save(library_id: str, rows: Sequence[Row]) -> list[RowReport]:
    now = datetime.now(UTC)
    requests = [_request(library_id, row, now) for row in rows if isinstance(row, ParsedRow)]
    saved = iter(clipping.save_many(library_id, requests))
    return [
        _unreadable_report(row) if isinstance(row, UnreadableRow) else _row_report(row, next(saved))
        for row in rows
    ]


def _unreadable_report(row: UnreadableRow) -> RowReport:
    return RowReport(row.number, row.title, Outcome.UNREADABLE, row.reason)


def _row_report(row: ParsedRow, saved: clipping.SavedIds) -> RowReport:
    outcome = Outcome.ADDED if saved.paper_created else Outcome.MERGED
    return RowReport(row.number, row.facts.title, outcome if saved.created else Outcome.ALREADY_SAVED)


def _request(library_id: str, row: ParsedRow, now: datetime) -> ClipRequest:
    return ClipRequest(_clip_id(library_id, row), now, row.source, row.page, row.facts)


def _clip_id(library_id: str, row: ParsedRow) -> str:
    """Return a deterministic id for the row in this library: a UUIDv8 (RFC 9562, 5.8)."""
    content = [library_id, row.source, asdict(row.page), asdict(row.facts)]
    digest = hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).digest()
    return str(_uuid8(digest))


def _uuid8(random: bytes) -> uuid.UUID:
    octets = bytearray(random[:16])
    octets[6] = octets[6] & 0b0000_1111 | 0b1000_0000  # version 8
    octets[8] = octets[8] & 0b0011_1111 | 0b1000_0000  # the variant of RFC 9562
    return uuid.UUID(bytes=bytes(octets))
