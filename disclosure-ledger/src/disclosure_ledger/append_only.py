"""A file that lines are appended to, and that can be cut back to what it was.

A line is handed to the operating system before :meth:`AppendOnlyFile.append` returns, so it outlives the process;
:meth:`AppendOnlyFile.sync` makes it outlive a loss of power. POSIX only.
"""

from __future__ import annotations

import os
from pathlib import Path


class AppendOnlyFile:
    """A new file with a single writer. After an OSError the writer cuts back to the size before."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o640)
        self._size = 0

    def append(self, line: bytes) -> None:
        write_all(self._descriptor, line)
        self._size += len(line)

    def cut_back(self, size: int) -> None:
        """Take back everything after ``size`` bytes."""
        os.ftruncate(self._descriptor, size)
        self._size = size

    @property
    def size(self) -> int:
        return self._size

    def sync(self) -> None:
        os.fsync(self._descriptor)

    def close(self) -> None:
        os.close(self._descriptor)


def write_all(descriptor: int, content: bytes) -> None:
    remaining = memoryview(content)
    while remaining:
        remaining = remaining[os.write(descriptor, remaining) :]


def sync_directory(directory: Path) -> None:
    """Make a new file's name in ``directory`` outlive a loss of power."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
