"""The files of one Whoosh folder: synced before a commit counts, verified before they are read.

Whoosh never syncs. It maps files into memory, where reading a truncated file kills the process (SIGBUS) and
damage shows immediately. Here every read of a segment is a `pread` on an open descriptor. Must not know what
the files contain.
"""

import fcntl
import os
import zlib
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import BufferFile, StructFile

_CHUNK = 1 << 20
_MAX_VERIFIED = 200  # of which most were merged away since
_TRAILER = 4  # a table of contents ends with the CRC-32 of all before


class DamagedError(Exception):
    """A file of the index is missing or not as it was written."""


def sync(path: Path) -> None:
    """Flush a file or folder to disk. On macOS, only F_FULLFSYNC reaches the disk itself."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        full = getattr(fcntl, "F_FULLFSYNC", None)
        if full is None:
            os.fsync(descriptor)
        else:
            fcntl.fcntl(descriptor, full)
    finally:
        os.close(descriptor)


class DurableStorage(FileStorage):  # type: ignore[misc]
    """A Whoosh storage whose table of contents appears only after everything it names is on disk."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path), supports_mmap=False)
        self.path = path
        self._unsynced: set[str] = set()
        self._verified: dict[str, tuple[int, int]] = {}

    def create_file(self, name: str, **options: Any) -> Any:
        """Create a file, to be synced before the next commit."""
        self._unsynced.add(name)
        return super().create_file(name, **options)

    def open_file(self, name: str, **options: Any) -> Any:
        """Open a file. Raise DamagedError if a table of contents fails its checksum."""
        if name.endswith(".toc"):
            return BufferFile(self._read_toc(name), name=name)
        if name.endswith(".seg"):
            return SegmentFile(_Window(_Descriptor(self.path / name)), name=name)
        return super().open_file(name, **options)

    def _read_toc(self, name: str) -> bytes:
        content = (self.path / name).read_bytes()
        body, trailer = content[:-_TRAILER], content[-_TRAILER:]
        if not body or zlib.crc32(body).to_bytes(_TRAILER) != trailer:
            raise DamagedError(f"{name} fails its checksum")
        return body

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        """Commit: Whoosh renames the new table of contents after writing everything else."""
        with open(self.path / oldname, "ab") as file:
            file.write(self.checksum(oldname).to_bytes(_TRAILER))
        for name in self._unsynced:
            if (self.path / name).exists():
                sync(self.path / name)
        sync(self.path)
        super().rename_file(oldname, newname, safe)
        sync(self.path)
        self._unsynced.clear()

    def checksum(self, name: str) -> int:
        """Return the CRC-32 of a file."""
        value = 0
        with open(self.path / name, "rb") as file:
            while chunk := file.read(_CHUNK):
                value = zlib.crc32(chunk, value)
        return value

    def verify(self, name: str, checksum: int) -> None:
        """Compare a file with its checksum. It is read only if its size or time has changed since.

        Raise DamagedError if it differs, and FileNotFoundError if it is missing.
        """
        found = os.stat(self.path / name)
        seen = (found.st_size, found.st_mtime_ns)
        if self._verified.get(name) == seen:
            return
        if self.checksum(name) != checksum:
            raise DamagedError(f"{name} fails its checksum")
        self._verified[name] = seen
        if len(self._verified) > _MAX_VERIFIED:
            self._verified = {
                each: seen for each, seen in self._verified.items() if (self.path / each).exists()
            }

    def forget_verified(self) -> None:
        """Read every file again when it is next verified."""
        self._verified.clear()


class _Descriptor:
    """An open file, closed at the latest by the garbage collector: Whoosh leaks some if opening fails."""

    number = -1  # where the file is gone

    def __init__(self, path: Path) -> None:
        self.number = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        self.size = os.fstat(self.number).st_size

    def close(self) -> None:
        number, self.number = self.number, -1
        if number >= 0:
            os.close(number)

    __del__ = close


class _Window:
    """A part of an open file, with its own position."""

    def __init__(self, file: _Descriptor, begin: int = 0, length: int | None = None) -> None:
        self._file = file
        self._begin = begin
        self.length = file.size if length is None else length
        self._position = 0

    def read_at(self, position: int, length: int) -> bytes:
        """Return bytes at an offset, up to the window's end. Raise DamagedError if the file is shorter."""
        wanted = max(0, min(length, self.length - position))
        found = os.pread(self._file.number, wanted, self._begin + position)
        if len(found) < wanted:
            raise DamagedError("a segment was truncated")
        return found

    def part(self, begin: int, length: int) -> "_Window":
        return _Window(self._file, self._begin + begin, length)

    def read(self, size: int = -1) -> bytes:
        found = self.read_at(self._position, self.length if size < 0 else size)
        self._position += len(found)
        return found

    def readline(self) -> bytes:
        rest = self.read_at(self._position, self.length)
        line = rest[: rest.find(b"\n") + 1] or rest
        self._position += len(line)
        return line

    def seek(self, where: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self.length}[whence]
        self._position = base + where
        return self._position

    def tell(self) -> int:
        return self._position

    def close_file(self) -> None:
        self._file.close()


class SegmentFile(StructFile):  # type: ignore[misc]
    """A segment, or a part of one, in the form that Whoosh reads."""

    def __init__(self, window: _Window, name: str | None = None, *, is_part: bool = False) -> None:
        super().__init__(window, name=name)
        self._window = window
        self._is_part = is_part

    def get(self, position: int, length: int) -> bytes:
        """Return bytes at an offset."""
        return self._window.read_at(position, length)

    def get_array(self, position: int, typecode: str, length: int) -> Any:
        """Return numbers at an offset."""
        self.seek(position)
        return self.read_array(typecode, length)

    def subset(self, offset: int, length: int, name: str | None = None) -> "SegmentFile":
        """Return a part that shares the descriptor."""
        return SegmentFile(self._window.part(offset, length), name=name, is_part=True)

    def close(self) -> None:
        """Close the descriptor if this is the whole segment. Whoosh closes some parts twice."""
        if not self._is_part:
            self._window.close_file()
