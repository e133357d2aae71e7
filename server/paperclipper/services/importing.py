"""Papers out of a file into a library: what the file is, one clip a row, and a report that names every row."""

import hashlib
import json
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from paperclipper.errors import InvalidInputError
from paperclipper.formats import digest_api, digest_text, json_values, paper_lines
from paperclipper.formats.rows import PaperRow, Row, RowError, UnreadableRow
from paperclipper.model import ClipRequest
from paperclipper.services import clipping

MAX_WHOLE = 64 * 1024 * 1024
_BATCH = 100

Progress = Callable[[int], None]


class Outcome(StrEnum):
    """What became of a row."""

    ADDED = "added"
    MERGED = "merged with existing"
    KNOWN = "already here"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
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

    The digest's list page as plain text and its API's JSON are read and checked whole before anything is saved; JSON
    lines stream. `year` is for printed dates that have none; `progress` is told how many rows are done. Importing a
    file again creates nothing. Raises InvalidInputError where the file is none of these, OSError where it cannot be
    read; what batches of 100 rows were saved before stays saved.
    """
    with path.open("rb") as file:
        return _import_rows(library_id, _rows(file, year), progress)


def import_lines(library_id: str, lines: Iterable[str], *, progress: Progress = lambda done: None) -> ImportReport:
    """Save every paper of these JSON lines, as import_file does for a file of them."""
    return _import_rows(library_id, paper_lines.read(lines), progress)


def _rows(file: BinaryIO, year: int | None) -> Iterable[Row]:
    first = file.readline(paper_lines.MAX_LINE + 1)
    while first and not first.strip().removeprefix(b"\xef\xbb\xbf"):
        first = file.readline(paper_lines.MAX_LINE + 1)
    file.seek(0)
    if _begins_json_lines(first):
        return paper_lines.read(_lines(file))
    text = _whole(file)
    return _api_rows(text) if text.lstrip().startswith(("[", "{")) else _text_rows(text, year)


def _begins_json_lines(line: bytes) -> bool:
    try:
        value = json_values.parse(_decoded(line))
    except RowError:
        return False
    return isinstance(value, dict) and not digest_api.is_answer(value)


def _decoded(data: bytes) -> str:
    return data.decode("utf-8-sig", "replace")


def _lines(file: BinaryIO) -> Iterator[str]:
    """The file's lines; of one that is too long, only as much as shows that it is."""
    while line := file.readline(paper_lines.MAX_LINE + 2):
        yield _decoded(line)
        while line and not line.endswith(b"\n"):
            line = file.readline(paper_lines.MAX_LINE)


def _whole(file: BinaryIO) -> str:
    data = file.read(MAX_WHOLE + 1)
    if len(data) > MAX_WHOLE:
        raise InvalidInputError(f"The file is larger than {MAX_WHOLE // 2**20} MB. Import JSON lines instead.")
    if b"\0" in data:
        raise InvalidInputError("This is not a text file: save the list page as plain text, or take JSON.")
    return _decoded(data)


def _api_rows(text: str) -> Sequence[Row]:
    try:
        return list(digest_api.read(json_values.parse(text)))
    except RowError as error:
        raise InvalidInputError(f"The file cannot be imported: {error}.") from error


def _text_rows(text: str, year: int | None) -> Sequence[Row]:
    rows = digest_text.read(text, year=year)
    if not any(isinstance(row, PaperRow) for row in rows):
        raise InvalidInputError(
            "There are no papers in this file. Import the digest's list page saved as plain text, "
            "its API's JSON, or JSON lines of papers."
        )
    return rows


def _import_rows(library_id: str, rows: Iterable[Row], progress: Progress) -> ImportReport:
    report = ImportReport()
    remaining = iter(rows)
    while batch := list(islice(remaining, _BATCH)):
        report.rows += _save(library_id, batch)
        progress(len(report.rows))
    return report


def _save(library_id: str, rows: Sequence[Row]) -> list[RowReport]:
    now = datetime.now(UTC)
    requests = [_request(library_id, row, now) for row in rows if isinstance(row, PaperRow)]
    saved = iter(clipping.save_many(library_id, requests))
    return [_unreadable(row) if isinstance(row, UnreadableRow) else _reported(row, next(saved)) for row in rows]


def _unreadable(row: UnreadableRow) -> RowReport:
    return RowReport(row.number, row.title, Outcome.UNREADABLE, row.reason)


def _reported(row: PaperRow, saved: clipping.Saved) -> RowReport:
    outcome = Outcome.ADDED if saved.paper_created else Outcome.MERGED
    return RowReport(row.number, row.facts.title, outcome if saved.created else Outcome.KNOWN)


def _request(library_id: str, row: PaperRow, now: datetime) -> ClipRequest:
    return ClipRequest(_clip_id(library_id, row), now, row.source, row.place, row.facts)


def _clip_id(library_id: str, row: PaperRow) -> str:
    """The same for the same row in the same library, wherever in a file it stands: a UUIDv8 (RFC 9562, 5.8)."""
    content = [library_id, row.source, asdict(row.place), asdict(row.facts)]
    digest = hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).digest()
    bits = int.from_bytes(digest[:16], "big")
    bits = bits & ~(0xF << 76) | (8 << 76)
    bits = bits & ~(0b11 << 62) | (0b10 << 62)
    return str(uuid.UUID(int=bits))
