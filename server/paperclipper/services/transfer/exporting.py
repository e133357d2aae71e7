"""Exporting a library to a folder of Markdown files, one per paper.

A paper's file is identified by the `paper_id` in its front matter, so the reader can rename and move the file
within the folder. The last export is recorded in a hidden file in the folder, `.paperclipper.json`. If this
file is missing, front matter that differs from the current values is left unchanged.
"""

import json
import os
import secrets
import stat
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO

from paperclipper.formats.vault import file_names, paper_file
from paperclipper.formats.vault.paper_file import PaperFile, UnsafeUpdateError
from paperclipper.model import Paper
from paperclipper.store.papers import papers

MANIFEST = ".paperclipper.json"
_HEAD_BYTES = 64 * 1024
_MAX_IN_MEMORY = 8 * 1024 * 1024
# The earliest date supported by the zip format. A fixed date makes exports reproducible.
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)

Progress = Callable[[int], None]


@dataclass
class ExportReport:
    """The numbers of files written and unchanged, and the skipped files with reasons."""

    written: int = 0
    unchanged: int = 0
    left_alone: list[tuple[Path, str]] = field(default_factory=list)


def export_markdown(library_id: str, folder: Path, progress: Progress = lambda done: None) -> ExportReport:
    """Export all papers into the folder, creating it if necessary.

    `progress` is called with the number of exported papers. A file is rewritten only if it differs,
    atomically, and never outside the folder: symbolic links are not followed. Files of papers no longer in
    the library are kept. Raise OSError if the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    vault = _Vault(folder)
    report = ExportReport()
    try:
        for done, paper in enumerate(papers.iterate(library_id), 1):
            _export(paper, vault, report)
            progress(done)
    finally:
        vault.write_manifest()
    return report


def markdown_zip(library_id: str) -> IO[bytes]:
    """Return a zip of all papers, named as in an export to an empty folder. The caller must close it."""
    names = _UsedNames()
    file = SpooledTemporaryFile(max_size=_MAX_IN_MEMORY)  # noqa: SIM115 - the caller closes it
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for paper in papers.iterate(library_id):
            member = zipfile.ZipInfo(names.file_name(paper), _ZIP_DATE)
            member.external_attr = 0o644 << 16
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, _encoded(paper_file.create(paper, names.cite_key(paper)).text))
    file.seek(0)
    return file


@dataclass
class _UsedNames:
    """The case-folded file names and the cite keys already used in a folder."""

    files: set[str] = field(default_factory=set)
    cite_keys: set[str] = field(default_factory=set)

    def file_name(self, paper: Paper) -> str:
        """Return an unused file name for the paper, and reserve it."""
        name = next(each for each in _candidate_names(paper) if file_names.folded(each) not in self.files)
        self.files.add(file_names.folded(name))
        return name

    def cite_key(self, paper: Paper) -> str:
        """Return an unused cite key for the paper, and reserve it."""
        key = paper_file.cite_key(paper, self.cite_keys)
        self.cite_keys.add(key)
        return key


def _candidate_names(paper: Paper) -> Iterator[str]:
    title = paper.facts.title
    yield file_names.stem(title) + ".md"
    for identifier in filter(None, [paper.arxiv_id, paper.id]):
        yield file_names.stem(title, f" ({identifier.replace('/', '-')})") + ".md"
    for number in count(2):
        yield file_names.stem(title, f" ({paper.id}) {number}") + ".md"


@dataclass
class _LastExport:
    """The record of a paper's file: its path in the folder and the fingerprints of our keys."""

    path: str
    keys: dict[str, str]


