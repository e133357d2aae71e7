"""Papers out of a file into a library: one clip a row, and a report that names every row.

Nothing is saved before the file was read and checked to its end (paper_files.py). Then its rows are saved in batches,
each all or nothing. A row's clip has its id from what the row says, so an import that was broken off is repeated, and
goes on where it stopped.
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
    """One row of the file: its number there (from 1), title, outcome, and the reason where it is unreadable."""

    number: int
    title: str
    outcome: Outcome
    reason: str = ""


@dataclass
class ImportReport:
    """What an import did, row by row, in the file's order."""

    rows: list[RowReport] = field(default_factory=list)

    def count(self, outcome: Outcome) -> int:
        """How many rows ended so."""
        return sum(row.outcome is outcome for row in self.rows)


def import_file(
    library_id: str, path: Path, *, year: int | None = None, progress: Progress = lambda done: None
) -> ImportReport:
    """Save every paper that the file names; the form of the file is told from its content.

    `year` is for printed dates that have none; `progress` is told how many rows are done. Importing a file again
    creates nothing. Raises, with nothing saved, InvalidInputError where the file is no such file, not UTF-8, cut short
    or too large, and OSError where it cannot be read. Raises StoreError where the database would not: the message says
    how many rows were saved before.
    """
    with path.open("rb") as file:
        return _import_rows(library_id, import_files.read_rows(file, year), progress)


def import_lines(
    library_id: str, lines: Iterable[str], *, progress: Progress = lambda done: None
) -> ImportReport:
    """Save every paper of these JSON lines, as import_file does for a file of them."""
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
        saved_before = (
            f"Before that, {done} rows were saved; import the file again, and no row is saved twice."
        )
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
    """The same for the same row in the same library, wherever in a file it stands: a UUIDv8 (RFC 9562, 5.8)."""
    content = [library_id, row.source, asdict(row.page), asdict(row.facts)]
    digest = hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).digest()
    return str(_uuid8(digest))


def _uuid8(random: bytes) -> uuid.UUID:
    octets = bytearray(random[:16])
    octets[6] = octets[6] & 0b0000_1111 | 0b1000_0000  # version 8
    octets[8] = octets[8] & 0b0011_1111 | 0b1000_0000  # the variant of RFC 9562
    return uuid.UUID(bytes=bytes(octets))
