"""The files of one Whoosh folder: synced to disk before a commit, and verified before they are read.

Whoosh never calls fsync. By default it memory-maps files, and reading a truncated mapped file kills the
process (SIGBUS). Here every read of a segment is a `pread` on an open file descriptor. Must not depend on
what the files contain.
"""

import fcntl
import os
import zlib
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import BufferFile, StructFile

_CHUNK = 1 << 20
_MAX_VERIFIED = 200  # files remembered as verified; most of these no longer exist after merges
_TRAILER = 4  # bytes: a table of contents ends with the CRC-32 of its preceding content


class DamagedError(Exception):
    """A file of the index is missing or corrupted."""


def sync(path: Path) -> None:
    """Flush a file or folder to disk. On macOS, only F_FULLFSYNC flushes the drive's own cache."""
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
    """A Whoosh storage that publishes a table of contents only after syncing every file it refers to."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path), supports_mmap=False)
        self.path = path
        self._unsynced: set[str] = set()
        self._verified: dict[str, tuple[int, int]] = {}

    def create_file(self, name: str, **options: Any) -> Any:
        """Create a file and schedule it to be synced before the next commit."""
        self._unsynced.add(name)
        return super().create_file(name, **options)

    def open_file(self, name: str, **options: Any) -> Any:
        """Open a file. Raise DamagedError on a checksum mismatch in a table of contents."""
        if name.endswith(".toc"):
            return BufferFile(self._read_toc(name), name=name)
        if name.endswith(".seg"):
            return SegmentFile(_Window(_Descriptor(self.path / name)), name=name)
        return super().open_file(name, **options)

    def _read_toc(self, name: str) -> bytes:
        content = (self.path / name).read_bytes()
        body, trailer = content[:-_TRAILER], content[-_TRAILER:]
        if not body or zlib.crc32(body).to_bytes(_TRAILER) != trailer:
            raise DamagedError(f"checksum mismatch in {name}")
        return body

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        """Commit. Whoosh renames the new table of contents into place after writing all other files."""
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
        """Verify the checksum of a file, unless its size and modification time are unchanged since last time.

        Raise DamagedError on a checksum mismatch, and FileNotFoundError if the file is missing.
        """
        found = os.stat(self.path / name)
        seen = (found.st_size, found.st_mtime_ns)
        if self._verified.get(name) == seen:
            return
        if self.checksum(name) != checksum:
            raise DamagedError(f"checksum mismatch in {name}")
        self._verified[name] = seen
        if len(self._verified) > _MAX_VERIFIED:
            self._verified = {
                each: seen for each, seen in self._verified.items() if (self.path / each).exists()
            }

    def forget_verified(self) -> None:
        """Forget which files were verified, so that the next verification reads them again."""
        self._verified.clear()


class _Descriptor:
    """An open file descriptor. Closed on garbage collection too, because Whoosh leaks files on errors."""

    number = -1  # if opening fails

    def __init__(self, path: Path) -> None:
        self.number = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        self.size = os.fstat(self.number).st_size

    def close(self) -> None:
        number, self.number = self.number, -1
        if number >= 0:
            os.close(number)

    __del__ = close


class _Window:
    """A byte range of an open file, with its own read position."""

    def __init__(self, file: _Descriptor, begin: int = 0, length: int | None = None) -> None:
        self._file = file
        self._begin = begin
        self.length = file.size if length is None else length
        self._position = 0

    def read_at(self, position: int, length: int) -> bytes:
        """Return bytes at an offset, up to the window's end. Raise DamagedError if the file is truncated."""
        wanted = max(0, min(length, self.length - position))
        found = os.pread(self._file.number, wanted, self._begin + position)
        if len(found) < wanted:
            raise DamagedError("a segment is truncated")
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
    """A Whoosh file object for a segment file or a part of one."""

    def __init__(self, window: _Window, name: str | None = None, *, is_part: bool = False) -> None:
        super().__init__(window, name=name)
        self._window = window
        self._is_part = is_part

    def get(self, position: int, length: int) -> bytes:
        """Return bytes at an offset."""
        return self._window.read_at(position, length)

    def get_array(self, position: int, typecode: str, length: int) -> Any:
        """Return an array of numbers at an offset."""
        self.seek(position)
        return self.read_array(typecode, length)

    def subset(self, offset: int, length: int, name: str | None = None) -> "SegmentFile":
        """Return a part of the file that shares the descriptor."""
        return SegmentFile(self._window.part(offset, length), name=name, is_part=True)

    def close(self) -> None:
        """Close the descriptor, unless this is only a part: Whoosh closes parts on their own, some twice."""
        if not self._is_part:
            self._window.close_file()
