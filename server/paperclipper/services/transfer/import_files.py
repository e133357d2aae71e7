"""Reading a file of papers in any supported format.

The whole file is checked before the first row is returned. It may be written by another program, truncated or
malicious, so an error not specific to a single row rejects the whole file, and memory use is limited.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO

from paperclipper.errors import InvalidInputError
from paperclipper.formats.digest import api_answer, json_lines, json_values, page_text
from paperclipper.formats.digest.rows import MAX_LISTED, ParsedRow, Row, RowError

MAX_WHOLE_BYTES = 8 * 1024 * 1024
MAX_LINES = 1_000_000
_BOM = b"\xef\xbb\xbf"
_TOO_LONG = "x" * (json_lines.MAX_LINE + 1)


def read_rows(file: BinaryIO, year: int | None) -> Iterable[Row]:
    """Return the rows of a file. The format is detected from its content.

    `year` is used for printed dates without a year. Raise InvalidInputError if the format is unknown or the
    file is not UTF-8, truncated or too large, and OSError if it cannot be read. JSON Lines are read a second
    time while the rows are consumed, which raises InvalidInputError if the file has changed.
    """
    if not file.seekable():
        raise InvalidInputError("A pipe cannot be imported. Save its output to a file, and import that.")
    if _is_json_lines(_first_line(file)):
        return _check_lines(file)
    text = _read_whole(file)
    return _api_rows(text) if text.lstrip().startswith(("[", "{")) else _text_rows(text, year)


def _first_line(file: BinaryIO) -> bytes:
    """Return the first non-blank line, truncated to the maximum line length."""
    first = file.readline(json_lines.MAX_LINE + 1)
    while first and not first.strip().removeprefix(_BOM):
        first = file.readline(json_lines.MAX_LINE + 1)
    file.seek(0)
    return first


def _is_json_lines(line: bytes) -> bool:
    try:
        value = json_values.parse(line.removeprefix(_BOM).decode())
    except (RowError, UnicodeDecodeError):
        return False
    return isinstance(value, dict) and not api_answer.is_answer(value)


def _check_lines(file: BinaryIO) -> Iterator[Row]:
    before, last, number = _fingerprint(file), b"", 0
    for number, last in enumerate(_read_lines(file), 1):
        if number > MAX_LINES:
            raise InvalidInputError(
                f"The file has more than {MAX_LINES} lines. Split it, and import the parts."
            )
        _line_text(last, number)
    if not last.endswith(b"\n"):
        _refuse_if_truncated(last, number)
    file.seek(0)
    return _read_again(file, before)


def _refuse_if_truncated(last: bytes, number: int) -> None:
    try:
        json_values.parse(_line_text(last, number))
    except RowError as error:
        raise InvalidInputError(f"The file is truncated: it ends in the middle of line {number}.") from error


def _read_again(file: BinaryIO, before: tuple[int, int]) -> Iterator[Row]:
    yield from json_lines.read(_line_text(line, number) for number, line in enumerate(_read_lines(file), 1))
    if _fingerprint(file) != before:
        raise InvalidInputError(
            "The file was changed during the import. Import it again: no row is saved twice."
        )


def _fingerprint(file: BinaryIO) -> tuple[int, int]:
    found = os.fstat(file.fileno())
    return found.st_size, found.st_mtime_ns


def _read_lines(file: BinaryIO) -> Iterator[bytes]:
    """Yield the lines of the file. Overlong lines are truncated to just above the maximum length."""
    while line := file.readline(json_lines.MAX_LINE + 1):
        rest = line
        while rest and not rest.endswith(b"\n"):
            rest = file.readline(json_lines.MAX_LINE)
        yield line + rest[-1:] if rest is not line else line


def _line_text(line: bytes, number: int) -> str:
    if len(line) > json_lines.MAX_LINE:
        return _TOO_LONG
    return _decoded(line.removeprefix(_BOM) if number == 1 else line, number)


def _decoded(data: bytes, first_line: int) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        number = first_line + data.count(b"\n", 0, error.start)
        raise InvalidInputError(
            f"Line {number} of the file is not UTF-8. Save the file as UTF-8, then import it again."
        ) from error


def _read_whole(file: BinaryIO) -> str:
    data = file.read(MAX_WHOLE_BYTES + 1)
    if b"\0" in data:
        raise InvalidInputError(
            "This is not a text file. Save the list page as plain text in UTF-8, or use JSON."
        )
    if len(data) > MAX_WHOLE_BYTES:
        raise InvalidInputError(
            f"The file is larger than {MAX_WHOLE_BYTES // 2**20} MB. Import JSON Lines instead."
        )
    return _decoded(data.removeprefix(_BOM), 1)


def _api_rows(text: str) -> Sequence[Row]:
    try:
        answer = json_values.parse(text)
    except RowError as error:
        raise InvalidInputError(f"The file cannot be imported: {error}.") from error
    if isinstance(answer, list):
        _refuse_too_many(answer)
    return list(api_answer.read(answer))


def _text_rows(text: str, year: int | None) -> Sequence[Row]:
    found = page_text.read(text, year=year)
    _refuse_too_many(found)
    if not any(isinstance(row, ParsedRow) for row in found):
        raise InvalidInputError(
            "There are no papers in this file. Import the digest's list page saved as plain text, "
            "JSON from its API, or papers as JSON Lines."
        )
    return found


def _refuse_too_many(listed: Sequence[object]) -> None:
    if len(listed) > MAX_LISTED:
        raise InvalidInputError(f"The file lists more than {MAX_LISTED} papers. Import JSON Lines instead.")