class _Vault:
    """The folder: the files of each paper, the names in use, and the record of the last export.

    Hidden folders and symbolic links are ignored.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.names = _UsedNames({file_names.folded(name) for name in os.listdir(root)})
        self.last = _read_manifest(root)
        self._manifest_before = _manifest_text(self.last)
        self._files: dict[str, list[Path]] = {}
        self._without_id: set[Path] = set()
        for path in _markdown_files(root):
            self._add_file(path)

    def _add_file(self, path: Path) -> None:
        head = _read(path, _HEAD_BYTES).decode("utf-8", "replace")
        paper_id = paper_file.paper_id_of(head)
        if paper_id:
            self._files.setdefault(paper_id, []).append(path)
        else:
            self._without_id.add(path)
        self.names.cite_keys.add(paper_file.cite_key_of(head) or "")

    def file_of(self, paper_id: str) -> Path | None:
        """Return the paper's file, or None. Raise LeftAloneError if several files have its id."""
        found = self._files.get(paper_id, [])
        if len(found) > 1:
            raise UnsafeUpdateError(
                f"{len(found)} files have the paper_id of this paper; remove it from all but one"
            )
        return found[0] if found else self._lost_file(paper_id)

    def _lost_file(self, paper_id: str) -> Path | None:
        """Return the file from the last export if it still exists but its `paper_id` was removed."""
        last = self.last.get(paper_id)
        path = self.root / last.path if last else None
        return path if path in self._without_id else None

    def remember(self, paper_id: str, path: Path, copy: PaperFile) -> None:
        """Record this file for the next export."""
        self.last[paper_id] = _LastExport(path.relative_to(self.root).as_posix(), dict(copy.fingerprints))

    def write_manifest(self) -> None:
        """Write the manifest to disk if it has changed."""
        text = _manifest_text(self.last)
        if text != self._manifest_before:
            _replace(self.root / MANIFEST, text.encode(), None)


def _markdown_files(folder: Path) -> Iterator[Path]:
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda each: each.name):
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from _markdown_files(Path(entry.path))
            elif entry.is_file(follow_symlinks=False) and entry.name.lower().endswith(".md"):
                yield Path(entry.path)


def _export(paper: Paper, vault: _Vault, report: ExportReport) -> None:
    path = None
    try:
        path = vault.file_of(paper.id)
        written = _update(paper, path, vault) if path else _create(paper, vault)
    except UnsafeUpdateError as error:
        report.left_alone.append((path or vault.root, f"{paper.facts.title}: {error}"))
        return
    report.written += written
    report.unchanged += not written


def _create(paper: Paper, vault: _Vault) -> bool:
    path = vault.root / vault.names.file_name(paper)
    if os.path.lexists(path):
        raise UnsafeUpdateError("a file with this name was created during the export; export again")
    copy = paper_file.create(paper, vault.names.cite_key(paper))
    _replace(path, _encoded(copy.text), None)
    vault.remember(paper.id, path, copy)
    return True


def _update(paper: Paper, path: Path, vault: _Vault) -> bool:
    before = os.stat(path, follow_symlinks=False)
    text = _decoded(_read(path))
    last = vault.last.get(paper.id)
    key = paper_file.cite_key(paper, vault.names.cite_keys)
    copy = paper_file.update(text, paper, key, last.keys if last else {})
    if copy.text != text:
        _replace(path, _encoded(copy.text), before)
    vault.remember(paper.id, path, copy)
    return copy.text != text


def _decoded(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise UnsafeUpdateError("the file is not valid UTF-8") from error


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _read(path: Path, size: int = -1) -> bytes:
    with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
        return file.read(size)


def _replace(path: Path, data: bytes, before: os.stat_result | None) -> None:
    """Replace the file atomically, unless it has changed since `before`."""
    temporary = path.with_name(f".paperclipper-{secrets.token_hex(8)}.tmp")
    try:
        with open(
            os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o666), "wb"
        ) as file:
            file.write(data)
            if before:
                _sync_to_disk(file, before)
        if before and _has_changed(path, before):
            raise UnsafeUpdateError("the file was changed during the export; export again")
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def _sync_to_disk(file: IO[bytes], before: os.stat_result) -> None:
    """Copy the old file's permissions to the new file, and flush the new file to disk."""
    os.fchmod(file.fileno(), stat.S_IMODE(before.st_mode))
    file.flush()
    os.fsync(file.fileno())


def _has_changed(path: Path, before: os.stat_result) -> bool:
    now = os.stat(path, follow_symlinks=False)
    return (now.st_ino, now.st_mtime_ns, now.st_size) != (before.st_ino, before.st_mtime_ns, before.st_size)


def _read_manifest(root: Path) -> dict[str, _LastExport]:
    """Return the record of each paper's file. Empty if the manifest is missing, a link or invalid."""
    try:
        written = json.loads(_read(root / MANIFEST))["papers"]
        return {
            paper_id: _LastExport(str(each["path"]), dict(each["keys"])) for paper_id, each in written.items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _manifest_text(last: Mapping[str, _LastExport]) -> str:
    known = {paper_id: {"path": each.path, "keys": each.keys} for paper_id, each in sorted(last.items())}
    return json.dumps({"papers": known}, indent=1, sort_keys=True) + "\n"
